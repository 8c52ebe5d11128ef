"""A page with a look of its own, then closed: chosen in the console, read by who may, with and without script."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from incidents.lib.clock import now
from incidents.timeline.looks import Look
from incidents.timeline.models import Page, PagePicture
from tests.acceptance.axe import findings
from tests.build import PASSWORD, a_logo, make_component, make_incident, make_page, make_staff
from tests.journeys.complaints import listen_for_complaints

pytestmark = pytest.mark.django_db(transaction=True)

Opened = Callable[..., Tab]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> Tab:
        contexts.append(browser.new_context(**({"viewport": {"width": 360, "height": 780}} | options)))
        return contexts[-1].new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page() -> Page:
    page = make_page(name="Orion", at=now())
    make_incident(page, at=now(), components={make_component(page): "partial_outage"})
    return page


def fits(tab: Tab) -> bool:
    return bool(tab.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_staff_choose_a_look_and_readers_see_it(
    page: Page, live_server: LiveServer, opened: Opened, tmp_path: Path
) -> None:
    make_staff()
    tab = opened()
    complaints = listen_for_complaints(tab)
    tab.goto(f"{live_server.url}/console/sign-in?next=/console/page/look")
    tab.get_by_label("User name").fill("ada")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.get_by_label("Brand colour on light grounds").fill("#7a1fd8")
    tab.get_by_role("button", name="Show me").click()
    expect(tab.locator(".as-light .look-button")).to_have_css("background-color", "rgb(122, 31, 216)")
    assert fits(tab)
    assert findings(tab) == []
    tab.get_by_role("button", name="Save").click()
    # What is chosen before the answer has come would be gone with the screen it was on.
    expect(tab.get_by_text("The page looks like this now.")).to_be_visible()
    logo = tmp_path / "logo.png"
    logo.write_bytes(a_logo(width=900, height=200))
    tab.get_by_label("File").first.set_input_files(logo)
    tab.get_by_role("button", name="Upload").first.click()
    expect(tab.get_by_text("The logo is changed.")).to_be_visible()
    for scheme, width in (("light", 320), ("dark", 360), ("light", 1280)):
        reader = opened(color_scheme=scheme, viewport={"width": width, "height": 780})
        heard = listen_for_complaints(reader)
        reader.goto(live_server.url)
        expect(reader.get_by_role("img", name="Orion").first).to_be_visible()
        assert reader.evaluate("document.querySelector('.logo img').naturalWidth") > 0
        assert fits(reader)
        assert findings(reader) == []
        assert heard == []
    assert complaints == []


@pytest.mark.parametrize("neutrals", ["slate", "stone", "grey", "paper"])
def test_f06_k01_no_choice_makes_a_page_hard_to_read(
    page: Page, live_server: LiveServer, opened: Opened, neutrals: str
) -> None:
    page.dress(Look(neutrals=neutrals, accent="#1f4fd8", accent_dark="#9db2ff", corners="round"), by="ada", at=now())
    PagePicture.put(page=page, place="logo", upload=a_logo(), by="ada", at=now())
    for scheme in ("light", "dark"):
        tab = opened(color_scheme=scheme)
        tab.goto(live_server.url)
        assert findings(tab) == []
        button = tab.get_by_role("link", name="Subscribe").evaluate("node => getComputedStyle(node).backgroundColor")
        assert button == ("rgb(31, 79, 216)" if scheme == "light" else "rgb(157, 178, 255)")
        tab.goto(f"{live_server.url}/subscribe")
        assert findings(tab) == []


def test_l01_without_script_who_knows_the_password_reads_a_private_page(
    page: Page, live_server: LiveServer, opened: Opened
) -> None:
    page.restrict(access="password", password="a shared password", by="ada", at=now())
    for scheme in ("light", "dark"):
        tab = opened(color_scheme=scheme)
        tab.goto(f"{live_server.url}/uptime")
        assert tab.title() == "Private page"
        assert "Orion" not in tab.content()
        icons = tab.locator("link[rel=icon]").evaluate_all("all => all.map(one => one.href)")
        assert [one for one in icons if not re.search(r"/status\.[0-9a-f]*\.?svg$", one)] == []
        assert fits(tab)
        assert findings(tab) == []
    plain = opened(java_script_enabled=False)
    plain.goto(f"{live_server.url}/uptime")
    plain.get_by_label("Password").fill("wrong")
    plain.get_by_role("button", name="Read the page").click()
    expect(plain.get_by_role("alert")).to_have_text("That is not the password.")
    plain.get_by_label("Password").fill("a shared password")
    plain.get_by_role("button", name="Read the page").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Uptime")
    assert plain.url == f"{live_server.url}/uptime"
