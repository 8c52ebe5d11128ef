"""C18: the keyboard map."""

import pytest
from playwright.sync_api import expect

from incidents.timeline.models import Incident, IncidentTemplate, Page
from tests.journeys.console.conftest import DESK, Opens
from tests.journeys.console.person import Person

pytestmark = pytest.mark.django_db(transaction=True)

LISTED = ["c", "u", "m", "/", "j", "k", "Enter", "Alt", "1", "5", "g", "n", "h", "d", "s", "?"]


@pytest.fixture
def ada(opens: Opens, page: Page) -> Person:
    ada = opens(window=DESK)
    ada.tab.goto(f"{ada.address}/console/")
    return ada


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ("c", "/console/incidents/new"),
        ("m", "/console/maintenances/new"),
        ("/", "/console/search"),
        ("g n", "/console/"),
        ("g h", "/console/history"),
        ("g d", "/console/deliveries"),
        ("g s", "/console/subscribers"),
    ],
)
def test_c18_letters_go_where_the_list_says(ada: Person, keys: str, path: str) -> None:
    ada.tab.goto(f"{ada.address}/console/more")
    for key in keys.split():
        ada.press(key)
    ada.tab.wait_for_url(f"**{path}")


def test_c18_the_list_opens_with_a_question_mark_and_names_every_key(ada: Person) -> None:
    ada.press("?")
    dialog = ada.tab.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    named = dialog.locator("kbd").all_inner_texts()
    assert set(LISTED) <= set(named)
    ada.press("Escape")
    expect(dialog).to_be_hidden()


def test_c18_u_focuses_the_composer_from_anywhere(ada: Person, incident: Incident) -> None:
    ada.tab.goto(f"{ada.address}/console/more")
    ada.press("u")
    ada.tab.wait_for_url(f"**/console/incidents/{incident.code}#id_body")
    expect(ada.tab.get_by_label("Text", exact=True)).to_be_focused()


def test_c18_the_composer_has_keys_for_phases_and_publish(ada: Person, incident: Incident) -> None:
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    ada.press("u")
    ada.tab.keyboard.type("We found the cause.")
    ada.press("Alt+2")
    expect(ada.tab.locator("[name=phase]:checked")).to_have_value("identified")
    ada.tab.get_by_label("Text", exact=True).focus()
    ada.press("Control+Enter")
    ada.tab.get_by_text("Posted. The page shows it now.").wait_for()
    assert incident.updates.order_by("-pk")[0].phase.slug == "identified"


def test_c18_j_and_k_move_and_enter_opens(ada: Person, page: Page, incident: Incident) -> None:
    ada.tab.goto(f"{ada.address}/console/incidents")
    ada.press("j")
    expect(ada.tab.locator(".row-link").first).to_be_focused()
    ada.press("Enter")
    ada.tab.wait_for_url(f"**/console/incidents/{incident.code}")


def test_c18_letters_are_silent_in_fields(ada: Person, incident: Incident, template: IncidentTemplate) -> None:
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    ada.tab.get_by_label("Text", exact=True).focus()
    ada.tab.keyboard.type("c m / ? g n j")
    assert ada.said() == "c m / ? g n j"
    assert ada.tab.url.endswith(incident.code)
    expect(ada.tab.locator("#keys-list")).to_be_hidden()


def test_c18_letters_can_be_switched_off_and_on(ada: Person) -> None:
    ada.tab.goto(f"{ada.address}/console/keys")
    ada.tap("button", "Switch letters off in this browser")
    ada.tab.get_by_role("button", name="Switch letters on").wait_for()
    ada.tab.goto(f"{ada.address}/console/more")
    for key in ("c", "m", "?"):
        ada.press(key)
    expect(ada.tab.locator("#keys-list")).to_be_hidden()
    assert ada.tab.url.endswith("/console/more")
    ada.tab.goto(f"{ada.address}/console/keys")
    ada.tap("button", "Switch letters on")
    ada.tab.get_by_role("button", name="Switch letters off in this browser").wait_for()
    ada.tab.goto(f"{ada.address}/console/more")
    ada.press("c")
    ada.tab.wait_for_url("**/console/incidents/new")
