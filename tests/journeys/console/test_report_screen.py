"""The report on one screen: title, likely components, the list with its search, all of them in two steps."""

from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import expect

from incidents.lib.clock import now
from incidents.timeline.models import Component, Incident, Page
from tests.build import make_component, make_incident
from tests.journeys.complaints import listen_for_complaints
from tests.journeys.console.conftest import Opens

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Dashboard", "Login", "Search", "Exports", "Billing", "Mobile app")


@pytest.fixture
def components(page: Page, api: Component) -> list[Component]:
    make_incident(page, at=now() - timedelta(days=2), components={api: "partial_outage"}).resolve(
        body="Over.", by="test", at=now() - timedelta(days=1)
    )
    return [api, *(make_component(page, name=name) for name in NAMES)]


def test_an_incident_without_a_template_is_reported_from_one_screen(
    opens: Opens, components: list[Component], window: dict[str, int]
) -> None:
    ada = opens(window=window)
    wrong = listen_for_complaints(ada.tab)
    ada.tab.goto(f"{ada.address}/console/incidents/new")
    title = ada.tab.get_by_label("Title")
    title.fill("x" * 59)
    expect(ada.tab.locator(".count-line")).to_be_hidden()
    title.fill("x" * 64)
    expect(ada.tab.locator(".count-line")).to_have_text("64 of 80")
    title.fill("Login and API fail")
    ada.write("{components} fail since {start}.")
    ada.tap("button", "API")
    expect(ada.tab.locator(f".listed [name=state_{components[0].code}]")).to_have_value("partial_outage")
    ada.tab.locator(".picker > summary").click()
    ada.tab.get_by_label("Find a component").fill("log")
    expect(ada.tab.locator(".picker-rows .state-row:visible")).to_have_count(1)
    ada.tab.keyboard.press("Enter")
    ada.tab.locator(f"[name=state_{components[2].code}]").select_option("major_outage")
    ada.tap("button", "Done")
    expect(ada.tab.locator(".listed .state-row")).to_have_count(2)
    ada.tab.locator(".segment", has_text="15 min").click()
    ada.tap("button", "Publish")
    confirm = ada.tab.locator("#sheet")
    confirm.get_by_role("button").filter(has_text="1").first.click()
    ada.tab.get_by_text("Posted. The page shows it now.").wait_for()
    incident = Incident.objects.get(title="Login and API fail")
    assert incident.updates.get().body.startswith("API and Login fail since [time: ")
    assert incident.updates.get().posted_at - incident.impact_started_at > timedelta(minutes=14)
    assert wrong == [one for one in wrong if "409" in one]


def test_all_components_take_two_deliberate_steps(opens: Opens, components: list[Component]) -> None:
    ada = opens()
    ada.tab.goto(f"{ada.address}/console/incidents/new")
    assert ada.tab.locator(".likely").get_by_text("All").count() == 0
    ada.tab.locator(".picker > summary").click()
    expect(ada.tab.locator("[data-all-components]")).to_be_hidden()
    ada.tab.locator(".everything > summary").click()
    ada.tap("button", "Set all of them")
    expect(ada.tab.locator(".listed .state-row")).to_have_count(len(components))


def test_a_session_that_ended_while_writing_keeps_the_text(opens: Opens, incident: Incident) -> None:
    ada = opens()
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    ada.write("Twenty minutes of careful words.")
    ada.tab.locator("#draft time").wait_for()
    ada.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    ada.tap("button", "Publish")
    ada.tab.get_by_role("button", name="Sign in", exact=True).wait_for()
    assert incident.updates.count() == 1
