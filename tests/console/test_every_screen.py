"""C19: every screen of the console passes axe, R01 and R07, on phones and at a desk, in both schemes.

One tab for many screens, one sign-in by cookie, axe injected once for each screen. Structure does not depend on the
scheme nor colours on the height, so each of the four combinations is looked at for what it alone can show.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.acceptance.axe import COLOURS, findings
from tests.build import make_staff
from tests.console.furnished import furnish, screens
from tests.console.proving import prove
from tests.journeys.complaints import listen_for_complaints

pytestmark = pytest.mark.django_db(transaction=True)

PICTURES = os.environ.get("PICTURES", "")
"""A folder: each screen is kept there as a picture, for people who look."""

PARTS = 4
"""So many tests share the screens, that two processes have something to do."""

WIDTHS = (320, 360, 768, 1280)
LOOKS: tuple[tuple[int, int, Literal["light", "dark"], bool], ...] = (
    (360, 430, "light", True),
    (360, 740, "dark", False),
    (1280, 900, "dark", True),
    (1280, 900, "light", False),
)
"""Width, height, scheme, and whether all rules are asked or those of colours alone."""

NO_FAULTS = ("htmx:sendAbort", "htmx:afterRequest", "Password forms should have")
"""Remarks: a screen was left while htmx still asked for something; a browser would like to fill in a name."""

SMALL = """() => [...document.querySelectorAll(
  'button, select, summary, textarea, input, a.button, .ways a, .row-link, .filters a, .back, .step, .chip')]
  .filter(one => !['hidden', 'checkbox', 'radio', 'file', 'color'].includes(one.type) && one.checkVisibility()
    && !one.closest('.hidden-text') && one.getBoundingClientRect().height < 47.5)
  .map(one => one.outerHTML.slice(0, 90))"""
"""What a thumb would miss."""


@pytest.mark.parametrize("part", range(PARTS))
def test_c19_r01_r07_every_screen_is_sound_on_phones_and_at_a_desk(
    part: int, browser: Browser, live_server: Any
) -> None:
    ada = make_staff()
    site = furnish(ada)
    tab = signed_in(browser, live_server.url, ada)
    faults = walked(tab, live_server.url, islice(screens(site), part, None, PARTS))
    tab.context.close()
    assert not faults, "\n".join(faults)


def test_c19_r01_r07_the_doors_are_sound_too(browser: Browser, live_server: Any) -> None:
    doors = furnish(make_staff()).doors
    context = browser.new_context()
    faults = walked(context.new_page(), live_server.url, ((address, address) for address in doors))
    context.close()
    assert not faults, "\n".join(faults)


def walked(tab: Tab, site: str, addresses: Iterable[tuple[str, str]]) -> list[str]:
    """Return what is wrong with the screens at addresses, each called by its name."""
    faults = listen_for_complaints(tab)
    for name, address in addresses:
        answer = tab.goto(f"{site}{address}")
        assert answer is not None
        if answer.status != 200 or tab.url != f"{site}{address}":
            faults.append(f"{name} answers {answer.status} at {tab.url}")
            continue
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        faults += [f"{name} {fault}" for fault in faults_of(tab)]
        keep_pictures(tab, name)
    return [fault for fault in faults if not any(words in fault for words in NO_FAULTS)]


def signed_in(browser: Browser, address: str, user: Any) -> Tab:
    """Return a tab of somebody who has just signed in: the sign-in has tests of its own."""
    client = Client()
    client.force_login(user)
    prove(client, user)
    session = client.session
    for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
        record["reauthenticated"] = True
    session.save()
    context = browser.new_context(timezone_id="UTC", viewport={"width": 360, "height": 740})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
    return context.new_page()


def faults_of(tab: Tab) -> Iterator[str]:
    """Yield what is wider than the window, too small for a thumb, or found by axe."""
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 740})
        if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
            yield f"R01 {width}: wider than the window"
    for width, height, scheme, is_whole in LOOKS:
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(color_scheme=scheme)
        if width == 360:
            yield from (f"R07 {height}: {one}" for one in tab.evaluate(SMALL))
        found = findings(tab) if is_whole else findings(tab, COLOURS)
        yield from (f"axe {width} {scheme}: {one}" for one in found)


def keep_pictures(tab: Tab, name: str) -> None:
    if not PICTURES:
        return
    tab.reload()
    for width, height, scheme, _is_whole in LOOKS:
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(color_scheme=scheme)
        file = f"{name.strip('/').replace('/', '-')}-{width}x{height}-{scheme}.png"
        tab.screenshot(path=Path(PICTURES) / file, full_page=height != 430)
