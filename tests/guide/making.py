"""Entries for tests, through the verbs and files the product uses."""

from datetime import datetime
from pathlib import Path
from typing import Any

from incidents.guide.contents import Contents
from incidents.guide.files.taking_over import look_at, take_over
from incidents.guide.models import Entry
from incidents.timeline.models import Page
from tests.build import NOON

EXAMPLE = Path(__file__).with_name("example.md")
DISABLED = "This application has been disabled"
"""The title of the entry most tests are about."""

RESPONSE = (
    "HTTP/1.1 403 Forbidden\nContent-Type: application/json\n\n"
    '{"message": "This application has been disabled", "type": "api_error"}'
)
"""What a developer had on the screen that night."""


def make_entry(page: Page, *, at: datetime = NOON, publish: bool = True, **said: Any) -> Entry:
    """Return a published entry, by default the one of that night."""
    usual = {
        "code": "403",
        "title": DISABLED,
        "cause": "The application was disabled.",
        "solution": "- Pay what is open.\n- Enable it again.",
        "messages": (DISABLED,),
    }
    return Entry.add(page=page, contents=Contents(**{**usual, **said}), publish=publish, by="test", at=at)


def make_guide(page: Page, *, at: datetime = NOON) -> list[Entry]:
    """Return the ten entries of the example; the page needs a component API."""
    plan = look_at(page, EXAMPLE.read_text(), is_yaml=False)
    assert plan.problems == ()
    assert take_over(plan, page=page, by="test", at=at) == []
    return list(Entry.objects.on(page))
