"""From the console to the public page: report, update, resolve, on a phone, with and without script."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect
from playwright.sync_api import Page as Tab

from incidents.lib.clock import now
from incidents.timeline.models import Component, Incident, IncidentTemplate, Page
from tests.build import (
    PASSWORD,
    make_component,
    make_group,
    make_incident,
    make_page,
    make_staff,
    make_subscriber,
    minutes,
)

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 360, "height": 740}
PHONE_WITH_KEYBOARD = {"width": 360, "height": 430}


class Person:
    """Somebody with a browser; counts taps and clicks, as the budgets of the console do."""

    def __init__(self, tab: Tab, address: str) -> None:
        self.tab = tab
        self.address = address
        self.actions = 0

    def sign_in(self) -> None:
        self.tab.goto(f"{self.address}/console/")
        self.tab.get_by_label("User name").fill("ada")
        self.tab.get_by_label("Password").fill(PASSWORD)
        self.tab.get_by_role("button", name="Sign in", exact=True).click()
        # A click does not wait for where it leads.
        self.tab.get_by_role("link", name="More", exact=True).wait_for()
        self.actions = 0

    def tap(self, role: Any, name: str) -> None:
        self.actions += 1
        self.tab.get_by_role(role, name=name, exact=True).first.click()

    def publish(self) -> None:
        self.tap("button", "Publish")
        self.tab.get_by_text("Posted. The page shows it now.").wait_for()

    def choose(self, phase: str) -> None:
        self.actions += 1
        self.tab.locator(".step", has_text=phase).click()

    def write(self, text: str) -> None:
        self.tab.get_by_label("Text").fill(text)

    def public(self, path: str) -> str:
        answer = self.tab.request.get(f"{self.address}{path}")
        assert answer.status == 200
        return answer.text()


@pytest.fixture
def page() -> Page:
    page = make_page(at=now() - timedelta(days=100))
    make_staff()
    make_subscriber(page)
    return page


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page, group=make_group(page))


@pytest.fixture
def template(page: Page, api: Component) -> IncidentTemplate:
    return IncidentTemplate.keep(
        page=page,
        name="API errors",
        title="Elevated error rates on the API",
        body="Some requests fail.",
        components={api: "partial_outage"},
        by="test",
        at=page.created_at,
    )


@pytest.fixture(params=["with script", "without script"])
def person(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[Person]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=request.param == "with script")
    yield Person(context.new_page(), live_server.url)
    context.close()


def test_report_update_and_resolve_are_seen_on_the_public_page(
    person: Person, page: Page, api: Component, template: IncidentTemplate
) -> None:
    person.sign_in()
    person.tap("link", "Report incident")
    person.tap("link", "API errors")
    expect(person.tab.get_by_text("1 email")).to_be_visible()
    person.publish()
    assert person.actions == 3
    incident = Incident.objects.get()
    assert "Partial outage" in person.public("/")
    assert "Some requests fail." in person.public(f"/incidents/{incident.code}")

    person.tab.goto(f"{person.address}/console/")
    person.actions = 0
    person.write("We found the **cause**.")
    person.choose("Identified")
    person.publish()
    assert person.actions == 2
    assert "We found the <strong>cause</strong>." in person.public(f"/incidents/{incident.code}")

    person.tab.goto(f"{person.address}/console/incidents/{incident.code}?phase=resolved")
    person.actions = 1
    person.write("It is over.")
    person.publish()
    assert person.actions == 2
    api.refresh_from_db()
    assert api.status == "operational"
    assert "It is over." in person.public(f"/incidents/{incident.code}")
    assert "All systems operational" in person.public("/")
    assert "It is over." in person.public("/history.atom")


@pytest.fixture
def open_incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=now() - minutes(18), components={api: "partial_outage"})


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE_WITH_KEYBOARD)
    yield context
    context.close()


def test_above_the_keyboard_phase_text_recipients_and_publish_are_in_sight(
    context: BrowserContext, live_server: Any, open_incident: Incident
) -> None:
    person = Person(context.new_page(), live_server.url)
    person.sign_in()
    person.tab.goto(f"{live_server.url}/console/incidents/{open_incident.code}")
    strip = person.tab.locator(".strip").bounding_box()
    text = person.tab.get_by_label("Text").bounding_box()
    stepper = person.tab.locator(".stepper").bounding_box()
    assert strip is not None
    assert text is not None
    assert stepper is not None
    assert strip["y"] + strip["height"] <= 430
    assert stepper["y"] >= 0
    line = 17 * 1.5
    assert min(text["y"] + text["height"], strip["y"]) - text["y"] >= 4 * line
    assert person.tab.get_by_role("button", name="Publish").is_visible()
    assert person.tab.get_by_text("1 email").is_visible()
    small = person.tab.evaluate(
        "[...document.querySelectorAll('main button, main select, main summary, .step')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 48).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_resolving_with_script_shows_the_states_before_anything_is_sent(
    context: BrowserContext, live_server: Any, open_incident: Incident, api: Component
) -> None:
    person = Person(context.new_page(), live_server.url)
    person.sign_in()
    person.choose("Resolved")
    expect(person.tab.locator(f"[name=state_{api.code}]")).to_have_value("operational")
    person.write("It is over.")
    person.publish()
    person.tab.wait_for_url("**/console/incidents/*")
    assert person.actions == 2
    open_incident.refresh_from_db()
    api.refresh_from_db()
    assert (open_incident.is_open, api.status) == (False, "operational")


def test_a_phase_chosen_before_the_scripts_have_come_is_followed_too(
    context: BrowserContext, live_server: Any, open_incident: Incident, api: Component
) -> None:
    person = Person(context.new_page(), live_server.url)
    person.sign_in()
    on_their_way: list[Route] = []
    may_come: list[bool] = []

    def keep(script: Route) -> None:
        if may_come:
            script.continue_()
        else:
            on_their_way.append(script)

    person.tab.route("**/*htmx*", keep)
    person.tab.goto(f"{live_server.url}/console/incidents/{open_incident.code}", wait_until="commit")
    person.choose("Resolved")
    assert person.tab.locator(f"[name=state_{api.code}]").input_value() != "operational"
    may_come.append(True)
    for script in on_their_way:
        script.continue_()
    expect(person.tab.locator(f"[name=state_{api.code}]")).to_have_value("operational")


def test_the_preview_follows_the_typing_and_the_count_the_switch(
    context: BrowserContext, live_server: Any, open_incident: Incident
) -> None:
    person = Person(context.new_page(), live_server.url)
    person.sign_in()
    person.tab.goto(f"{live_server.url}/console/incidents/{open_incident.code}")
    person.tab.locator("summary", has_text="Preview").click()
    person.tab.get_by_label("Text").press_sequentially("It is **better**")
    person.tab.locator("#rehearsal strong", has_text="better").wait_for()
    person.tab.get_by_label("Tell subscribers").uncheck()
    person.tab.get_by_text("Page and feeds only").wait_for()
    assert person.tab.get_by_label("Text").input_value() == "It is **better**"


def test_everything_in_the_composer_is_reached_by_keyboard(
    context: BrowserContext, live_server: Any, open_incident: Incident
) -> None:
    person = Person(context.new_page(), live_server.url)
    person.sign_in()
    person.tab.goto(f"{live_server.url}/console/incidents/{open_incident.code}")
    reached: list[str] = []
    for _ in range(60):
        person.tab.keyboard.press("Tab")
        reached.append(person.tab.evaluate("(e => e.name || e.textContent.trim())(document.activeElement)"))
        if reached[-1] == "Publish":
            break
    assert reached[0] == "Skip to content"
    for name in ("phase", "body", "promise", "notify", "Publish"):
        assert name in reached
