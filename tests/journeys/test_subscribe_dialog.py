"""The form opened over another page, and what script adds to it: S01, S03 and S06 in a real browser."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from incidents.lib.clock import now
from incidents.subscriptions.models import SubscriptionRequest
from incidents.timeline.models import Component, Incident, Page
from tests.build import make_component, make_group, make_incident, make_page
from tests.journeys.complaints import listen_for_complaints

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page() -> Page:
    return make_page(at=now() - timedelta(days=100))


@pytest.fixture
def parts(page: Page) -> list[Component]:
    group = make_group(page)
    return [make_component(page, name=name, group=group) for name in ("API", "Webhooks", "Login")]


@pytest.fixture
def incident(page: Page, parts: list[Component]) -> Incident:
    return make_incident(page, at=now() - timedelta(days=1), components={parts[0]: "partial_outage"})


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def faults_of(tab: Tab) -> list[str]:
    return [one["id"] for one in Axe().run(tab).response["violations"]]


def test_s01_the_dialog_traps_the_focus_closes_by_escape_and_gives_the_focus_back(
    live_server: Any, page: Page, incident: Incident, tab: Tab
) -> None:
    complaints = listen_for_complaints(tab)
    tab.goto(live_server.url)
    button = tab.get_by_role("banner").get_by_role("link", name="Subscribe")
    button.focus()
    tab.keyboard.press("Enter")
    dialog = tab.get_by_role("dialog", name="Subscribe to updates")
    expect(dialog).to_be_visible()
    assert tab.url.rstrip("/") == live_server.url
    assert faults_of(tab) == []
    inside = (
        "document.querySelector('dialog').contains(document.activeElement) || document.activeElement === document.body"
    )
    for _ in range(40):
        tab.keyboard.press("Tab")
        assert tab.evaluate(inside)
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    assert complaints == []


def test_s01_it_is_the_form_of_the_page_and_its_answer_takes_the_focus(
    live_server: Any, page: Page, incident: Incident, tab: Tab
) -> None:
    tab.goto(f"{live_server.url}/subscribe")
    names = "[...document.querySelectorAll('form.subscribe [name]')].map(one => `${one.name} ${one.type} ${one.value}`)"
    of_page = [name for name in tab.evaluate(names) if not name.startswith("shown")]
    tab.goto(live_server.url)
    tab.get_by_role("banner").get_by_role("link", name="Subscribe").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert [name for name in tab.evaluate(names) if not name.startswith("shown")] == of_page
    dialog.get_by_label("E-mail address").fill("sam@example")
    dialog.get_by_role("button", name="Subscribe").click()
    summary = dialog.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(dialog.get_by_label("E-mail address")).to_have_value("sam@example")
    assert faults_of(tab) == []
    summary.get_by_role("link").click()
    expect(dialog.get_by_label("E-mail address")).to_be_focused()
    dialog.get_by_label("E-mail address").fill("sam@example.com")
    dialog.get_by_role("button", name="Subscribe").click()
    answer = dialog.get_by_role("heading", name="Check your inbox")
    expect(answer).to_be_focused()
    assert faults_of(tab) == []
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    assert SubscriptionRequest.objects.get().subscriber.address == "sam@example.com"


def test_from_an_incident_the_form_is_set_to_it(live_server: Any, page: Page, incident: Incident, tab: Tab) -> None:
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    tab.get_by_role("main").get_by_role("link", name="Get updates").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog.get_by_label(f"Only this incident: {incident.title}")).to_be_checked()
    expect(dialog.get_by_text("We stop when it is resolved.")).to_be_visible()
    expect(dialog.get_by_text("would have sent you 1 email.")).to_be_visible()
    dialog.get_by_label("E-mail address").fill("sam@example.com")
    dialog.get_by_role("button", name="Subscribe").click()
    expect(dialog.get_by_role("heading", name="Check your inbox")).to_be_visible()
    assert SubscriptionRequest.objects.get().wanted["incident"] == incident.code


def test_from_a_component_the_form_is_set_to_it(live_server: Any, page: Page, parts: list[Component], tab: Tab) -> None:
    tab.goto(f"{live_server.url}/c/{parts[1].code}")
    tab.get_by_role("link", name="Subscribe to Webhooks").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog.get_by_label("Webhooks")).to_be_checked()
    expect(dialog.get_by_label("API")).not_to_be_checked()


def test_s06_a_group_shows_that_some_of_it_is_ticked_and_is_worked_by_keys(
    live_server: Any, page: Page, incident: Incident, tab: Tab
) -> None:
    tab.goto(f"{live_server.url}/subscribe")
    tab.get_by_label("Only some components").check()
    group = tab.get_by_role("checkbox", name="Core platform")
    api, login = tab.get_by_label("API"), tab.get_by_label("Login")
    is_mixed = "one => one.indeterminate"
    api.focus()
    tab.keyboard.press("Space")
    expect(api).to_be_checked()
    assert group.evaluate(is_mixed)
    told = tab.context.new_cdp_session(tab)
    told.send("Accessibility.enable")
    nodes = told.send("Accessibility.getFullAXTree")["nodes"]
    states = {
        node["name"]["value"]: prop["value"]["value"]
        for node in nodes
        if node.get("role", {}).get("value") == "checkbox"
        for prop in node["properties"]
        if prop["name"] == "checked"
    }
    assert (states["Core platform"], states["API"], states["Login"]) == ("mixed", "true", "false")
    tab.keyboard.press("Shift+Tab")
    expect(group).to_be_focused()
    tab.keyboard.press("Space")
    expect(login).to_be_checked()
    assert not group.evaluate(is_mixed)
    expect(tab.get_by_text("would have sent you 1 email.")).to_be_visible()
    tab.keyboard.press("Space")
    expect(login).not_to_be_checked()
    expect(tab.get_by_text("Choose something to see")).to_be_visible()
    assert faults_of(tab) == []


def test_the_expectation_follows_what_is_chosen(live_server: Any, page: Page, incident: Incident, tab: Tab) -> None:
    tab.goto(f"{live_server.url}/subscribe")
    expect(tab.get_by_text("would have sent you 1 email.")).to_be_visible()
    expect(tab.get_by_role("button", name="Count again")).to_be_hidden()
    tab.get_by_label("Slack").check()
    expect(tab.get_by_text("would have sent you 1 message.")).to_be_visible()
    tab.get_by_label("From which severity").select_option(label="Major outage only")
    expect(tab.get_by_text("would have sent you nothing.")).to_be_visible()


def test_feeds_and_the_calendar_show_their_address_and_copy_it(live_server: Any, page: Page, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{live_server.url}/subscribe")
    tab.get_by_label("Atom or RSS feed").check()
    expect(tab.get_by_role("button", name="Subscribe")).to_be_hidden()
    copy = tab.get_by_role("button", name="Copy Atom")
    copy.click()
    expect(tab.get_by_role("button", name="Copied")).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()").endswith("/history.atom")
    tab.get_by_label("Calendar of maintenance").check()
    expect(tab.get_by_text("/history.ics")).to_be_visible()
    assert faults_of(tab) == []
    context.close()


def test_a_component_among_many_is_found_while_typing(live_server: Any, page: Page, tab: Tab) -> None:
    for number in range(21):
        make_component(page, name=f"Part {number:02}")
    tab.goto(f"{live_server.url}/subscribe")
    tab.get_by_label("Only some components").check()
    tab.get_by_label("Part 03").check()
    tab.get_by_label("Find a component").fill("part 1")
    expect(tab.get_by_label("Part 05")).to_be_hidden()
    expect(tab.get_by_label("Part 15")).to_be_visible()
    expect(tab.get_by_label("Part 03")).to_be_visible()


def test_without_script_everything_of_the_form_works(
    live_server: Any, page: Page, incident: Incident, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    tab = context.new_page()
    tab.goto(live_server.url)
    tab.get_by_role("banner").get_by_role("link", name="Subscribe").click()
    tab.get_by_label("E-mail address").fill("sam@example.com")
    tab.get_by_label("Only some components").check()
    tab.get_by_label("Login").check()
    tab.get_by_role("button", name="Count again").click()
    expect(tab.get_by_text("would have sent you nothing.")).to_be_visible()
    expect(tab.get_by_label("E-mail address")).to_have_value("sam@example.com")
    tab.get_by_role("checkbox", name="Core platform").check()
    tab.get_by_label("E-mail address").press("Enter")
    expect(tab.get_by_role("heading", name="Check your inbox")).to_be_visible()
    assert len(SubscriptionRequest.objects.get().wanted["components"]) == 3
    context.close()
