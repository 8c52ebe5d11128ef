"""While staff froze mail no news leaves, also of what was being sent; other pages, sign-ups and alarms go on."""

from pathlib import Path
from typing import Any

import pytest

from incidents.lib.clock import now
from incidents.notifications.breaker import gate
from incidents.notifications.channels.contract import Message
from incidents.notifications.channels.kept import KeptChannel
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.fanout import fan_out
from incidents.notifications.hook_tasks import ring_for_hooks
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.posting import post_due
from incidents.timeline.models import Event, Freeze, Page
from tests.build import ask, make_incident, make_page, make_subscriber, make_subscribers, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def freeze(page: Page) -> Freeze:
    return Freeze.begin(page=page, kind="mail", reason="Wrong list.", ends_at=now() + minutes(60), by="ada", at=now())


def tell(page: Page) -> None:
    incident = make_incident(page, at=now())
    fan_out(event_id=Event.objects.get(update__incident=incident).pk)


def news(page: Page) -> list[str]:
    return list(Delivery.objects.on(page).exclude(event=None).values_list("state", flat=True))


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> None:
    settings.KEPT_MAIL_DIR = tmp_path


def test_news_waits_and_leaves_when_the_freeze_is_over() -> None:
    page = make_page()
    make_subscriber(page)
    deliver_batch()
    stop = freeze(page)
    tell(page)
    deliver_batch()
    assert news(page) == [DeliveryState.QUEUED]
    stop.lift(by="ada", at=now())
    deliver_batch()
    assert news(page) == [DeliveryState.SENT]


def test_another_page_is_told_meanwhile() -> None:
    frozen, other = make_page(), make_page(name="Other", host="other.example")
    for page in (frozen, other):
        make_subscriber(page)
    freeze(frozen)
    for page in (frozen, other):
        tell(page)
    deliver_batch()
    assert (news(frozen), news(other)) == ([DeliveryState.QUEUED], [DeliveryState.SENT])


def test_people_who_sign_up_are_answered_meanwhile() -> None:
    page = make_page()
    freeze(page)
    ask(page)
    deliver_batch()
    assert Delivery.objects.get(event=None).state == DeliveryState.SENT


class FreezingChannel(KeptChannel):
    """Keeps mails as files; with the first one somebody pulls the stop."""

    page: Page

    def send(self, message: Message) -> str:
        """Keep it, freeze, and let the worker hear of that as it does each second."""
        answer = super().send(message)
        if not Freeze.objects.exists():
            freeze(self.page)
            gate("email").refresh()
        return answer


def test_in_the_middle_of_a_blast_what_was_claimed_does_not_begin_and_waits(tmp_path: Path) -> None:
    page = make_page()
    make_subscribers(page, 20)
    tell(page)
    channel = FreezingChannel(tmp_path)
    channel.page = page
    deliver_batch(channel=channel)
    assert sorted(news(page)) == [*["queued"] * 19, "sent"]
    assert not Delivery.objects.filter(state=DeliveryState.LEASED).exists()
    assert set(Delivery.objects.filter(state=DeliveryState.QUEUED).values_list("attempts", flat=True)) == {0}


def test_frozen_news_is_not_an_update_nobody_was_told_of_for_want_of_a_worker() -> None:
    page = make_page()
    make_subscriber(page)
    freeze(page)
    tell(page)
    ring_for_hooks()
    post_due(seconds=0.1)
    assert news(page) == [DeliveryState.QUEUED]
