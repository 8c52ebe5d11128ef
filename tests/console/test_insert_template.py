"""Putting a template into what is typed."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from incidents.console.forms.inserting import inserted
from incidents.lib.clock import now
from incidents.timeline.models import Component, Incident, IncidentTemplate, Page
from tests.build import make_incident, minutes
from tests.console.filling import fields_in


@pytest.mark.parametrize(
    ("text", "caret", "becomes"),
    [
        ("", "", "NEW"),
        ("One.", "", "One.\n\nNEW"),
        ("One. Two.", "5,5", "One. NEW Two."),
        ("One. Two.", "5,9", "One. NEW"),
        ("One. Two.", "9,5", "One. NEW"),
        ("🌙 Two.", "3,3", "🌙 NEW Two."),
        ("One.\r\nTwo.", "5,5", "One.\nNEW Two."),
        ("One.", "999,999", "One. NEW"),
    ],
)
def test_it_goes_where_the_caret_is_counted_as_browsers_count(text: str, caret: str, becomes: str) -> None:
    whole, end = inserted(text, "NEW", caret=caret)
    assert whole == becomes
    assert whole.encode("utf-16-le")[: 2 * end].decode("utf-16-le").endswith("NEW")


@pytest.fixture
def incident(page: Page, api: Component) -> Incident:
    return make_incident(page, at=now() - minutes(20), components={api: "partial_outage"})


@pytest.fixture
def template(page: Page, api: Component) -> IncidentTemplate:
    states = {api: "degraded_performance"}
    phase = page.phase("identified")
    return IncidentTemplate.keep(page=page, name="F", body="Found.", phase=phase, components=states, by="t", at=now())


def insert(client: Client, incident: Incident, template: IncidentTemplate, **said: str) -> dict[str, str]:
    to = f"/console/incidents/{incident.code}"
    form = {**fields_in(client.get(to), action=f"{to}/updates"), **said}
    answer = client.post(f"{to}/updates/template/{template.pk}", form)
    assert answer.status_code == 200
    return fields_in(answer, action=f"{to}/updates")


def test_text_phase_and_states_are_taken_over(
    ada: Client, incident: Incident, template: IncidentTemplate, api: Component
) -> None:
    form = insert(ada, incident, template, body="Mine.")
    assert (form["body"], form["phase"], form["used"]) == ("Mine.\n\nFound.", "identified", str(template.pk))
    assert form[f"state_{api.code}"] == "degraded_performance"
    assert incident.updates.count() == 1


def test_it_can_replace_the_whole_text(ada: Client, incident: Incident, template: IncidentTemplate) -> None:
    assert insert(ada, incident, template, body="Mine.", instead="on")["body"] == "Found."


def test_whether_subscribers_are_told_stays_as_it_was(
    ada: Client, incident: Incident, template: IncidentTemplate
) -> None:
    incident.post_update(body="Quietly.", notify=False, by=User.objects.get(username="ada"), at=now())
    assert "notify" not in insert(ada, incident, template)


def test_templates_used_most_come_first(ada: Client, page: Page, template: IncidentTemplate) -> None:
    IncidentTemplate.keep(page=page, name="A", body="Words.", by="t", at=now())
    IncidentTemplate.count_use(page, [template.pk])
    assert [one.name for one in ada.get("/console/incidents/new").context["templates"]] == ["F", "A"]


def test_templates_that_name_the_component_asked_about_come_first_of_all(
    ada: Client, page: Page, api: Component, template: IncidentTemplate
) -> None:
    other = IncidentTemplate.keep(page=page, name="A", body="Words.", by="t", at=now())
    IncidentTemplate.count_use(page, [other.pk])
    shown = ada.get("/console/incidents/new", {"component": api.code}).context["templates"]
    assert [one.name for one in shown] == ["F", "A"]


def test_a_template_of_another_page_is_not_found(ada: Client, incident: Incident) -> None:
    assert ada.post(f"/console/incidents/{incident.code}/updates/template/99999").status_code == 404
