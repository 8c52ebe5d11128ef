"""C17 in a browser: the planner's clocks, warnings, month and mail; and seven actions from a template."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from incidents.lib.clock import now
from incidents.timeline.models import Component, IncidentTemplate, Maintenance, Page
from tests.build import make_component, make_maintenance
from tests.journeys.complaints import listen_for_complaints
from tests.journeys.console.conftest import DESK, PHONE, Opens

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def in_berlin(page: Page) -> None:
    page.edit(time_zone="Europe/Berlin", by="test", at=page.created_at)


@pytest.fixture
def prepared(page: Page, api: Component) -> IncidentTemplate:
    return IncidentTemplate.keep(
        page=page,
        kind="maintenance",
        name="Database",
        title="Work on the database",
        body="{components} will rest from {start} for {duration}.",
        components={api: "under_maintenance"},
        by="test",
        at=page.created_at,
    )


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_maintenance_from_a_template_takes_at_most_seven_actions(
    opens: Opens, prepared: IncidentTemplate, script: bool
) -> None:
    ada = opens(window=PHONE, java_script_enabled=script)
    ada.tab.goto(f"{ada.address}/console/")
    ada.tap("link", "More")
    ada.tap("link", "Maintenance")
    ada.tap("link", "Plan maintenance")
    ada.tap("link", "Database")
    # What is filled in before the template has come would be gone with the screen it was on.
    expect(ada.tab.get_by_label("Title")).to_have_value("Work on the database")
    ada.actions += 1  # into the field; what is typed there is not counted
    ada.tab.get_by_label("Start", exact=True).fill("2031-03-01T01:00")
    ada.actions += 1
    ada.tab.locator(".choice", has_text="2 h").click()
    ada.tap("button", "Publish")
    ada.tab.wait_for_url("**/console/incidents/*")
    assert ada.actions <= 7
    made = Maintenance.objects.get()
    assert made.window[1] - made.window[0] == timedelta(hours=2)
    body = "API will rest from [time: 2031-03-01 01:00 Europe/Berlin] for 2 hours."
    assert made.updates.get().body == body


def test_clocks_warnings_and_the_month_follow_what_is_typed(opens: Opens, page: Page, api: Component) -> None:
    make_maintenance(page, at=now(), title="Other work", starts_at=now() + timedelta(hours=3))
    ada = opens(window=DESK, timezone_id="America/New_York")
    complaints = listen_for_complaints(ada.tab)
    ada.tab.goto(f"{ada.address}/console/maintenances/new")
    soon = (now() + timedelta(hours=4)).astimezone(page.zone)
    start = ada.tab.get_by_label("Start", exact=True)
    start.fill(f"{soon:%Y-%m-%dT%H:%M}")
    ada.tab.locator(".choice", has_text="4 h").click()
    expect(ada.tab.locator("#start-clocks")).to_contain_text("America/New_York, your clock")
    expect(ada.tab.locator("#start-clocks")).to_contain_text("UTC")
    for words in ("4 hours", "Short notice", "It overlaps “Other work”"):
        expect(ada.tab.locator("#plan-facts")).to_contain_text(words)
    form, month = ada.tab.locator(".when").bounding_box(), ada.tab.locator("#month").bounding_box()
    assert form is not None
    assert month is not None
    assert month["x"] > form["x"] + form["width"], "the calendar stands beside the form"
    expect(ada.tab.locator("#month .chosen").first).to_be_visible()
    ada.tab.get_by_label("Repeats").select_option("FREQ=WEEKLY")
    expect(ada.tab.locator("#dates li")).to_have_count(5)
    heading = ada.tab.locator("#month h2").inner_text()
    ada.tap("button", "Month after")
    expect(ada.tab.locator("#month h2")).not_to_have_text(heading)
    expect(start).to_have_value(f"{soon:%Y-%m-%dT%H:%M}")
    # A newer question takes the place of one under way, on which htmx remarks.
    assert [one for one in complaints if "htmx:" not in one] == []
    assert Maintenance.objects.count() == 1


def test_enter_in_a_field_shows_the_preview_and_neither_publishes_nor_leafs(opens: Opens, page: Page) -> None:
    ada = opens(window=DESK)
    ada.tab.goto(f"{ada.address}/console/maintenances/new")
    heading = ada.tab.locator("#month h2").inner_text()
    ada.tab.get_by_label("Start", exact=True).fill("2031-03-01T01:00")
    expect(ada.tab.locator("#month h2")).not_to_have_text(heading)
    ada.tab.get_by_label("Title").press("Enter")
    ada.tab.wait_for_timeout(500)
    expect(ada.tab.locator("#month h2")).to_have_text("March 2031")
    assert ada.tab.url.endswith("/console/maintenances/new")
    assert not Maintenance.objects.exists()


def test_the_mail_of_a_cancellation_is_there_without_asking(opens: Opens, page: Page) -> None:
    made = make_maintenance(page, at=now())
    ada = opens(window=DESK)
    ada.tab.goto(f"{ada.address}/console/maintenances/{made.code}/cancel")
    expect(ada.tab.locator("#letter .subject")).to_contain_text("Database upgrade")
    ada.write("The vendor is ill.")
    expect(ada.tab.locator("#letter pre")).to_contain_text("The vendor is ill.")
    made.refresh_from_db()
    assert made.phase.slug == "scheduled"


def test_a_component_is_dragged_below_its_neighbours(opens: Opens, page: Page, api: Component) -> None:
    make_component(page, name="Web")
    make_component(page, name="Search")
    ada = opens(window=DESK)
    ada.tab.goto(f"{ada.address}/console/components")
    handle = ada.tab.locator(f"#component-{api.code} [data-drag]").bounding_box()
    last = ada.tab.locator(".component-row").last.bounding_box()
    assert handle is not None
    assert last is not None
    ada.tab.mouse.move(handle["x"] + 10, handle["y"] + 10)
    ada.tab.mouse.down()
    ada.tab.mouse.move(handle["x"] + 10, last["y"] + last["height"] - 4, steps=6)
    ada.tab.mouse.up()
    expect(ada.tab.locator(".component-row").last).to_contain_text("API")
    assert list(Component.objects.order_by("position").values_list("name", flat=True)) == ["Web", "Search", "API"]
