"""C01, C02: how many taps it takes, counted by the script that taps."""

import re

import pytest
from playwright.sync_api import expect

from incidents.timeline.models import Component, Incident, IncidentTemplate, Page
from tests.journeys.console.conftest import Opens

pytestmark = pytest.mark.django_db(transaction=True)


def test_c01_an_incident_from_a_template_is_published_in_four_actions_and_twenty_seconds(
    opens: Opens, window: dict[str, int], page: Page, template: IncidentTemplate
) -> None:
    ada = opens(window=window)
    ada.tab.goto(f"{ada.address}/console/")
    ada.tap("link", "Report incident")
    ada.tap("link", "API errors")
    ada.tap("button", "Publish")
    ada.tab.get_by_text("Posted. The page shows it now.").wait_for()
    assert ada.actions <= 4
    assert ada.seconds <= 20
    incident = Incident.objects.get()
    assert "Some requests to API fail since" in ada.public(f"/incidents/{incident.code}")
    template.refresh_from_db()
    assert template.uses == 1


def test_c02_an_update_on_the_only_open_incident_takes_three_actions(
    opens: Opens, window: dict[str, int], incident: Incident, template: IncidentTemplate
) -> None:
    ada = opens(window=window)
    ada.open(f"/console/incidents/{incident.code}")
    ada.tap("button", "API errors")
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value(re.compile("^Some requests"))
    ada.tap("button", "Publish")
    ada.tab.get_by_text("Posted. The page shows it now.").wait_for()
    assert ada.actions <= 3
    assert ada.seconds <= 20
    assert incident.updates.count() == 2


def test_c02_resolving_returns_the_components_to_operational_in_three_actions(
    opens: Opens, window: dict[str, int], incident: Incident, api: Component
) -> None:
    ada = opens(window=window)
    ada.open("/console/")
    ada.choose("Resolved")
    ada.write("It is over.")
    expect(ada.tab.locator(f"[name=state_{api.code}]")).to_have_value("operational")
    ada.tap("button", "Publish")
    ada.tab.get_by_text("Posted. The page shows it now.").wait_for()
    assert ada.actions <= 3
    incident.refresh_from_db()
    api.refresh_from_db()
    assert (incident.is_open, api.status) == (False, "operational")


def test_taking_over_command_is_one_tap_and_is_logged(opens: Opens, incident: Incident, page: Page) -> None:
    ada = opens()
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    ada.tap("button", "Take over command")
    ada.tab.get_by_text("You lead this incident now.").wait_for()
    assert ada.actions == 1
    assert page.events.filter(kind="incident.command_taken").count() == 1
