"""P11: every kind of public page is valid HTML by html-validate, which npm installs in a scratch folder.

Python has no well-kept checker of HTML 5 (html5lib's last release is of 2020 and knows only the parser's errors, not
which element may stand where); the Nu checker needs Java. So a machine without node skips this with a sentence, and
`tests/publishing/reading.py:faults` still holds nesting, ids and inline code everywhere.
"""

import json
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from incidents.timeline.models import Page
from tests.acceptance.scenes import addresses, set_up
from tests.build import NOON
from tests.servers.strangers import install_with_npm

pytestmark = pytest.mark.django_db

CHECKER = "html-validate@10.17.0"
"""The last line of releases that runs on node 20, which Debian and CI images still have."""
RULES = {
    "extends": ["html-validate:standard", "html-validate:document"],
    "rules": {
        # Ways of writing that HTML allows.
        "void-style": "off",
        "long-title": "off",
        "no-trailing-whitespace": "off",
        "attribute-boolean-style": "off",
        "attribute-empty-style": "off",
        "doctype-style": "off",
        # Lists without markers keep their role in Safari.
        "no-redundant-role": "off",
        "valid-id": ["error", {"relaxed": True}],
        "tel-non-breaking": "off",
        "require-sri": "off",
    },
}


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that npm installed html-validate in."""
    folder = tmp_path_factory.mktemp("html-validate")
    install_with_npm(folder, CHECKER)
    (folder / ".htmlvalidate.json").write_text(json.dumps({"root": True, **RULES}))
    return folder


def written(folder: Path, client: Client, page: Page, name: str) -> None:
    paths = addresses(page) | {"badge page": "/embed/frame", "banner": "/embed/banner"}
    for kind, path in paths.items():
        (folder / f"{name} {kind}.html".replace(" ", "-")).write_bytes(client.get(path).content)


def test_p11_every_page_is_valid_html(checker: Path, client: Client) -> None:
    for name, language in (("three", "en"), ("maintenance", "ar")):
        page = set_up(name, at=NOON, language=language, host="testserver")
        written(checker, client, page, name)
        page.edit(host="", by="test", at=NOON)
    command = [checker / "node_modules" / ".bin" / "html-validate", "--formatter", "json", "*.html"]
    outcome = subprocess.run(command, cwd=checker, capture_output=True, text=True, check=False, timeout=120)
    assert outcome.stdout, outcome.stderr
    found = [
        f"{Path(file['filePath']).name}:{one['line']} {one['ruleId']}: {one['message']}"
        for file in json.loads(outcome.stdout)
        for one in file["messages"]
    ]
    assert found == []
    assert len(list(checker.glob("*.html"))) > 25
