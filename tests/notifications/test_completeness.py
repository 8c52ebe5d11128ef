"""Every update reaches somebody within a minute, or staff hear of it."""

from datetime import timedelta

import pytest
from django.db.models import F

from incidents.lib.clock import now
from incidents.notifications.completeness import check, check_channels, unheard
from incidents.notifications.models import Alarm, ChannelState, Delivery, DeliveryState, FanOut, MailKind
from incidents.timeline.models import Event
from tests.build import make_incident, make_page, make_staff
from tests.notifications.delivered import leave, told

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECOND = timedelta(seconds=1)


def fan_out_was(age: timedelta) -> None:
    FanOut.objects.update(expanded_at=F("expanded_at") - age)


def test_an_update_nobody_got_within_a_minute_alarms() -> None:
    make_staff()
    _incident, event = told(make_page(), at=now())
    leave(event, "retrying", last_answer="The relay cannot be reached: refused")
    fan_out_was(61 * SECOND)
    assert check(at=now()) == 1
    alarm = Alarm.objects.get()
    assert alarm.sentence == "Nobody has been told of the update “Investigating” of “API fails” yet."
    assert alarm.fix == "The last answer was: The relay cannot be reached: refused"
    assert Delivery.objects.filter(kind=MailKind.ALARM).count() == 1
    assert check(at=now()) == 1
    assert Alarm.objects.count() == 1


def test_it_ends_when_the_first_reader_has_it() -> None:
    _incident, event = told(make_page(), at=now())
    fan_out_was(61 * SECOND)
    check(at=now())
    leave(event, "sent")
    assert check(at=now()) == 0
    assert not Alarm.objects.going_on().exists()


def test_a_minute_is_given() -> None:
    told(make_page(), at=now())
    assert unheard(at=now()) == []


@pytest.mark.parametrize("state", ["superseded", "suppressed", "held"])
def test_what_nobody_waits_for_is_no_matter(state: str) -> None:
    _incident, event = told(make_page(), at=now())
    leave(event, *[state] * 4)
    fan_out_was(61 * SECOND)
    assert unheard(at=now()) == []


@pytest.mark.parametrize("state", ["bounced", "failed", "leased"])
def test_what_failed_for_everybody_is_told(state: str) -> None:
    _incident, event = told(make_page(), at=now())
    Delivery.objects.filter(event=event).update(state=state, lease_until=now())
    fan_out_was(61 * SECOND)
    assert unheard(at=now()) == [event]


def test_an_update_whose_recipients_were_never_frozen_is_told() -> None:
    make_incident(make_page(), at=now() - timedelta(minutes=2))
    event = Event.objects.get(kind="incident.opened")
    assert unheard(at=now()) == [event]
    check(at=now())
    assert Alarm.objects.get().fix == "Nothing was tried yet: look whether a worker runs."


def test_news_of_yesterday_is_none() -> None:
    told(make_page(), at=now() - timedelta(days=2))
    fan_out_was(timedelta(days=2))
    assert unheard(at=now()) == []


def test_an_update_without_readers_is_complete() -> None:
    page = make_page()
    make_incident(page, at=now())
    event = Event.objects.get(kind="incident.opened")
    FanOut.objects.create(event=event, recipients=0)
    fan_out_was(61 * SECOND)
    assert unheard(at=now()) == []
    assert DeliveryState.SENT not in Delivery.objects.values_list("state", flat=True)


def test_a_relay_that_does_not_answer_alarms_though_a_chat_took_the_update() -> None:
    _incident, event = told(make_page(), at=now())
    leave(event, "sent", "queued")
    fan_out_was(61 * SECOND)
    because = "The relay cannot be reached: Connection refused"
    ChannelState.objects.create(channel="email", down_since=now() - 61 * SECOND, down_because=because)
    assert check(at=now()) == 0
    assert check_channels(at=now()) == check_channels(at=now()) == 1
    alarm = Alarm.objects.get()
    assert alarm.sentence == "Email has not been reached for more than a minute."
    assert alarm.fix == f"{because}. Nothing is lost: all of it goes out once the other side answers."
    ChannelState.objects.update(down_since=None, down_because="")
    assert check_channels(at=now()) == 0
    assert not Alarm.objects.going_on().exists()


def test_an_endpoint_of_a_subscriber_and_a_paused_channel_are_no_such_matter() -> None:
    ago = now() - 61 * SECOND
    ChannelState.objects.create(channel="slack", down_since=ago, down_because="It does not answer")
    ChannelState.objects.create(
        channel="email", down_since=ago, down_because="It does not answer", paused_at=ago, paused_because="Holidays"
    )
    assert check_channels(at=now()) == 0
    assert not Alarm.objects.exists()
