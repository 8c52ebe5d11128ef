"""Posting an update from the console."""

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.lib.markdown import render_markdown
from incidents.notifications.models import Delivery
from incidents.subscriptions.recipients import recipients
from incidents.timeline.models import Component, Event, Incident, IncidentTemplate, Page
from tests.build import make_component, make_incident, make_page, make_subscriber, minutes
from tests.console.filling import form_at, send


@pytest.fixture
def incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=now() - minutes(20), components={api: "partial_outage"})


def address(incident: Incident) -> str:
    return f"/console/incidents/{incident.code}"


def test_an_update_is_posted_by_the_person_with_phase_and_states(
    ada: Client, incident: Incident, api: Component
) -> None:
    said = {"body": "Found it.", "phase": "identified", f"state_{api.code}": "degraded_performance"}
    answer = send(ada, address(incident), f"{address(incident)}/updates", **said)
    assert (answer.status_code, answer["Location"]) == (303, address(incident))
    incident.refresh_from_db()
    api.refresh_from_db()
    update = incident.updates.newest_first()[0]
    assert (incident.phase.slug, update.body, update.author_name) == ("identified", "Found it.", "ada")
    assert api.status == "degraded_performance"
    assert [(change.old, change.new) for change in update.component_changes.all()] == [
        ("partial_outage", "degraded_performance")
    ]


def test_a_state_left_alone_is_no_statement_even_if_somebody_moved_it_meanwhile(
    ada: Client, incident: Incident, api: Component
) -> None:
    form = form_at(ada, address(incident), action=f"{address(incident)}/updates")
    api.set_status("operational", by="colleague", at=now())
    ada.post(f"{address(incident)}/updates", {**form, "body": "Still looking."})
    api.refresh_from_db()
    assert api.status == "operational"


def test_sent_twice_it_posts_once(ada: Client, incident: Incident) -> None:
    form = {**form_at(ada, address(incident), action=f"{address(incident)}/updates"), "body": "Found it."}
    for _ in range(2):
        assert ada.post(f"{address(incident)}/updates", form).status_code == 303
    assert incident.updates.count() == 2
    assert Event.objects.filter(kind="incident.updated").count() == 1


def test_without_a_choice_the_phase_stays(ada: Client, incident: Incident) -> None:
    send(ada, address(incident), f"{address(incident)}/updates", body="Still looking.", phase=None)
    incident.refresh_from_db()
    assert incident.phase.slug == "investigating"


def test_bad_input_is_a_422_that_keeps_the_text_and_changes_nothing(
    ada: Client, incident: Incident, api: Component
) -> None:
    other = make_component(make_page(name="Other", host="other.example", at=incident.page.created_at))
    before = Event.objects.count()
    for bad in (
        {"body": "  "},
        {"body": "x" * 25_001},
        {"phase": "postmortem"},
        {"phase": "completed"},
        {"promise": "1000000"},
        {"posted_at": "2999-01-01T00:00"},
        {f"state_{other.code}": "major_outage"},
        {f"state_{api.code}": "nonsense"},
    ):
        answer = send(ada, address(incident), f"{address(incident)}/updates", **{"body": "Kept text.", **bad})
        assert answer.status_code == 422, bad
        assert "body" in bad or "Kept text." in answer.content.decode()
    assert Event.objects.count() == before


def test_a_refused_post_answers_htmx_with_the_composer_alone(ada: Client, incident: Incident) -> None:
    answer = ada.post(f"{address(incident)}/updates", {"body": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'id="composer"' in text
    assert "<html" not in text


def test_the_preview_is_the_published_html(ada: Client, incident: Incident) -> None:
    body = "It is **back**.\n\n| a | b |\n|---|---|\n| 1 | <script>alert(1)</script> |\n\n    code"
    to = f"{address(incident)}/updates"
    shown = ada.post(f"{to}/preview", {"body": body, "phase": "identified"}).content.decode()
    send(ada, address(incident), to, body=body, phase="identified")
    public = ada.get(f"/incidents/{incident.code}").content.decode()
    prose = shown.split('<div class="prose" dir="auto">')[1].split('<p class="update-timestamp"')[0]
    assert prose
    assert prose in public
    assert "<script>alert" not in shown
    assert incident.updates.newest_first()[0].html == render_markdown(body)


def test_choosing_resolved_proposes_operational_and_leaves_it_correctable(
    ada: Client, incident: Incident, api: Component
) -> None:
    form = form_at(ada, address(incident), action=f"{address(incident)}/updates")
    part = ada.post(
        f"{address(incident)}/updates/states", {**form, "phase": "resolved"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert '<option value="operational" selected>' in part
    assert "was Partial outage" in part
    form = form_at(ada, f"{address(incident)}?phase=resolved", action=f"{address(incident)}/updates")
    assert (form[f"state_{api.code}"], form["phase"]) == ("operational", "resolved")
    ada.post(f"{address(incident)}/updates", {**form, "body": "Over."})
    incident.refresh_from_db()
    api.refresh_from_db()
    assert (incident.is_open, api.status) == (False, "operational")


def test_without_script_resolving_stops_once_to_show_the_states(
    ada: Client, incident: Incident, api: Component
) -> None:
    to = f"{address(incident)}/updates"
    answer = send(ada, address(incident), to, body="Over.", phase="resolved")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Resolving sets these components to Operational" in text
    assert '<option value="operational" selected>' in text
    incident.refresh_from_db()
    assert incident.is_open


def test_a_component_another_open_incident_holds_stays_down(
    ada: Client, page: Page, incident: Incident, api: Component
) -> None:
    make_incident(page, at=now() - minutes(5), title="Another", components={api: "partial_outage"})
    form = form_at(ada, f"{address(incident)}?phase=resolved", action=f"{address(incident)}/updates")
    assert form[f"state_{api.code}"] == "partial_outage"


def test_a_template_is_inserted_under_what_is_typed(ada: Client, incident: Incident, api: Component) -> None:
    template = IncidentTemplate.keep(
        page=incident.page,
        name="Rolling back",
        body="We roll back.",
        phase=incident.page.phase("monitoring"),
        components={api: "degraded_performance"},
        by="test",
        at=incident.created_at,
    )
    form = {**form_at(ada, address(incident), action=f"{address(incident)}/updates"), "body": "Typed."}
    to = f"{address(incident)}/updates/template/{template.pk}"
    for headers in ({}, {"HX-Request": "true"}):
        text = ada.post(to, form, headers=headers).content.decode()
        assert "Typed.\n\nWe roll back." in text
        assert '<option value="degraded_performance" selected>' in text
        assert 'value="monitoring" checked' in text
    assert incident.updates.count() == 1


def test_the_number_beside_publish_is_the_number_of_rows_made(ada: Client, incident: Incident, api: Component) -> None:
    for number in range(3):
        make_subscriber(incident.page, email=f"sam{number}@example.com")
    shown = ada.get(address(incident)).content.decode()
    assert "<strong>3 email</strong>" in shown
    assert recipients(page=incident.page, components=[api], incident=incident).count() == 3
    off = ada.post(f"{address(incident)}/updates/preview", {"body": "x"}, headers={"HX-Request": "true"})
    assert "Page and feeds only" in off.content.decode()


def test_c12_notify_keeps_its_last_value_for_the_incident(ada: Client, incident: Incident) -> None:
    to = f"{address(incident)}/updates"
    assert "notify" in form_at(ada, address(incident), action=to)
    send(ada, address(incident), to, body="Quietly.", notify=None)
    assert "notify" not in form_at(ada, address(incident), action=to)


def test_a_draft_becomes_public_with_its_first_update(ada: Client, page: Page) -> None:
    draft = Incident.prepare(page=page, title="Maybe", by="test", at=now())
    assert "Not public yet" in ada.get(address(draft)).content.decode()
    send(ada, address(draft), f"{address(draft)}/updates", body="Confirmed.")
    draft.refresh_from_db()
    assert draft.is_public


def test_the_incident_shows_how_far_its_mails_have_come(ada: Client, incident: Incident) -> None:
    event = Event.objects.get(kind="incident.opened")
    for number, state in enumerate(("sent", "queued", "failed")):
        subscriber = make_subscriber(incident.page, email=f"sam{number}@example.com")
        Delivery.objects.create(
            page=incident.page,
            event=event,
            incident=incident,
            subscriber=subscriber,
            kind="incident_opened",
            address=subscriber.address,
            message_id=f"<{number}@example.com>",
            state=state,
            sent_at=now() if state == "sent" else None,
        )
    assert "Email 1 of 3 sent · 1 failed · 1 waiting" in ada.get(address(incident)).content.decode()
