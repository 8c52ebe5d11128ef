"""IncidentTemplate: what to say, prepared in daylight."""

import pytest

from incidents.models import IncidentTemplate
from incidents.timeline.refusals import DuplicateName, EmptyText, ForeignComponent
from tests.build import NOON, make_component, make_page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def keep(page, **fields) -> IncidentTemplate:
    return IncidentTemplate.keep(page=page, by="t", at=NOON, **{"name": "API errors", "body": "We look.", **fields})


def test_a_template_proposes_states_and_can_be_written_anew() -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    template = keep(page, components={api: "partial_outage"})
    assert template.component_states() == {api: "partial_outage"}

    keep(page, template=template, name="Renamed", components={web: "major_outage"})
    template.refresh_from_db()
    assert template.name == "Renamed"
    assert template.component_states() == {web: "major_outage"}
    web.archive(by="t", at=NOON)
    assert template.component_states() == {}


def test_bad_input_is_refused() -> None:
    page = make_page()
    keep(page)
    foreign = make_component(make_page(name="Other"))
    for refusal, fields in [
        (DuplicateName, {}),
        (EmptyText, {"name": "B", "body": ""}),
        (ForeignComponent, {"name": "C", "components": {foreign: "operational"}}),
    ]:
        with pytest.raises(refusal):
            keep(page, **fields)
    assert IncidentTemplate.objects.count() == 1
