"""The error guide in a browser: point G02, axe-core, no script, narrow screens."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from incidents.lib.clock import now
from incidents.timeline.models import Component, Page
from tests.acceptance.axe import findings
from tests.acceptance.conftest import Opened, Stage
from tests.build import make_incident, make_staff, minutes
from tests.guide.making import RESPONSE, make_entry, make_guide

pytestmark = pytest.mark.django_db(transaction=True)

SLUG = "403-this-application-has-been-disabled"
PATHS = ("/errors", "/errors/400-499", f"/errors/{SLUG}", "/errors/providers/gmail")
LOOKS = [(360, "light"), (360, "dark"), (768, "dark"), (1280, "light")]


@pytest.fixture
def address(stage: Stage) -> str:
    """A page with a guide, on which an incident is open that causes one of its errors."""
    page, base = stage("quiet")
    make_guide(page, at=now())
    api = Component.objects.get(page=page, name="API")
    make_incident(page, at=now() - minutes(20), components={api: "partial_outage"})
    return base


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(
    address: str, opened: Opened, width: int, scheme: str
) -> None:
    tab = opened(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in PATHS:
        tab.goto(address + path)
        assert findings(tab) == [], path
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, path
    for text in (RESPONSE, '{"status": 429, "message": "Something nobody wrote about"}'):
        tab.goto(f"{address}/errors")
        tab.get_by_label("Paste an error message or response").fill(text)
        tab.get_by_role("button", name="Look it up").click()
        tab.wait_for_selector("#compared")
        assert findings(tab) == [], text
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, text


def test_g02_choosing_a_provider_narrows_the_list_at_once_and_keeps_its_address(address: str, opened: Opened) -> None:
    tab = opened()
    tab.goto(f"{address}/errors/400-499")
    group = tab.get_by_role("group", name="Only show these results")
    group.get_by_role("checkbox", name=re.compile("^Gmail")).check()
    tab.wait_for_url("**/errors/search?**provider=gmail**")
    expect(tab.get_by_role("status").filter(has_text="8 errors")).to_be_visible()
    expect(tab.locator("section.entry")).to_have_count(8)
    expect(group.get_by_role("checkbox", name=re.compile("^Gmail"))).to_be_checked()
    expect(group.get_by_role("checkbox", name=re.compile("^Applies to all providers"))).to_be_disabled()
    tab.reload()
    expect(tab.locator("section.entry")).to_have_count(8)
    assert findings(tab) == []
    tab.get_by_role("link", name="Clear all filters").click()
    tab.wait_for_url("**/errors/400-499")
    expect(tab.locator("section.entry")).to_have_count(10)


def test_without_script_the_form_the_ask_box_and_the_anchors_work(address: str, opened: Opened) -> None:
    tab = opened(java_script_enabled=False)
    tab.goto(f"{address}/errors/400-499#{SLUG}")
    tab.get_by_role("checkbox", name=re.compile("^Microsoft")).check()
    tab.get_by_role("button", name="Search").click()
    expect(tab.locator("section.entry")).to_have_count(9)
    tab.goto(f"{address}/errors")
    tab.get_by_label("Paste an error message or response").fill(RESPONSE)
    tab.get_by_role("button", name="Look it up").click()
    expect(tab.locator("h1")).to_have_text("This is us.")


def test_axe_finds_nothing_on_the_screens_of_staff(address: str, opened: Opened, client: Client) -> None:
    page = Page.objects.get()
    entry = make_entry(page, at=now(), title="Unfinished", publish=False, messages=())
    client.force_login(make_staff())
    incident = page.incidents.get(title__startswith="Elevated")
    tab = opened(viewport={"width": 360, "height": 800})
    cookie = client.cookies["sessionid"].value
    tab.context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    paths = ("", "/new", f"/{entry.code}", "/file", "/unmatched")
    for path in (*(f"/console/guide{one}" for one in paths), f"/console/incidents/{incident.code}"):
        tab.goto(address + path)
        assert findings(tab) == [], path
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360, path
