"""The mail channel against relays of different manners."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from incidents.notifications.channels.contract import (
    ChannelDown,
    Fault,
    Message,
    PermanentFailure,
    TemporaryFailure,
)
from incidents.notifications.channels.email import SmtpChannel
from incidents.notifications.smtp.session import Relay
from tests.servers.finding import free_port
from tests.servers.mail import SECONDS_TO_START, MailServer, running_mail_server

SECONDS = 30
"""Until a relay is given up that is to answer."""


def message(recipient: str = "sam@example.com", content: bytes = b"Subject: x\r\n\r\n.dot\r\n") -> Message:
    return Message("1", "status@example.com", recipient, content)


@contextmanager
def running_relay(handler: Any, **options: Any) -> Iterator[Relay]:
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), ready_timeout=SECONDS_TO_START, **options)
    controller.start()
    try:
        yield Relay("127.0.0.1", controller.port, seconds=SECONDS)
    finally:
        controller.stop()


def relay_of(server: MailServer) -> Relay:
    return Relay(server.host, server.port, seconds=SECONDS)


class RefusingContent(MailServer):
    """Refuses every content with one answer."""

    answer = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return self.answer


def test_several_messages_go_over_one_connection() -> None:
    with running_mail_server() as server, SmtpChannel(relay_of(server)) as channel:
        assert channel.send(message()) == "250 OK: kept"
        channel.send(message("ada@example.com"))
    assert server.connections == 1
    assert [mail.recipients for mail in server.received] == [["sam@example.com"], ["ada@example.com"]]
    assert server.received[0].content == b"Subject: x\r\n\r\n.dot\r\n"


def test_a_refused_recipient_does_not_hold_up_the_next() -> None:
    with running_mail_server() as server, SmtpChannel(relay_of(server)) as channel:
        server.refuse("gone@example.com", "550 5.1.1 no such user")
        with pytest.raises(PermanentFailure) as caught:
            channel.send(message("gone@example.com"))
        assert caught.value.fault == Fault.RECIPIENT_PERMANENT
        channel.send(message())
    assert len(server.received) == 1


def test_refused_content_is_no_bounce() -> None:
    handler = RefusingContent("127.0.0.1", 0)
    handler.answer = "552 5.3.4 Message too big"
    with running_relay(handler) as relay, SmtpChannel(relay) as channel, pytest.raises(PermanentFailure) as caught:
        channel.send(message())
    assert caught.value.fault == Fault.CONTENT


def test_letters_outside_ascii_before_the_at_arrive_with_the_right_bytes() -> None:
    with running_mail_server() as server, SmtpChannel(relay_of(server)) as channel:
        channel.send(message("jörg@xn--exmple-cua.com", "To: jörg@xn--exmple-cua.com\r\n\r\nx\r\n".encode()))
        channel.send(message())
    assert server.received[0].recipients == ["jörg@xn--exmple-cua.com"]
    assert "To: jörg@xn--exmple-cua.com".encode() in server.received[0].content


def test_letters_outside_ascii_are_refused_in_words_where_the_relay_cannot() -> None:
    handler = MailServer("127.0.0.1", 0)
    with running_relay(handler, enable_SMTPUTF8=False) as relay, SmtpChannel(relay) as channel:
        with pytest.raises(PermanentFailure) as caught:
            channel.send(message("jörg@example.com"))
        channel.send(message())
    assert caught.value.fault == Fault.UNSUPPORTED
    assert "SMTPUTF8" in caught.value.sentence
    assert len(handler.received) == 1


def test_tls_that_was_asked_for_is_never_gone_without() -> None:
    handler = MailServer("127.0.0.1", 0)
    with running_relay(handler) as relay:
        strict = Relay(relay.host, relay.port, upgrades_to_tls=True, seconds=SECONDS)
        with SmtpChannel(strict) as channel, pytest.raises(ChannelDown) as caught:
            channel.send(message())
    assert "STARTTLS" in caught.value.sentence
    assert handler.received == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_our_fault_and_named() -> None:
    def refuse(*arguments: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    options = {"authenticator": refuse, "auth_require_tls": False, "auth_required": True}
    with running_relay(MailServer("127.0.0.1", 0), **options) as relay:
        wrong = Relay(relay.host, relay.port, user="acme", password="wrong", seconds=SECONDS)
        with SmtpChannel(wrong) as channel, pytest.raises(ChannelDown) as caught:
            channel.send(message())
    assert caught.value.fault == Fault.SENDER
    assert "535" in caught.value.sentence
    assert "wrong" not in caught.value.sentence.split(":", 1)[1]


def test_a_relay_that_is_not_there_is_down() -> None:
    with SmtpChannel(Relay("127.0.0.1", free_port(), seconds=SECONDS)) as channel, pytest.raises(ChannelDown) as caught:
        channel.send(message())
    assert caught.value.fault == Fault.CONNECTION
    assert "(Connection refused)" in str(caught.value)


def test_a_relay_that_says_nothing_is_down_within_the_time_given() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        relay = Relay("127.0.0.1", silent.getsockname()[1], seconds=0.3)
        with SmtpChannel(relay) as channel, pytest.raises(ChannelDown):
            channel.send(message())


def test_a_connection_that_breaks_in_the_middle_is_opened_anew() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up_after_the_greeting() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"220 hello\r\n")
                connection.recv(1000)
                connection.sendall(b"250 hello\r\n")
                connection.recv(1000)

        rude = threading.Thread(target=hang_up_after_the_greeting)
        rude.start()
        relay = Relay("127.0.0.1", listener.getsockname()[1], seconds=SECONDS)
        with SmtpChannel(relay) as channel, pytest.raises(TemporaryFailure) as caught:
            channel.send(message())
        rude.join()
    assert caught.value.fault == Fault.CONNECTION
