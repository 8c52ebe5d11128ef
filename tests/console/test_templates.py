"""Templates."""

from django.test import Client

from incidents.timeline.models import Component, Event, IncidentTemplate, Page
from tests.console.filling import form_at, send

NEW, LIST = "/console/templates/new", "/console/templates"


def test_templates_are_added_edited_and_removed(ada: Client, page: Page, api: Component) -> None:
    said = {"name": "API errors", "title": "Errors", "body": "Some fail.", "phase": "identified"}
    answer = send(ada, NEW, LIST, **said, **{f"state_{api.code}": "partial_outage"})
    assert answer.status_code == 303
    template = IncidentTemplate.objects.get()
    assert (template.component_states(), template.notify) == ({api: "partial_outage"}, True)
    one = f"{LIST}/{template.pk}"
    assert form_at(ada, one)[f"state_{api.code}"] == "partial_outage"
    assert send(ada, one, body="Many fail.", notify=None).status_code == 303
    template.refresh_from_db()
    assert (template.body, template.notify, template.component_states()) == (
        "Many fail.",
        False,
        {api: "partial_outage"},
    )
    assert "API errors" in ada.get(LIST).content.decode()
    assert send(ada, f"{one}/removal").status_code == 303
    assert not IncidentTemplate.objects.exists()
    assert ada.get(one).status_code == 404


def test_bad_templates_change_nothing(ada: Client, page: Page) -> None:
    send(ada, NEW, LIST, name="First", body="x")
    before = Event.objects.count()
    for bad in ({"name": ""}, {"body": ""}, {"name": "First"}, {"phase": "nonsense"}, {"kind": "party"}):
        assert send(ada, NEW, LIST, **{"name": "Second", "body": "x", **bad}).status_code == 422, bad
    assert Event.objects.count() == before


def test_the_preview_keeps_nothing(ada: Client, page: Page) -> None:
    answer = ada.post(f"{LIST}/preview", {"body": "**x**"}, headers={"HX-Request": "true"})
    assert "<strong>x</strong>" in answer.content.decode()
    assert not IncidentTemplate.objects.exists()


def test_a_template_is_tried_out_with_what_might_be_true(ada: Client, page: Page, api: Component) -> None:
    said = {"kind": "incident", "title": "{components} fails", "body": "For {duration}. {?what you saw} {next_update}"}
    text = ada.post(f"{LIST}/preview", {**said, f"state_{api.code}": "major_outage"}).content.decode()
    assert "API fails" in text
    assert "For 24 minutes." in text
    assert "{?what you saw}" in text, "a person fills it"
    planned = ada.post(f"{LIST}/preview", {"kind": "maintenance", "body": "For {duration}."}).content.decode()
    assert "For 2 hours." in planned
    assert "when the next update is due" in ada.get(NEW).content.decode()


def test_b071_a_variable_that_does_not_exist_is_refused_with_the_nearest_name(ada: Client, page: Page) -> None:
    answer = send(ada, NEW, LIST, name="First", body="{compnents} fail.")
    assert answer.status_code == 422
    assert "Did you mean {components}?" in answer.content.decode()
    assert not IncidentTemplate.objects.exists()
    assert ada.post(f"{LIST}/preview", {"body": "{compnents} fail."}).status_code == 200
