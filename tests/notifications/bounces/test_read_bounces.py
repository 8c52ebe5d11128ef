"""Reading the mailbox of bounces, over IMAP and over POP3."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents.notifications.bounces.mailbox import MailboxUnreachable
from incidents.notifications.bounces.reading import read_bounces
from incidents.notifications.bounces.reports import READ_LIMIT
from incidents.notifications.mail.return_path import leaving_address, return_address
from incidents.notifications.models import Delivery, DeliveryState, Taken
from incidents.notifications.tasks import read_bounces_task
from incidents.subscriptions.models import Subscriber
from tests.notifications.bounces.messages import dsn
from tests.servers.finding import free_port
from tests.servers.mailbox import PASSWORD, ImapConversation, KeptMailbox, PopConversation, running_mailbox

pytestmark = pytest.mark.django_db
WAYS = {"imap": ImapConversation, "pop3": PopConversation}


@pytest.fixture(params=WAYS)
def mailbox(request: pytest.FixtureRequest, settings: Any, tmp_path: Any) -> Iterator[KeptMailbox]:
    with running_mailbox(WAYS[request.param]) as kept:
        settings.DATA_DIR = tmp_path
        settings.BOUNCE_MAILBOX = {
            "scheme": request.param,
            "host": "127.0.0.1",
            "port": kept.port,
            "user": "bounces",
            "password": PASSWORD,
            "folder": "INBOX",
        }
        yield kept


def test_everything_is_taken_in_once_and_cleared_away(mailbox: KeptMailbox, delivery: Delivery) -> None:
    sam = Subscriber.objects.get()
    mailbox.put(
        dsn(return_address(delivery.pk), status="4.2.2", diagnostic=""),
        dsn("bounces@status.example.com"),
        f"To: {leaving_address(sam.code, sam.consents)}\r\n\r\n.dot\r\n".encode(),
        b"From: ada@example.com\r\nSubject: hello\r\n\r\nIs anybody there?\r\n",
    )
    expected = {Taken.BOUNCED: 1, Taken.FORGED: 1, Taken.LEFT: 1, Taken.PARKED: 1}
    assert read_bounces() == expected
    assert mailbox.messages == {}
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BOUNCED
    assert not Subscriber.objects.get().is_active
    assert read_bounces() == {}


def test_of_a_large_message_only_the_beginning_is_fetched(mailbox: KeptMailbox, delivery: Delivery) -> None:
    mailbox.put(dsn(return_address(delivery.pk)) + b"0123456789abcdef\r\n" * (10_000_000 // 18))
    assert len(mailbox.messages[1]) > 10 * READ_LIMIT
    assert read_bounces() == {Taken.BOUNCED: 1}
    assert mailbox.messages == {}


def test_a_line_beyond_all_measure_does_not_stop_the_rest(mailbox: KeptMailbox, delivery: Delivery) -> None:
    mailbox.put(b"Subject: x\r\n\r\n" + b"x" * 60_000, dsn(return_address(delivery.pk)))
    assert read_bounces() == {Taken.PARKED: 1, Taken.BOUNCED: 1}


def test_what_came_too_early_stays(mailbox: KeptMailbox, delivery: Delivery) -> None:
    Delivery.objects.update(state=DeliveryState.LEASED, lease_until=delivery.created_at)
    mailbox.put(dsn(return_address(delivery.pk)))
    assert read_bounces() == {Taken.LATER: 1}
    Delivery.objects.update(state=DeliveryState.SENT)
    assert read_bounces() == {Taken.BOUNCED: 1}
    assert mailbox.messages == {}


def test_a_connection_that_breaks_off_loses_nothing(mailbox: KeptMailbox, delivery: Delivery) -> None:
    mailbox.put(dsn("bounces@status.example.com"), dsn(return_address(delivery.pk)))
    mailbox.hangs_up_after = 1
    with pytest.raises(MailboxUnreachable):
        read_bounces()
    mailbox.hangs_up_after = None
    read_bounces()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BOUNCED
    assert set(mailbox.messages) <= mailbox.deleted


def test_a_wrong_password_is_told_in_the_server_s_words_without_it(mailbox: KeptMailbox, settings: Any) -> None:
    settings.BOUNCE_MAILBOX = {**settings.BOUNCE_MAILBOX, "password": "hunter2"}
    with pytest.raises(CommandError, match="Invalid credentials") as caught:
        call_command("read_bounces")
    assert "hunter2" not in str(caught.value)


def test_a_mailbox_that_is_not_there_leaves_the_worker_alone(mailbox: KeptMailbox, settings: Any) -> None:
    settings.BOUNCE_MAILBOX = {**settings.BOUNCE_MAILBOX, "port": free_port()}
    read_bounces_task()
    with pytest.raises(MailboxUnreachable, match="cannot be read"):
        read_bounces()


def test_encryption_that_was_asked_for_is_never_gone_without(mailbox: KeptMailbox, settings: Any) -> None:
    scheme = settings.BOUNCE_MAILBOX["scheme"]
    settings.BOUNCE_MAILBOX = {**settings.BOUNCE_MAILBOX, "scheme": f"{scheme}+tls"}
    mailbox.put(b"Subject: x\r\n\r\n")
    with pytest.raises(MailboxUnreachable):
        read_bounces()
    assert len(mailbox.messages) == 1


def test_the_command_says_what_there_was(mailbox: KeptMailbox, delivery: Delivery, capsys: Any) -> None:
    mailbox.put(dsn(return_address(delivery.pk)))
    call_command("read_bounces")
    assert capsys.readouterr().out == "     1 Bounces that count\n"
    call_command("read_bounces")
    assert capsys.readouterr().out == "The mailbox is empty.\n"


def test_without_a_mailbox_there_is_nothing_to_read() -> None:
    assert read_bounces() == {}
    with pytest.raises(CommandError, match="BOUNCE_MAILBOX_URL is not set"):
        call_command("read_bounces")
