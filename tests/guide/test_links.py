"""Which incident causes which error: by component, by quote, by code and provider, and by the word of staff."""

from datetime import timedelta
from typing import Any

import pytest

from incidents.guide.known import PAST_FOR, links_on, open_incidents, past_incidents
from incidents.guide.models import Entry, EntryLink, LinkVerdict
from incidents.timeline.models import Component, Event, Incident, Page
from incidents.timeline.refusals import ForeignComponent
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, minutes
from tests.guide.making import make_entry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def causes(page: Page) -> set[tuple[str, str]]:
    """Return titles of open incidents and slugs of errors they cause."""
    links = [one for one in links_on(page, open_incidents(page)) if one.is_sure]
    titles = dict(Incident.objects.values_list("pk", "title"))
    slugs = dict(Entry.objects.values_list("pk", "slug"))
    return {(titles[one.incident], slugs[one.entry]) for one in links}


def is_linked(page: Page, *, title: str = "Trouble", body: str = "Some calls fail.", **said: Any) -> bool:
    make_incident(page, title=title, body=body, **said)
    return bool(causes(page))


def test_an_incident_that_affects_a_component_of_the_entry_causes_it(page: Page, api: Component) -> None:
    make_entry(page, components=("API",))
    assert is_linked(page, components={api: "partial_outage"})


def test_another_component_says_nothing(page: Page, api: Component) -> None:
    make_entry(page, components=("API",))
    assert not is_linked(page, components={make_component(page, name="Web"): "major_outage"})


def test_a_component_only_staff_see_gives_nothing_away(page: Page) -> None:
    hidden = make_component(page, name="Vault", visibility="staff")
    make_entry(page, components=("Vault",))
    assert not is_linked(page, components={hidden: "major_outage"})


def test_an_incident_that_quotes_the_error_causes_it(page: Page) -> None:
    make_entry(page)
    assert is_linked(page, body="Calls are answered `403 - This application has been disabled.` We are on it.")


def test_a_code_is_enough_where_one_entry_only_has_it(page: Page) -> None:
    make_entry(page)
    assert is_linked(page, title="API answers 403")


def test_a_code_that_several_entries_have_is_a_suggestion(page: Page) -> None:
    make_entry(page)
    make_entry(page, title="Unauthorized", messages=())
    assert not is_linked(page, title="API answers 403")
    assert len(links_on(page, open_incidents(page))) == 2


def test_a_quoted_error_stands_above_others_of_its_code(page: Page) -> None:
    entry = make_entry(page)
    make_entry(page, title="Unauthorized", messages=())
    make_incident(page, title="403", body="This application has been disabled, say our answers.")
    assert causes(page) == {("403", entry.slug)}


def test_code_and_provider_together_are_enough(page: Page) -> None:
    make_entry(page, code="429", title="Too many", messages=(), providers=("Gmail",))
    make_entry(page, code="429", title="Throttled", messages=(), providers=("Microsoft",))
    make_incident(page, title="Google answers 429")
    assert causes(page) == {("Google answers 429", "429-too-many")}


def test_a_provider_alone_is_a_suggestion(page: Page) -> None:
    make_entry(page, messages=(), title="Scope missing", providers=("Gmail",))
    assert not is_linked(page, title="Gmail is slow")
    assert links_on(page, open_incidents(page))


def test_staff_stand_above_every_rule(page: Page, api: Component) -> None:
    entry = make_entry(page, components=("API",))
    incident = make_incident(page, components={api: "partial_outage"})
    link = EntryLink.say(entry=entry, incident=incident, verdict=LinkVerdict.UNRELATED, by="ada", at=NOON)
    assert causes(page) == set()
    EntryLink.say(entry=entry, incident=incident, verdict=LinkVerdict.CAUSES, by="ada", at=NOON)
    assert len(causes(page)) == 1
    link.unsay(by="ada", at=NOON)
    assert len(causes(page)) == 1
    kinds = Event.objects.filter(kind__startswith="entry.").values_list("kind", flat=True)
    assert list(kinds)[-3:] == ["entry.parted", "entry.linked", "entry.left_to_rules"]


def test_an_entry_may_be_linked_by_hand_only(page: Page, api: Component) -> None:
    entry = make_entry(page, components=("API",), is_linked_by_rule=False)
    incident = make_incident(page, components={api: "partial_outage"})
    assert causes(page) == set()
    EntryLink.say(entry=entry, incident=incident, verdict=LinkVerdict.CAUSES, by="ada", at=NOON)
    assert len(causes(page)) == 1


def test_drafts_suspicions_and_maintenance_cause_nothing(page: Page, api: Component) -> None:
    make_entry(page, components=("API",))
    Incident.prepare(page=page, title="403", by="ada", at=NOON, components=[api])
    make_maintenance(page, components=[api])
    assert causes(page) == set()


def test_an_incident_is_past_from_its_end_for_90_days(page: Page, api: Component) -> None:
    make_entry(page, components=("API",))
    incident = make_incident(page, components={api: "partial_outage"})
    incident.resolve(body="Over.", by="ada", at=NOON + minutes(30))
    assert causes(page) == set()
    assert list(past_incidents(page, at=NOON + minutes(31))) == [incident]
    assert not past_incidents(page, at=NOON + minutes(31) + PAST_FOR).exists()
    assert not past_incidents(page, at=NOON - timedelta(days=1)).exists()


def test_incidents_of_another_page_are_refused(page: Page) -> None:
    other = make_page(name="Other", host="other.example")
    with pytest.raises(ForeignComponent):
        EntryLink.say(entry=make_entry(page), incident=make_incident(other), verdict="causes", by="ada", at=NOON)
