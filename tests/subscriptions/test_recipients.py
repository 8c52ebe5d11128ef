"""Recipients: who is told of an update, by one query."""

from typing import Any

import pytest

from incidents.subscriptions.models import Scope
from incidents.subscriptions.recipients import count_recipients, recipients
from incidents.subscriptions.wishes import Wish
from tests.build import NOON, ask, make_component, make_incident, make_page, make_subscriber, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_whole_page_hears_everything() -> None:
    page = make_page()
    sam = make_subscriber(page)
    assert list(recipients(page=page, incident=make_incident(page))) == [sam]
    assert count_recipients(page=page) == {"email": 1}


def test_a_component_hears_of_incidents_that_affect_it() -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    sam = make_subscriber(page, wish=Wish(components=(api, web)))
    make_subscriber(page, email="wendy@example.com", wish=Wish(components=(web,)))
    incident = make_incident(page, components={api: "partial_outage"})
    assert list(recipients(page=page, incident=incident)) == [sam]
    assert count_recipients(page=page, incident=incident, components=[web]) == {"email": 2}


def test_a_component_affected_earlier_still_counts() -> None:
    page = make_page()
    api = make_component(page)
    sam = make_subscriber(page, wish=Wish(components=(api,)))
    incident = make_incident(page, components={api: "partial_outage"})
    incident.post_update(body="More.", by="test", at=NOON + minutes(5))
    assert list(recipients(page=page, incident=incident)) == [sam]


def test_an_incident_s_follower_hears_of_that_one_only() -> None:
    page = make_page()
    incident, other = make_incident(page), make_incident(page, title="Other")
    sam = make_subscriber(page, wish=Wish(incident=incident))
    assert list(recipients(page=page, incident=incident)) == [sam]
    assert not recipients(page=page, incident=other).exists()


def test_an_incident_s_follower_hears_the_resolving_update_and_nothing_after() -> None:
    page = make_page()
    incident = make_incident(page)
    sam = make_subscriber(page, wish=Wish(incident=incident))
    incident.resolve(body="Fixed.", by="test", at=NOON + minutes(5))
    seq = page.events.get(kind="incident.resolved").seq
    assert Scope.objects.get().ended_seq == seq
    assert list(recipients(page=page, incident=incident, seq=seq)) == [sam]
    assert not recipients(page=page, incident=incident, seq=seq + 1).exists()
    assert not recipients(page=page, incident=incident).exists()


def test_who_is_pending_has_left_or_follows_another_page_is_not_told() -> None:
    page, other = make_page(), make_page(name="Other", host="other.example.com")
    ask(page, email="pending@example.com")
    make_subscriber(page, email="gone@example.com").leave(at=NOON)
    make_subscriber(other, email="elsewhere@example.com")
    assert count_recipients(page=page, incident=make_incident(page)) == {}


def test_who_left_the_incident_is_not_told_of_it() -> None:
    page = make_page()
    incident, other = make_incident(page), make_incident(page, title="Other")
    make_subscriber(page).leave_incident(incident, at=NOON)
    assert count_recipients(page=page, incident=incident) == {}
    assert count_recipients(page=page, incident=other) == {"email": 1}


def test_several_scopes_make_one_recipient(django_assert_num_queries: Any) -> None:
    page = make_page()
    components = {make_component(page, name=f"C{number}"): "partial_outage" for number in range(5)}
    make_subscriber(page, wish=Wish(components=tuple(components)))
    incident = make_incident(page, components=components)
    with django_assert_num_queries(1):
        assert count_recipients(page=page, incident=incident, components=list(components)) == {"email": 1}
