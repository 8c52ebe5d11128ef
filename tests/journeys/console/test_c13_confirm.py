"""C13: the numbers are asked about in five cases and in no other; focus is on Cancel, the button says the number."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from incidents.lib.clock import now
from incidents.timeline.models import Deed, HeldPost, Incident, IncidentTemplate, Page
from tests.build import make_component, make_page, make_subscribers
from tests.journeys.console.conftest import Opens
from tests.journeys.console.person import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page() -> Page:
    page = make_page(at=now() - timedelta(days=100), hold_seconds=30)
    make_subscribers(page, 12, at=now() - timedelta(days=1))
    for number in range(1, 8):
        make_component(page, name=f"Part {number}")
    return page


@pytest.fixture
def template(page: Page) -> IncidentTemplate:
    """A template that names Part 1 as down."""
    (first,) = page.components.filter(name="Part 1")
    return IncidentTemplate.keep(
        page=page,
        name="All down",
        title="All is down",
        body="We look.",
        components={first: "major_outage"},
        by="test",
        at=page.created_at,
    )


def begin(person: Person, query: str = "") -> None:
    person.tab.goto(f"{person.address}/console/incidents/new{query}")
    person.tab.get_by_label("Title").fill("Errors")
    person.write("We look.")


def set_states(person: Person, count: int, state: str) -> None:
    person.tab.locator("details.picker > summary").click()
    for number in range(1, count + 1):
        person.tab.get_by_label(f"Part {number}", exact=True).select_option(state)
    person.tab.locator("[data-picked]").click()


def sheet_of(person: Person) -> str:
    """Return what the sheet says, after Cancel was found to have the focus."""
    sheet = person.tab.get_by_role("dialog")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_text("Cancel")).to_be_focused()
    return sheet.inner_text()


def test_c13_in_the_normal_case_no_sheet_appears(opens: Opens, template: IncidentTemplate) -> None:
    ada = opens()
    begin(ada, f"?template={template.pk}")
    ada.tap("button", "Publish")
    ada.tab.locator(".hold").wait_for()
    assert ada.tab.get_by_role("dialog").count() == 0


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_c13_more_people_than_the_limit(opens: Opens, page: Page, window: dict[str, int], script: bool) -> None:
    page.edit(confirm_recipients=10, by="test", at=now())
    ada = opens(window=window, java_script_enabled=script)
    begin(ada)
    ada.tap("button", "Publish")
    assert "Emails 12 people." in sheet_of(ada)
    button = ada.tab.get_by_role("button", name="Email 12 people")
    expect(button).to_be_in_viewport(ratio=0.99)
    assert not HeldPost.objects.exists()
    button.click()
    ada.tab.locator(".hold").wait_for()
    assert HeldPost.objects.get().recipients == 12


def test_c13_more_than_five_components_at_once(opens: Opens, page: Page) -> None:
    ada = opens()
    begin(ada)
    set_states(ada, 6, "partial_outage")
    ada.tap("button", "Publish")
    said = sheet_of(ada)
    assert "Marks 6 components Partial outage." in said
    assert "Posts to 1 page." in said


def test_c13_a_major_outage_no_template_named(opens: Opens, page: Page) -> None:
    ada = opens()
    begin(ada)
    set_states(ada, 1, "major_outage")
    ada.tap("button", "Publish")
    assert "Part 1 goes to Major outage, which no template named." in sheet_of(ada)


def test_c13_history_with_mail(opens: Opens, page: Page) -> None:
    ada = opens()
    begin(ada)
    ada.tab.locator("details.fold > summary", has_text="More").click()
    ada.tab.get_by_label("Posted at").fill(f"{now() - timedelta(days=2):%Y-%m-%dT%H:%M}")
    ada.tap("button", "Publish")
    assert "It tells of the past" in sheet_of(ada)


def test_c13_what_automation_asks_for(opens: Opens, page: Page) -> None:
    HeldPost.hold(
        page=page,
        deed=Deed.REPORT,
        arguments={"title": "Errors", "body": "We look."},
        request_key="a1",
        asks=True,
        recipients=12,
        reach={"numbers": ["Emails 12 people."], "reasons": ["Ten checks fail."], "button": "Email 12 people"},
        by="detection",
        at=now(),
    )
    ada = opens()
    ada.tab.goto(f"{ada.address}/console/")
    ada.tap("link", "Look at it")
    expect(ada.tab.get_by_text("Ten checks fail.")).to_be_visible()
    ada.tap("button", "Email 12 people")
    expect(ada.tab.locator(".hold")).to_contain_text("Publishing in")
    assert ada.actions == 2


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_c13_cancel_keeps_what_was_typed(opens: Opens, page: Page, script: bool) -> None:
    page.edit(confirm_recipients=10, by="test", at=now())
    ada = opens(java_script_enabled=script)
    begin(ada)
    ada.tap("button", "Publish")
    sheet_of(ada)
    ada.tab.get_by_role("dialog").get_by_text("Cancel").click()
    expect(ada.tab.get_by_role("dialog")).to_have_count(0)
    assert ada.said() == "We look."
    assert ada.tab.get_by_label("Title").input_value() == "Errors"
    assert (HeldPost.objects.count(), Incident.objects.count()) == (0, 0)


def test_c13_escape_cancels_and_the_caret_stays_where_it_was(opens: Opens, page: Page) -> None:
    page.edit(confirm_recipients=10, by="test", at=now())
    ada = opens()
    begin(ada)
    ada.tab.get_by_label("Text", exact=True).evaluate("field => field.setSelectionRange(3, 3)")
    ada.tap("button", "Publish")
    sheet_of(ada)
    ada.press("Escape")
    expect(ada.tab.get_by_role("dialog")).to_have_count(0)
    assert ada.tab.get_by_label("Text", exact=True).evaluate("field => field.selectionStart") == 3
    assert not HeldPost.objects.exists()


def test_a_second_person_agrees_by_one_tap_from_the_same_numbers(opens: Opens, page: Page) -> None:
    page.edit(confirm_recipients=10, asks_second_person=True, by="test", at=now())
    ada, priya = opens(), opens("priya")
    begin(ada)
    ada.tap("button", "Publish")
    sheet_of(ada)
    ada.tap("button", "Ask for approval: email 12 people")
    expect(ada.tab.get_by_role("heading", name="Waits for a second person")).to_be_visible()
    expect(ada.tab.get_by_role("button", name="Email 12 people")).to_have_count(0)
    priya.tab.goto(f"{priya.address}/console/")
    priya.tap("link", "Look at it")
    expect(priya.tab.get_by_text("Emails 12 people.")).to_be_visible()
    priya.tap("button", "Email 12 people")
    expect(priya.tab.locator(".hold")).to_contain_text("Publishing in")
    expect(ada.tab.locator(".hold")).to_contain_text("Publishing in")
