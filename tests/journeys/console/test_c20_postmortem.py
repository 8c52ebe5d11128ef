"""C20 in a browser: the postmortem beside its preview, with what is worth a second look, live."""

import pytest
from playwright.sync_api import expect

from incidents.lib.clock import now
from incidents.timeline.models import Page
from tests.build import make_incident, minutes
from tests.journeys.complaints import listen_for_complaints
from tests.journeys.console.conftest import DESK, Opens

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_text_stands_beside_its_preview_and_second_looks_follow(opens: Opens, page: Page) -> None:
    incident = make_incident(page, at=now() - minutes(90))
    incident.resolve(body="Over.", by="test", at=now() - minutes(30))
    ada = opens(window=DESK)
    complaints = listen_for_complaints(ada.tab)
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}/postmortem")
    field = ada.tab.locator("[name=draft]")
    text, preview = field.bounding_box(), ada.tab.locator("#rehearsal").bounding_box()
    assert text is not None
    assert preview is not None
    assert preview["x"] >= text["x"] + text["width"]
    looks = ada.tab.locator("#looks")
    expect(looks).to_contain_text("The hint is still there.")
    field.fill("## Impact\n\nIt hurt.")
    expect(looks).to_contain_text("There is no number")
    expect(looks).not_to_contain_text("hint")
    expect(ada.tab.locator("#rehearsal")).to_contain_text("It hurt.")
    # A newer question takes the place of one under way, on which htmx remarks.
    assert [one for one in complaints if "htmx:" not in one] == []
