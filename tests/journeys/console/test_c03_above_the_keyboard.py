"""C03: what is in sight at once, on a phone with its keyboard open."""

import pytest

from incidents.timeline.models import Incident
from tests.journeys.console.conftest import ABOVE_THE_KEYBOARD, Opens

pytestmark = pytest.mark.django_db(transaction=True)

LINE = 17 * 1.5


def test_c03_phase_four_lines_recipients_and_publish_are_in_sight_at_once(opens: Opens, incident: Incident) -> None:
    ada = opens(window=ABOVE_THE_KEYBOARD)
    ada.tab.goto(f"{ada.address}/console/incidents/{incident.code}")
    boxes = {
        name: ada.tab.locator(selector).bounding_box()
        for name, selector in {"stepper": ".stepper", "text": "#id_body", "strip": ".strip"}.items()
    }
    stepper, text, strip = boxes["stepper"], boxes["text"], boxes["strip"]
    assert stepper is not None
    assert text is not None
    assert strip is not None
    assert stepper["y"] >= 0
    assert strip["y"] + strip["height"] <= ABOVE_THE_KEYBOARD["height"]
    assert min(text["y"] + text["height"], strip["y"]) - text["y"] >= 4 * LINE
    for words in ("Publish", "1 email"):
        box = ada.tab.locator(".strip").get_by_text(words, exact=True).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= ABOVE_THE_KEYBOARD["height"]
    assert ada.tab.evaluate("scrollY") == 0
