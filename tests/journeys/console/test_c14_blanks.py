"""C14: a blank nobody filled blocks Publish."""

import re

import pytest
from playwright.sync_api import expect

from incidents.timeline.models import Component, Incident, IncidentTemplate, Page
from tests.journeys.console.conftest import Opens

pytestmark = pytest.mark.django_db(transaction=True)

ASKING = "We know the cause: {?what broke}. {components} will be back by {?when}."
SELECTED = "(e => e.value.slice(e.selectionStart, e.selectionEnd))(document.activeElement)"


@pytest.fixture
def asking(page: Page, api: Component) -> IncidentTemplate:
    return IncidentTemplate.keep(page=page, name="Cause found", body=ASKING, by="test", at=page.created_at)


def test_c14_an_open_blank_blocks_publish_and_gets_the_focus(
    opens: Opens, incident: Incident, asking: IncidentTemplate, window: dict[str, int]
) -> None:
    ada = opens(window=window)
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    ada.tap("button", "Cause found")
    ada.tab.get_by_text("2 blanks to fill: what broke").wait_for()
    expect(ada.tab.locator(".marks mark.blank")).to_have_count(2)
    ada.tap("button", "Publish")
    ada.tab.get_by_text("Not published. Still open: what broke.").wait_for()
    expect(ada.tab.get_by_label("Text", exact=True)).to_be_focused()
    assert ada.tab.evaluate(SELECTED) == "{?what broke}"
    assert incident.updates.count() == 1
    ada.tab.keyboard.type("a full disk")
    ada.tap("button", "Next")
    assert ada.tab.evaluate(SELECTED) == "{?when}"
    ada.tab.keyboard.type("03:40")
    ada.tap("button", "Publish")
    ada.tab.get_by_text("Posted. The page shows it now.").wait_for()
    newest = incident.updates.get(body__contains="full disk")
    assert newest.body == "We know the cause: a full disk. API and Webhooks will be back by 03:40."


def test_c14_without_script_the_form_comes_back_with_the_focus_on_the_text(
    opens: Opens, incident: Incident, asking: IncidentTemplate
) -> None:
    ada = opens(java_script_enabled=False)
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    ada.tap("button", "Cause found")
    expect(ada.tab.get_by_label("Text", exact=True)).to_have_value(re.compile("^We know the cause"))
    ada.tap("button", "Publish")
    expect(ada.tab.get_by_role("alert")).to_contain_text("One thing is still open: what broke.")
    expect(ada.tab.get_by_label("Text", exact=True)).to_be_focused()
    assert incident.updates.count() == 1
