"""Relays that refuse, through the whole path: real SMTP, real rows, all connections."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db.models.functions import Now

from incidents.lib.clock import now
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.mending import release, resume_channel, retry_failed
from incidents.notifications.models import Alarm, ChannelState, Delivery, FanOut, MailKind
from incidents.subscriptions.models import Subscriber
from tests.build import make_page, make_staff
from tests.notifications.delivered import told, update_of
from tests.servers.finding import free_port
from tests.servers.mail import SECONDS_TO_START, MailServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

READERS = 120


class Relay(MailServer):
    """Answers MAIL, RCPT and DATA as it is told to, and counts what was tried."""

    mail_answer = ""
    data_answer = ""
    tries = 0

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        self.tries += 1
        if self.mail_answer:
            return self.mail_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return self.data_answer or await super().handle_DATA(server, session, envelope)


@pytest.fixture
def relay(settings: Any) -> Iterator[Relay]:
    server = Relay("127.0.0.1", free_port())
    controller = Controller(server, hostname=server.host, port=server.port, ready_timeout=SECONDS_TO_START)
    controller.start()
    settings.MAIL_IS_KEPT, settings.EMAIL_HOST, settings.EMAIL_PORT = False, server.host, server.port
    settings.SMTP_CONNECTIONS = 16
    yield server
    controller.stop()


def work(rounds: int = 60) -> None:
    """Deliver as the sweeper would have it, with everything due at once."""
    for _ in range(rounds):
        Delivery.objects.filter(state__in=["queued", "retrying"]).update(next_try_at=Now())
        if not deliver_batch():
            return


def readers(relay: Relay) -> list[str]:
    return sorted(mail.recipients[0] for mail in relay.received if mail.recipients[0].startswith("reader"))


@pytest.mark.parametrize(
    ("step", "answer", "fix"),
    [
        ("data", "550 5.7.26 Unauthenticated", "SPF record"),
        ("mail", "553 5.7.1 Sender address rejected: not owned by user", "set MAIL_FROM"),
        ("mail", "530 5.7.0 Authentication required", "EMAIL_URL"),
    ],
)
def test_a_relay_that_refuses_us_is_left_alone_after_twenty_tries(
    relay: Relay, step: str, answer: str, fix: str
) -> None:
    make_staff()
    setattr(relay, f"{step}_answer", answer)
    told(make_page(), readers=READERS)
    work()
    assert relay.tries == 20
    assert ChannelState.objects.get(channel="email").is_paused_by_breaker
    assert set(Subscriber.objects.values_list("state", "hard_failures", "soft_failures")) == {("active", 0, 0)}
    assert fix in Alarm.objects.get().fix
    setattr(relay, f"{step}_answer", "")
    resume_channel("email", by="ada", at=now())
    work()
    assert readers(relay) == sorted(f"reader{number}@example.com" for number in range(READERS))
    assert not Alarm.objects.going_on().exists()
    assert Delivery.objects.get(kind=MailKind.ALARM).state == "sent"


def test_a_mended_relay_is_found_by_one_probe(relay: Relay) -> None:
    relay.mail_answer = "550 5.7.1 Sender refused"
    told(make_page(), readers=30)
    work()
    relay.mail_answer = ""
    work()
    assert readers(relay) == []
    ChannelState.objects.update(probe_at=Now())
    work()
    assert len(readers(relay)) == len(set(readers(relay))) == 30


def test_text_that_is_refused_holds_the_update_and_goes_out_when_released(relay: Relay) -> None:
    make_staff()
    relay.data_answer = "552 5.3.4 Message too big"
    _incident, event = told(make_page(), readers=READERS)
    work()
    refused = Delivery.objects.filter(event=event, state="failed")
    assert refused.count() <= 20
    assert FanOut.objects.get().held_at is not None
    assert relay.tries <= 20 + Delivery.objects.filter(kind=MailKind.ALARM).count()
    assert deliver_batch() == 0
    relay.data_answer = ""
    release(update_of(event), by="ada", at=now())
    work()
    assert readers(relay) == sorted(f"reader{number}@example.com" for number in range(READERS))


def test_one_in_a_hundred_that_does_not_exist_is_switched_off_and_nobody_else(relay: Relay) -> None:
    for number in (7, 77):
        relay.refuse(f"reader{number}@example.com", "550 5.1.1 No such user")
    _incident, event = told(make_page(), readers=READERS)
    work()
    off = Subscriber.objects.filter(state="disabled").values_list("address", flat=True)
    assert sorted(off) == ["reader77@example.com", "reader7@example.com"]
    assert Delivery.objects.filter(event=event, state="sent").count() == READERS - 2
    assert retry_failed(update_of(event), by="ada") == 0
