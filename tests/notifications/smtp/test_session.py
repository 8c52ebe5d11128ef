"""Setting a session up: TLS that was asked for is never gone without, and nothing is said too early."""

import select
import socket
import threading
from collections.abc import Sequence

import pytest

from incidents.notifications.channels.contract import ChannelDown, Fault
from incidents.notifications.smtp.openings import Openings
from incidents.notifications.smtp.session import Relay, open_session

SECONDS = 30
"""Until either side gives the other up; nothing here is meant to last."""

SAYS_TLS = b"250-hello\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"


def refused(answers: Sequence[bytes], **options: object) -> tuple[ChannelDown, bytes]:
    """Open a session with a relay that gives these answers; return the refusal and all the relay heard."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            connection, _ = listener.accept()
            connection.settimeout(SECONDS)
            with connection:
                connection.sendall(answers[0])
                for answer in answers[1:]:
                    heard.append(connection.recv(1_000))
                    connection.sendall(answer)
                try:
                    while more := connection.recv(1_000):
                        heard.append(more)
                except ConnectionResetError:
                    pass  # a TLS library that was answered in the clear leaves like this

        relay_thread = threading.Thread(target=talk)
        relay_thread.start()
        relay = Relay(
            "127.0.0.1", listener.getsockname()[1], user="acme", password="secret", seconds=SECONDS, **options
        )
        with pytest.raises(ChannelDown) as down:
            open_session(relay)
        relay_thread.join()
    return down.value, b"".join(heard)


@pytest.mark.parametrize("answer", [b"454 4.7.0 TLS not available\r\n", b"501 No\r\n", b"250 Fine, but no\r\n"])
def test_a_relay_that_answers_starttls_with_an_error_hears_nothing_more(answer: bytes) -> None:
    down, heard = refused([b"220 hello\r\n", SAYS_TLS, answer], upgrades_to_tls=True)
    assert down.fault in {Fault.CONNECTION, Fault.SENDER, Fault.QUOTA}
    lines = [line for line in heard.split(b"\r\n") if line and not line.startswith(b"ehlo")]
    assert lines == [b"STARTTLS"]


def test_a_relay_that_takes_starttls_and_speaks_on_in_the_clear_hears_nothing_more() -> None:
    _down, heard = refused([b"220 hello\r\n", SAYS_TLS, b"220 Go\r\n", b"250 in the clear\r\n"], upgrades_to_tls=True)
    assert b"MAIL" not in heard
    assert b"AUTH" not in heard


def test_a_relay_that_does_not_offer_starttls_is_not_signed_in_at() -> None:
    down, heard = refused([b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n"], upgrades_to_tls=True)
    assert "STARTTLS" in down.sentence
    assert b"AUTH" not in heard


def test_a_relay_that_speaks_before_it_is_asked_is_not_used() -> None:
    answers = [b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n", b"235 Welcome\r\n250 Sent already\r\n"]
    down, _heard = refused(answers)
    assert down.fault == Fault.CONNECTION


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n"])
def test_what_does_not_speak_smtp_is_said_to(greeting: bytes) -> None:
    down, _heard = refused([greeting])
    assert down.fault == Fault.CONNECTION
    assert "it does not speak SMTP" in down.sentence
    assert "b'" not in down.sentence


def test_a_size_that_is_no_number_is_none() -> None:
    """One more than isdigit() and int() agree about."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"220 hello\r\n")
                connection.recv(1_000)
                connection.sendall("250-hello\r\n250 SIZE 1²\r\n".encode("latin-1"))
                connection.recv(1_000)

        relay_thread = threading.Thread(target=talk)
        relay_thread.start()
        session = open_session(Relay("127.0.0.1", listener.getsockname()[1], seconds=3))
        session.socket.close()
        relay_thread.join()
    assert session.offers.size == 0


def test_a_session_that_ends_in_an_error_of_ours_is_told_of_and_the_next_is_set_up() -> None:
    # A mistake no caller makes, in place of those nobody thought of.
    openings = Openings(Relay(5, 9))  # type: ignore[arg-type]
    for _ in range(2):
        openings.begin()
        ready, _, _ = select.select([openings.bell], [], [], 10)
        assert ready
        (down,) = openings.ended()
        assert isinstance(down, ChannelDown)
        assert "the log says more" in down.sentence
        assert openings.count == 0
    openings.close()
