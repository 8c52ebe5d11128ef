"""axe-core on a page: injected once per document, the size of targets among its rules."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab

SCRIPT = Axe().axe_script
# Off by default in axe-core although WCAG 2.2 (AA) asks for it.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}

COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
"""Only what another scheme can change."""


def findings(tab: Tab, options: dict[str, Any] = OPTIONS) -> list[str]:
    """Return what axe-core finds wrong, as "rule: element"."""
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(SCRIPT)
    found: dict[str, Any] = tab.evaluate("options => axe.run(options)", options)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
