"""Reporting an incident."""

from datetime import timedelta

from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, Event, Incident, IncidentTemplate, Page
from tests.build import make_component, make_page
from tests.console.filling import form_at, send

NEW, TO = "/console/incidents/new", "/console/incidents"


def test_a_report_opens_an_incident_with_states_and_one_event(ada: Client, page: Page, api: Component) -> None:
    said = {"title": "API is slow", "body": "We look.", f"state_{api.code}": "degraded_performance"}
    answer = send(ada, NEW, TO, **said)
    incident = Incident.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/console/incidents/{incident.code}")
    api.refresh_from_db()
    update = incident.updates.get()
    assert (incident.title, update.body, api.status) == ("API is slow", "We look.", "degraded_performance")
    assert (update.author_name, incident.phase.slug, update.notify) == ("ada", "investigating", True)
    assert update.next_update_due_at is not None
    assert Event.objects.filter(kind="incident.opened").count() == 1
    assert "Posted." in ada.get(answer["Location"]).content.decode()


def test_sent_twice_it_reports_once(ada: Client, page: Page) -> None:
    form = {**form_at(ada, NEW, action=TO), "title": "API is slow", "body": "We look."}
    first, second = ada.post(TO, form), ada.post(TO, form)
    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == 1


def test_the_key_of_a_used_form_is_renewed_when_it_says_something_else(ada: Client, page: Page) -> None:
    form = {**form_at(ada, NEW, action=TO), "title": "API is slow", "body": "We look."}
    ada.post(TO, form)
    answer = ada.post(TO, {**form, "body": "Another text."})
    assert answer.status_code == 422
    assert "Another text." in answer.content.decode()
    assert form["request_key"] not in answer.content.decode()


def test_bad_input_is_said_at_its_field_and_changes_nothing(ada: Client, page: Page, api: Component) -> None:
    before = Event.objects.count()
    tomorrow = f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    good = {"title": "API is slow", "body": "We look."}
    for bad, field in (
        ({"title": " \u200b "}, "id_title"),
        ({"title": "x" * 256}, "id_title"),
        ({"body": ""}, "id_body"),
        ({"body": "x" * 25_001}, "id_body"),
        ({"phase": "scheduled"}, "id_phase"),
        ({f"state_{api.code}": "on_fire"}, f"id_state_{api.code}"),
        ({"posted_at": tomorrow}, "id_posted_at"),
        ({"impact_started_at": tomorrow}, "id_impact_started_at"),
        ({"impact_started_at": "soon"}, "id_impact_started_at"),
        ({"started": "-5"}, "id_started"),
        ({"impact_override": "huge"}, "id_impact_override"),
    ):
        answer = send(ada, NEW, TO, **{**good, **bad})
        assert answer.status_code == 422, bad
        assert f'href="#{field}"' in answer.content.decode(), bad
    assert (Event.objects.count(), Incident.objects.count()) == (before, 0)


def test_the_typed_text_is_kept_and_the_mistake_takes_the_focus(ada: Client, page: Page) -> None:
    text = send(ada, NEW, TO, title="", body="A long text <b>typed</b>").content.decode()
    assert "A long text &lt;b&gt;typed&lt;/b&gt;" in text
    assert text.count("autofocus") == 1


def test_a_component_of_another_page_is_refused(ada: Client, page: Page) -> None:
    other = make_component(make_page(name="Other", host="other.example", at=page.created_at))
    answer = send(ada, NEW, TO, title="x", body="y", **{f"state_{other.code}": "major_outage"})
    assert answer.status_code == 422
    assert Incident.objects.count() == 0


def test_a_template_fills_the_form(ada: Client, page: Page, api: Component) -> None:
    template = IncidentTemplate.keep(
        page=page,
        name="API errors",
        title="Elevated error rates",
        body="Some requests fail.",
        phase=page.phase("identified"),
        components={api: "partial_outage"},
        notify=False,
        by="test",
        at=page.created_at,
    )
    form = form_at(ada, f"{NEW}?template={template.pk}", action=TO)
    assert (form["title"], form["body"], form["phase"]) == ("Elevated error rates", "Some requests fail.", "identified")
    assert form[f"state_{api.code}"] == "partial_outage"
    assert "notify" not in form
    assert ada.get(f"{NEW}?template=99999").status_code == 404
    assert ada.get(f"{NEW}?template=x").status_code == 404


def test_open_with_this_component_presets_its_state(ada: Client, page: Page, api: Component) -> None:
    api.set_status("major_outage", by="test", at=now())
    form = form_at(ada, f"{NEW}?component={api.code}", action=TO)
    assert form[f"state_{api.code}"] == "major_outage"


def test_the_start_may_lie_back_and_the_impact_be_set_by_hand(ada: Client, page: Page) -> None:
    send(ada, NEW, TO, title="x", body="y", started="15", impact_override="critical", detected_by="customer")
    incident = Incident.objects.get()
    assert timedelta(minutes=14) < now() - incident.impact_started_at < timedelta(minutes=16)
    assert (incident.impact, incident.detected_by) == ("critical", "customer")


def test_the_preview_shows_the_text_as_readers_will_see_it_and_keeps_nothing(ada: Client, page: Page) -> None:
    said = {"title": "", "body": "It is **down**", "phase": "investigating"}
    whole = ada.post(f"{TO}/preview", said)
    part = ada.post(f"{TO}/preview", said, headers={"HX-Request": "true"})
    for answer in (whole, part):
        assert "<strong>down</strong>" in answer.content.decode()
    assert "<html" in whole.content.decode()
    assert "<html" not in part.content.decode()
    assert 'id="audience" hx-swap-oob="true"' in part.content.decode()
    assert "mistakes" not in whole.content.decode()
    assert Incident.objects.count() == 0
