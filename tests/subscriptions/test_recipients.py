"""Recipients: who is told of an update, by one query."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.models import Scope, Subscriber
from incidents.subscriptions.preferences import Preferences
from incidents.subscriptions.recipients import by_channel, recipients
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Incident, Page
from tests.build import (
    NOON,
    ask,
    make_component,
    make_incident,
    make_maintenance,
    make_page,
    make_subscriber,
    minutes,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def counted(**about: Any) -> dict[ChannelKind, int]:
    return by_channel(recipients(**about))


def test_the_whole_page_hears_everything() -> None:
    page = make_page()
    sam = make_subscriber(page)
    assert list(recipients(page=page, incident=make_incident(page))) == [sam]
    assert counted(page=page) == {"email": 1}


def test_a_component_hears_of_incidents_that_affect_it() -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    sam = make_subscriber(page, wish=Wish(components=(api, web)))
    make_subscriber(page, email="wendy@example.com", wish=Wish(components=(web,)))
    incident = make_incident(page, components={api: "partial_outage"})
    assert list(recipients(page=page, incident=incident)) == [sam]
    assert counted(page=page, incident=incident, components=[web]) == {"email": 2}


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
    assert counted(page=page, incident=make_incident(page)) == {}


def test_who_left_the_incident_is_not_told_of_it() -> None:
    page = make_page()
    incident, other = make_incident(page), make_incident(page, title="Other")
    make_subscriber(page).leave_incident(incident, at=NOON)
    assert counted(page=page, incident=incident) == {}
    assert counted(page=page, incident=other) == {"email": 1}


def test_several_scopes_make_one_recipient(django_assert_num_queries: Any) -> None:
    page = make_page()
    components = {make_component(page, name=f"C{number}"): "partial_outage" for number in range(5)}
    make_subscriber(page, wish=Wish(components=tuple(components)))
    incident = make_incident(page, components=components)
    with django_assert_num_queries(1):
        assert counted(page=page, incident=incident, components=list(components)) == {"email": 1}


FLOORS = ("none", "minor", "major", "critical")


def make_choosy(page: Page, email: str, **preferences: Any) -> Subscriber:
    return make_subscriber(page, email=f"{email}@example.com", wish=Wish(preferences=Preferences(**preferences)))


def told(page: Page, incident: Incident) -> set[str]:
    return {subscriber.address.partition("@")[0] for subscriber in recipients(page=page, incident=incident, at=NOON)}


@pytest.mark.parametrize(
    ("state", "reached"),
    [
        ("operational", {"none"}),
        ("degraded_performance", {"none", "minor"}),
        ("partial_outage", {"none", "minor", "major"}),
        ("major_outage", {"none", "minor", "major", "critical"}),
    ],
)
def test_an_incident_is_told_from_the_floor_on(state: str, reached: set[str]) -> None:
    page = make_page()
    api = make_component(page)
    for floor in FLOORS:
        make_choosy(page, floor, severity_floor=floor)
    assert told(page, make_incident(page, components={api: state})) == reached


def test_who_heard_of_an_incident_hears_of_its_end_though_it_got_better() -> None:
    page = make_page()
    api = make_component(page)
    make_choosy(page, "critical", severity_floor="critical")
    incident = make_incident(page, components={api: "major_outage"})
    incident.resolve(body="Over.", components={api: "operational"}, by="test", at=NOON)
    assert told(page, incident) == {"critical"}


def test_kinds_are_told_to_who_wants_them_and_maintenance_has_no_floor() -> None:
    page = make_page()
    make_choosy(page, "incidents", wants_maintenance=False)
    make_choosy(page, "maintenance", wants_incidents=False)
    make_choosy(page, "picky", severity_floor="critical")
    assert told(page, make_incident(page)) == {"incidents"}
    assert told(page, make_maintenance(page)) == {"maintenance", "picky"}


def test_an_incident_somebody_asked_for_is_told_whatever_its_kind_and_impact() -> None:
    page = make_page()
    incident = make_incident(page)
    wish = Wish(incident=incident, preferences=Preferences(wants_incidents=False, severity_floor="critical"))
    make_subscriber(page, wish=wish)
    assert told(page, incident) == {"sam"}


def test_a_pause_is_quiet_and_ends_by_itself() -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    subscriber.pause(at=NOON)
    incident = make_incident(page)
    assert told(page, incident) == set()
    assert list(recipients(page=page, incident=incident, at=NOON + timedelta(days=30))) == [subscriber]
    subscriber.resume(at=NOON)
    assert told(page, incident) == {"sam"}


def test_who_is_switched_off_is_not_told_until_switched_on() -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    incident = make_incident(page)
    subscriber.count_hard(answer="550 maybe", at=NOON, decisive=False)
    subscriber.count_hard(answer="550 maybe", at=NOON, decisive=False)
    assert told(page, incident) == {"sam"}
    subscriber.count_hard(answer="550 maybe", at=NOON, decisive=False)
    assert (told(page, incident), subscriber.disabled_reason) == (set(), "550 maybe")
    subscriber.reactivate(at=NOON)
    assert told(page, incident) == {"sam"}


def test_soft_refusals_count_a_day_once_and_are_forgotten() -> None:
    subscriber = make_subscriber(make_page())

    def take_nothing(**later: int) -> list[Subscriber]:
        with transaction.atomic():
            at_the_brink = Subscriber.objects.filter(pk=subscriber.pk).count_soft(at=NOON + timedelta(**later))
        subscriber.refresh_from_db()
        return at_the_brink

    for day in range(9):
        for hour in range(3):
            assert take_nothing(days=day, hours=hour) == []
    assert (subscriber.is_active, subscriber.soft_failures) == (True, 9)
    assert take_nothing(days=40) == []
    assert (subscriber.is_active, subscriber.soft_failures) == (True, 1)
    for day in range(41, 49):
        assert take_nothing(days=day) == []
    assert take_nothing(days=49) == [subscriber]
    assert (subscriber.is_active, subscriber.soft_failures) == (True, 9)


def test_before_there_is_an_incident_its_impact_and_kind_are_given() -> None:
    page = make_page()
    make_choosy(page, "picky", severity_floor="major", wants_maintenance=False)
    counts = [
        counted(page=page, impact="minor"),
        counted(page=page, impact="major"),
        counted(page=page, impact="none", is_maintenance=True),
    ]
    assert counts == [{}, {"email": 1}, {}]


def test_the_count_is_by_channel() -> None:
    page = make_page()
    make_subscriber(page)
    hook = make_subscriber(page, email="hook@example.com")
    Subscriber.objects.filter(pk=hook.pk).update(channel="webhook", address="https://example.com/hook")
    assert counted(page=page) == {"email": 1, "webhook": 1}
