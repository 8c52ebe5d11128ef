"""What says nothing new, or follows at once on what people were told, is asked about once and then let through."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.notifications.fanout import fan_out
from incidents.notifications.models import FanOut
from incidents.timeline.models import Component, Event, Incident, Page
from tests.build import make_incident, make_subscribers, minutes
from tests.console.filling import fields_in, form_at, send


@pytest.fixture
def incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=now() - minutes(20), components={api: "partial_outage"})


def words(answer: Any) -> str:
    return str(answer.content.decode())


def post(ada: Client, incident: Incident, **said: Any) -> Any:
    address = f"/console/incidents/{incident.code}"
    return send(ada, address, f"{address}/updates", **said)


def test_b073_an_update_that_changes_nothing_is_asked_about_once(ada: Client, incident: Incident) -> None:
    post(ada, incident, body="Still looking.")
    address = f"/console/incidents/{incident.code}"
    form = {**form_at(ada, address, action=f"{address}/updates"), "body": " Still\x07 looking.\n"}
    asked = ada.post(f"{address}/updates", form)
    assert asked.status_code == 422
    assert "This says what the last update says" in words(asked)
    assert incident.updates.count() == 2
    again = fields_in(asked, action=f"{address}/updates")
    assert ada.post(f"{address}/updates", again).status_code == 303
    assert ada.post(f"{address}/updates", again).status_code == 303, "a double click is answered as the first"
    assert incident.updates.count() == 3


@pytest.mark.parametrize("said", [{"phase": "identified"}, {"body": "Still looking, and found it."}])
def test_b073_whatever_is_new_is_not_asked_about(ada: Client, incident: Incident, said: dict[str, str]) -> None:
    post(ada, incident, body="Still looking.")
    assert post(ada, incident, **{"body": "Still looking.", **said}).status_code == 303


def test_b073_another_state_is_new(ada: Client, incident: Incident, api: Component) -> None:
    post(ada, incident, body="Still looking.")
    changed = post(ada, incident, body="Still looking.", **{f"state_{api.code}": "major_outage", "states_for": ""})
    assert "This says what the last update says" not in words(changed)


def test_b089_telling_twice_within_a_minute_is_asked_about_once(page: Page, ada: Client, incident: Incident) -> None:
    make_subscribers(page, 3)
    event = Event.objects.get(update=incident.updates.get())
    assert fan_out(event_id=event.pk) == 3
    FanOut.objects.update(expanded_at=now() - timedelta(seconds=40))
    quiet = post(ada, incident, body="A quiet word.", notify=None)
    assert quiet.status_code == 303, "who tells nobody is not asked"
    asked = post(ada, incident, body="More.", notify="on")
    assert asked.status_code == 422
    assert re.search(r"3 people were told 4\d s ago", words(asked))
    assert incident.updates.count() == 2
    address = f"/console/incidents/{incident.code}/updates"
    assert ada.post(address, fields_in(asked, action=address)).status_code == 303
    assert incident.updates.newest_first()[0].body == "More."


def test_b089_after_a_minute_and_for_a_first_report_nobody_is_asked(
    page: Page, ada: Client, incident: Incident
) -> None:
    make_subscribers(page, 3)
    event = Event.objects.get(update=incident.updates.get())
    fan_out(event_id=event.pk)
    assert (
        send(ada, "/console/incidents/new", "/console/incidents", title="Another", body="It fails.").status_code == 303
    )
    FanOut.objects.update(expanded_at=now() - timedelta(seconds=61))
    assert post(ada, incident, body="More.").status_code == 303
