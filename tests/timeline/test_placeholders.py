"""Placeholders: what a prepared text leaves open."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.timeline.models import Component, Incident, IncidentTemplate, Page
from incidents.timeline.placeholders import VARIABLES, Facts, blanks, filled, shown
from incidents.timeline.refusals import BlankLeft, NothingToInsert, RequestKeyReused, UnknownPlaceholder
from tests.build import NOON, make_component, make_incident, make_page, minutes

FACTS = Facts(
    page="Acme",
    components=("API", "Web"),
    started_at=NOON - minutes(78),
    posted_at=NOON,
    next_update_at=NOON + minutes(30),
    zone=ZoneInfo("Europe/Berlin"),
)
LITERALS = [
    "{{7*7}}",
    "${page}",
    "<%= page %>",
    "{% include 'x' %}",
    "%(page)s",
    "{{page}}",
    "{unknown}",
    '{"page": 1}',
]


@pytest.fixture
def page(db: None) -> Page:
    return make_page()


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


def test_each_variable_stands_for_its_fact() -> None:
    assert filled("{components} on {page}", FACTS, field="body") == "API and Web on Acme"
    assert (
        filled("{start}, {duration}", FACTS, field="body")
        == "[time: 2026-11-21 11:42 Europe/Berlin], 1 hour 18 minutes"
    )
    assert filled("{next_update}", FACTS, field="body") == "[time: 2026-11-21 13:30 Europe/Berlin]"
    assert set(VARIABLES) == {"components", "start", "duration", "next_update", "page"}


@pytest.mark.parametrize("text", LITERALS)
def test_b070_what_looks_like_a_template_of_any_kind_stays_as_typed(text: str) -> None:
    assert filled(text, FACTS, field="body") == text


def test_a_blank_left_open_is_refused_with_what_it_asks() -> None:
    assert blanks("{?what broke} and {? when }") == ["what broke", "when"]
    with pytest.raises(BlankLeft, match="One thing is still open: what broke"):
        filled("{?what broke}", FACTS, field="body")


def test_a_variable_without_a_fact_is_refused_at_the_field_that_can_give_it() -> None:
    nothing = Facts("Acme", (), NOON, NOON, None, FACTS.zone)
    with pytest.raises(NothingToInsert) as refused:
        filled("Next update by {next_update}.", nothing, field="body")
    assert refused.value.field == "promise"
    with pytest.raises(NothingToInsert) as refused:
        filled("{components} fail.", nothing, field="body")
    assert refused.value.field == "body"
    assert shown("{components} until {next_update}", nothing) == "{components} until {next_update}"


@pytest.mark.parametrize(
    ("text", "words"),
    [("{compnent} fail", "Did you mean {components}?"), ("{nxt_update}", "{next_update}"), ("{zzzz}", "There are")],
)
def test_b071_a_template_with_an_unknown_name_is_refused_with_the_nearest(page: Page, text: str, words: str) -> None:
    for given in ({"body": text, "title": ""}, {"body": "Words.", "title": text}):
        with pytest.raises(UnknownPlaceholder) as refused:
            IncidentTemplate.keep(page=page, name="API", by="test", at=NOON, **given)
        assert words in refused.value.sentence
    assert not page.templates.exists()


def test_a_report_fills_title_and_text(page: Page, api: Component) -> None:
    incident = Incident.open(
        page=page,
        title="{components} fail since {start}",
        body="{components}: next update by {next_update}.",
        components={api: "partial_outage"},
        impact_started_at=NOON - minutes(5),
        next_update_due_at=NOON + minutes(30),
        placeholders=True,
        by="test",
        at=NOON,
    )
    assert incident.title == "API fail since Nov 21, 11:55 UTC"
    assert incident.updates.get().body == "API: next update by [time: 2026-11-21 12:30 UTC]."


def test_without_being_asked_a_verb_fills_nothing(page: Page) -> None:
    assert make_incident(page, body="{page} {?blank}").updates.get().body == "{page} {?blank}"


def test_sent_again_a_minute_later_it_is_the_same_request(page: Page, api: Component) -> None:
    incident = make_incident(page, at=NOON, components={api: "partial_outage"})
    sent = {"body": "For {duration}.", "placeholders": True, "request_key": "k", "by": "test"}
    first = incident.post_update(at=NOON + minutes(5), **sent)
    assert incident.post_update(at=NOON + minutes(6), **sent) == first
    assert first.body == "For 5 minutes."
    with pytest.raises(RequestKeyReused):
        incident.post_update(at=NOON + timedelta(minutes=7), **{**sent, "body": "Else."})
