"""Page truth: six ways in which a page contradicts itself, each with the moment since which it does."""

from datetime import datetime, timedelta

import pytest

from incidents.models import Component, Incident, Page, Postmortem
from incidents.timeline.truth import Doubt, doubts
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def page() -> Page:
    return make_page()


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


def told(page: Page, *, at: datetime) -> list[tuple[str, str, datetime]]:
    return [(str(one.kind), one.sentence, one.since) for one in doubts(page, at=at)]


def only(page: Page, *, at: datetime) -> Doubt:
    found = doubts(page, at=at)
    assert len(found) == 1, found
    return found[0]


def test_a_page_that_holds_together_has_none(page: Page, api: Component) -> None:
    make_incident(page, components={api: "partial_outage"})
    assert told(page, at=NOON + timedelta(days=1)) == []


def test_a_red_component_without_an_incident(page: Page, api: Component) -> None:
    api.set_status("major_outage", by="test", at=NOON)
    sentence = "API is in major outage but no open incident says why."
    assert told(page, at=NOON + minutes(1)) == [("silent", sentence, NOON)]
    make_incident(page, at=NOON + minutes(2), components={api: "major_outage"})
    assert told(page, at=NOON + minutes(3)) == []


def test_a_component_under_maintenance_while_none_runs(page: Page, api: Component) -> None:
    api.set_status("under_maintenance", by="test", at=NOON)
    assert only(page, at=NOON).sentence == "API is under maintenance but no maintenance is running."


@pytest.mark.parametrize("phase", ["investigating", "identified"])
def test_an_open_incident_while_all_is_green(page: Page, api: Component, phase: str) -> None:
    make_incident(page, title="Errors", components={api: "operational"}, phase=page.phase(phase))
    assert told(page, at=NOON + minutes(9)) == []
    doubt = only(page, at=NOON + minutes(10))
    assert doubt.sentence == "“Errors” is open although everything it names is operational."
    assert doubt.since == NOON + minutes(10)


def test_an_incident_that_names_nothing_is_compared_with_the_whole_page(page: Page, api: Component) -> None:
    make_incident(page, title="Errors")
    assert only(page, at=NOON + minutes(10)).sentence == "“Errors” is open although everything is operational."
    make_incident(page, title="Other", components={api: "degraded_performance"})
    assert told(page, at=NOON + minutes(11)) == []


def test_a_fix_may_be_watched_for_an_hour_while_all_is_green(page: Page, api: Component) -> None:
    incident = make_incident(page, components={api: "major_outage"})
    incident.post_update(
        body="Fixed.", phase=page.phase("monitoring"), components={api: "operational"}, by="test", at=NOON + minutes(30)
    )
    assert told(page, at=NOON + minutes(89)) == []
    assert only(page, at=NOON + minutes(90)).kind == "all_green"


def test_what_staff_say_has_no_impact_contradicts_nothing(page: Page, api: Component) -> None:
    make_incident(page, components={api: "operational"}, impact_override="none")
    assert told(page, at=NOON + timedelta(days=1)) == []


def test_an_overdue_update(page: Page, api: Component) -> None:
    incident = make_incident(
        page, title="Errors", components={api: "partial_outage"}, next_update_due_at=NOON + minutes(30)
    )
    assert told(page, at=NOON + minutes(30)) == []
    doubt = only(page, at=NOON + minutes(36))
    assert doubt.sentence == "An update on “Errors” was due 12:30 UTC, 6 minutes ago."
    assert doubt.since == NOON + minutes(30)
    incident.post_update(body="Still.", by="test", at=NOON + minutes(37))
    assert told(page, at=NOON + minutes(38)) == []


def test_a_maintenance_past_its_start_or_end(page: Page) -> None:
    late = make_maintenance(page, at=NOON, title="Upgrade", starts_at=NOON + minutes(60), ends_at=NOON + minutes(90))
    assert only(page, at=NOON + minutes(65)).sentence == "“Upgrade” should have started 5 minutes ago."
    late.start(by="test", at=NOON + minutes(66))
    assert told(page, at=NOON + minutes(89)) == []
    doubt = only(page, at=NOON + minutes(100))
    assert (doubt.sentence, doubt.since) == ("“Upgrade” is running 10 minutes over.", NOON + minutes(90))


def test_a_resolved_incident_that_left_a_component_red(page: Page, api: Component) -> None:
    incident = make_incident(page, title="Errors", components={api: "major_outage"})
    incident.resolve(body="Over.", components={api: "partial_outage"}, by="test", at=NOON + minutes(20))
    doubt = only(page, at=NOON + minutes(21))
    assert doubt.sentence == "“Errors” is resolved but API still is in partial outage."
    assert (doubt.code, doubt.component, doubt.since) == (incident.code, api.code, NOON + minutes(20))


def test_a_component_that_turns_red_long_after_is_not_blamed_on_the_old_incident(page: Page, api: Component) -> None:
    incident = make_incident(page, components={api: "major_outage"})
    incident.resolve(body="Over.", by="test", at=NOON + minutes(20))
    api.set_status("major_outage", by="test", at=NOON + minutes(60))
    assert only(page, at=NOON + minutes(61)).kind == "silent"


def test_a_major_incident_without_a_postmortem(page: Page, api: Component) -> None:
    page.edit(postmortem_due_days=5, by="test", at=NOON)
    incident = make_incident(page, title="Bad day", components={api: "major_outage"})
    incident.resolve(body="Over.", by="test", at=NOON + minutes(20))
    due = NOON + minutes(20) + timedelta(days=5)
    assert told(page, at=due) == []
    assert told(page, at=due + minutes(1)) == [("no_postmortem", "The postmortem of “Bad day” is overdue.", due)]
    report = Postmortem.write(incident=incident, draft="Words.", by="test", at=due)
    report.publish(by="test", at=due)
    assert told(page, at=due + minutes(1)) == []


def test_a_page_that_promises_no_postmortem_owes_none(page: Page, api: Component) -> None:
    incident = make_incident(page, components={api: "major_outage"})
    incident.resolve(body="Over.", by="test", at=NOON + minutes(20))
    assert told(page, at=NOON + timedelta(days=90)) == []


def test_other_pages_are_not_asked(page: Page) -> None:
    other = make_page(name="Other", host="other.example")
    make_component(other).set_status("major_outage", by="test", at=NOON)
    Incident.open(page=other, title="X", body="Y", by="test", at=NOON)
    assert told(page, at=NOON + timedelta(days=1)) == []
