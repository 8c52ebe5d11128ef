"""What stands in an address or a hidden field, and no person typed: refused as what it is, and nothing changed."""

from typing import Any

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.holding import release_due
from incidents.timeline.models import Component, Draft, Event, HeldPost, Incident, Page
from tests.build import make_incident, minutes
from tests.console.filling import fields_in, form_at, send

REPORT, NEW = "/console/incidents", "/console/incidents/new"
MANY_DIGITS = "9" * 5_000
HUGE = "9" * 30


@pytest.fixture
def incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=now() - minutes(20), components={api: "partial_outage"})


def composer(ada: Client, incident: Incident, **said: Any) -> dict[str, Any]:
    address = f"/console/incidents/{incident.code}"
    return {**form_at(ada, address, action=f"{address}/updates"), "body": "Found it.", **said}


@pytest.mark.parametrize("number", [MANY_DIGITS, HUGE, "-1", "x", "٣"])
@pytest.mark.parametrize(
    "address", [f"{NEW}?template=", "/console/maintenances/new?template=", "/console/guide/new?text="]
)
def test_a_number_of_nothing_is_not_found(page: Page, ada: Client, address: str, number: str) -> None:
    assert ada.get(f"{address}{number}").status_code == 404


@pytest.mark.parametrize("code", ["%00", "x" * 400, "é"])
def test_a_report_opens_without_what_its_address_names_in_vain(page: Page, ada: Client, code: str) -> None:
    for name in ("component", "draft"):
        assert ada.get(f"{NEW}?{name}={code}").status_code == 200


@pytest.mark.parametrize("number", [MANY_DIGITS, HUGE])
def test_a_caret_nobody_has_puts_a_template_at_the_end(ada: Client, incident: Incident, number: str) -> None:
    kept = incident.page.templates.create(name="F", body="Prepared.", created_at=now(), updated_at=now())
    form = composer(ada, incident, caret_from=number, caret_to=number)
    answer = ada.post(f"/console/incidents/{incident.code}/updates/template/{kept.pk}", form)
    assert answer.status_code == 200
    shown = fields_in(answer, action=f"/console/incidents/{incident.code}/updates")
    assert shown["body"] == "Found it.\n\nPrepared."


@pytest.mark.parametrize("number", [MANY_DIGITS, HUGE])
def test_a_held_post_nobody_has_is_one_that_was_not_seen(ada: Client, incident: Incident, number: str) -> None:
    form = composer(ada, incident)
    form["seen"] = f"{form['seen']} {number}"
    assert ada.post(f"/console/incidents/{incident.code}/updates", form).status_code == 303


@pytest.mark.parametrize("code", ["", "x", "\x00", "x" * 400])
def test_a_report_whose_draft_has_no_code_can_be_taken_back(page: Page, ada: Client, code: str) -> None:
    page.edit(hold_seconds=10, by="test", at=now())
    answer = send(ada, NEW, REPORT, title="Errors", body="We look.", draft=code)
    if answer.status_code == 422:
        assert not HeldPost.objects.exists()
        return
    held = HeldPost.objects.get()
    assert ada.post(f"/console/held/{held.pk}/undo").status_code == 303
    assert Draft.objects.get().text == "We look."
    assert not release_due(at=now() + minutes(1))


def test_a_save_under_a_broken_key_keeps_the_draft(page: Page, ada: Client, incident: Incident) -> None:
    address = f"/console/drafts/{incident.code}"
    assert ada.post(address, {"body": "Half a", "request_key": "\x00"}).status_code == 200
    assert Draft.objects.get().text == "Half a"


def test_an_error_that_does_not_exist_causes_nothing(ada: Client, incident: Incident) -> None:
    before = Event.objects.count()
    for entry in ("", "x", "\x00", "x" * 400):
        answer = ada.post(f"/console/incidents/{incident.code}/errors", {"entry": entry, "verdict": "causes"})
        assert answer.status_code == 404
        assert ada.post("/console/guide/preview", {"entry": entry or "x"}).status_code == 404
    assert Event.objects.count() == before
