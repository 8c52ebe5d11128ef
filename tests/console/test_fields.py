"""What the fields of the console's forms take, and what they say to the rest."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.forms import ValidationError
from django.test import Client
from django.utils.timezone import override

from incidents.console.forms.fields import MomentField
from incidents.lib.clock import now
from incidents.timeline.models import Event, Page
from tests.build import make_incident
from tests.console.filling import send

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_time_the_clocks_skip_is_refused_in_plain_words() -> None:
    with override(BERLIN), pytest.raises(ValidationError) as refusal:
        MomentField().clean("2026-03-29T02:30")
    assert refusal.value.messages == ["02:30 does not exist on that day: the clocks go forward. Choose another time."]


def test_a_time_that_comes_twice_means_the_first() -> None:
    with override(BERLIN):
        moment = MomentField().clean("2026-10-25T02:30")
    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_second_of_two_equal_times_is_unchanged_when_left_alone() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with override(BERLIN):
        assert not MomentField().has_changed(second, "2026-10-25T02:30")
        assert MomentField().has_changed(second, "2026-10-25T02:31")


def test_a_time_with_a_zone_of_its_own_means_that_zone() -> None:
    with override(BERLIN):
        assert MomentField().clean("2026-07-01T12:00Z") == datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59", "1994-12-31T23:59", "2090-01-01T00:00"])
def test_a_year_that_cannot_be_right_is_refused_at_the_field(page: Page, ada: Client, typed: str) -> None:
    incident = make_incident(page, at=now())
    before = Event.objects.count()
    show, edit = f"/console/incidents/{incident.code}", f"/console/incidents/{incident.code}/edit"
    for answer in (
        send(ada, show, f"{show}/updates", body="Words.", posted_at=typed),
        send(ada, "/console/incidents/new", "/console/incidents", title="T", body="B", impact_started_at=typed),
        send(ada, edit, impact_ended_at=typed),
        send(ada, "/console/maintenances/new", "/console/maintenances", title="T", body="B", starts_at=typed),
    ):
        assert answer.status_code == 422
        assert "cannot be right; choose one from 1995 to" in answer.content.decode()
    assert Event.objects.count() == before


def test_an_empty_title_and_an_empty_text_are_named_together(page: Page, ada: Client) -> None:
    window = {"starts_at": "2030-01-01T10:00", "ends_at": "2030-01-01T11:00"}
    for shown_at, action, more in (
        ("/console/incidents/new", "/console/incidents", {}),
        ("/console/maintenances/new", "/console/maintenances", window),
    ):
        answer = send(ada, shown_at, action, title="", body=" ", **more)
        assert answer.status_code == 422
        for words in ("2 things to mend", "The title is empty", "The text is empty"):
            assert words in answer.content.decode()


def test_characters_nobody_can_see_are_cleaned_away(page: Page, ada: Client) -> None:
    said = {"title": "Err\0ors", "body": "So\0me."}
    assert send(ada, "/console/incidents/new", "/console/incidents", **said).status_code == 303
    incident = page.incidents.get()
    assert (incident.title, incident.updates.get().body) == ("Errors", "Some.")


def test_a_field_speaks_of_people_and_not_of_values(page: Page, ada: Client) -> None:
    answer = send(ada, "/console/page", product_url=f"https://{'a' * 250}.example", postmortem_due_days="400")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "200 is the most." in shown
    assert "Write 365 or less." in shown
    assert "Ensure this value" not in shown
