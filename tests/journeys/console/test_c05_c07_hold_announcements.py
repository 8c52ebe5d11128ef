"""C05, C07: a plan of maintenance, its steps and a postmortem are held and taken back in a browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from incidents.lib.clock import now
from incidents.timeline.holding import release_due
from incidents.timeline.models import Component, HeldPost, Incident, Maintenance, Page, Postmortem
from tests.build import make_maintenance, make_page, make_subscriber, seconds
from tests.journeys.complaints import listen_for_complaints
from tests.journeys.console.conftest import DESK, Opens
from tests.journeys.console.person import Person

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "We renew the database."
IN_THE_TEXT = TEXT.index(" the database")


@pytest.fixture
def page() -> Page:
    page = make_page(at=now() - timedelta(days=100), hold_seconds=30)
    make_subscriber(page)
    return page


@pytest.fixture
def window_of_work(page: Page, api: Component) -> Maintenance:
    return make_maintenance(page, at=now(), components=[api])


def write_with_the_caret_inside(person: Person) -> None:
    person.write(TEXT)
    text = person.tab.get_by_label("Text", exact=True)
    text.evaluate(f"field => field.setSelectionRange({IN_THE_TEXT}, {IN_THE_TEXT})")


def test_c05_c07_a_plan_waits_and_undo_brings_the_planner_back(
    opens: Opens, page: Page, api: Component, window: dict[str, int]
) -> None:
    ada = opens(window=window)
    complaints = listen_for_complaints(ada.tab)
    ada.tab.goto(f"{ada.address}/console/maintenances/new")
    ada.tab.get_by_label("Title").fill("New database")
    ada.tab.get_by_label(api.name, exact=True).check()
    ada.tab.get_by_label("Start", exact=True).fill("2031-03-01T01:00")
    ada.tab.locator(".choice", has_text="2 h").click()
    write_with_the_caret_inside(ada)
    ada.tap("button", "Publish")
    expect(ada.tab.get_by_role("heading", level=1)).to_have_text("New database")
    bar = ada.tab.locator(".hold")
    expect(bar).to_be_in_viewport(ratio=0.99)
    expect(bar).to_contain_text("to the page and 1 recipient")
    assert not Maintenance.objects.exists()
    ada.actions = 0
    ada.tap("button", "Undo")
    expect(ada.tab.get_by_label("Title")).to_have_value("New database")
    assert (ada.actions, ada.said()) == (1, TEXT)
    ada.wait_for_caret(IN_THE_TEXT)
    expect(ada.tab.get_by_label(api.name, exact=True)).to_be_checked()
    expect(ada.tab.get_by_label("Start", exact=True)).to_have_value("2031-03-01T01:00")
    expect(ada.tab.locator(".choice", has_text="2 h").locator("input")).to_be_checked()
    assert not HeldPost.objects.exists()
    assert [one for one in complaints if "htmx:" not in one] == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_c05_c07_a_cancellation_waits_and_undo_brings_its_form_back(
    opens: Opens, window_of_work: Maintenance, script: bool
) -> None:
    ada = opens(java_script_enabled=script)
    ada.tab.goto(f"{ada.address}/console/maintenances/{window_of_work.code}/cancel")
    ada.write(TEXT)
    ada.tap("button", "Cancel maintenance")
    expect(ada.tab.locator(".hold")).to_contain_text("Database upgrade · Cancellation")
    expect(ada.tab.locator(".held-here")).to_contain_text(TEXT)
    assert window_of_work.updates.count() == 1
    ada.tap("button", "Undo")
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value(TEXT)
    ada.tap("button", "Cancel maintenance")
    expect(ada.tab.locator(".hold")).to_contain_text("Cancellation")
    release_due(at=now() + seconds(31))
    window_of_work.refresh_from_db()
    assert window_of_work.phase.slug == "cancelled"
    if script:
        expect(ada.tab.locator(".clock")).to_have_text("Cancelled")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_c05_c07_a_postmortem_waits_and_undo_brings_the_editor_back(
    opens: Opens, incident: Incident, script: bool
) -> None:
    incident.resolve(body="Over.", by="test", at=now())
    ada = opens(window=DESK, java_script_enabled=script)
    address = f"{ada.address}/console/incidents/{incident.code}/postmortem"
    ada.tab.goto(address)
    ada.tab.get_by_label("Text", exact=True).fill(TEXT)
    ada.tap("button", "Publish")
    expect(ada.tab.locator(".hold")).to_contain_text("Elevated error rates on the API · Postmortem")
    expect(ada.tab.locator("main .rehearsal")).to_contain_text(TEXT)
    assert not Postmortem.objects.exists()
    ada.tap("button", "Undo")
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value(TEXT)
    ada.tap("button", "Publish")
    ada.tap("button", "Publish now")
    expect(ada.tab.get_by_text("Published. The page shows it now.").first).to_be_visible()
    assert TEXT in ada.public(f"/incidents/{incident.code}")
