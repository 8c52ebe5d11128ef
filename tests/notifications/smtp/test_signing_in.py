"""Signing in on a raw relay: the best way it offers, one AUTH command, and a refusal is a refusal of us."""

import base64
import socket
import threading
from collections.abc import Callable

import pytest

from incidents.notifications.channels.contract import ChannelDown, Fault
from incidents.notifications.smtp.session import Relay, open_session

SECONDS = 30
"""Until either side gives the other up; nothing here is meant to last."""

PASSWORD = "Grüße 5"
REFUSAL = b"535 5.7.8 Authentication credentials invalid"


def heard_by(offers: bytes, *answers: bytes, user: str = "acme") -> tuple[list[bytes], ChannelDown | None]:
    """Sign in at a relay with these offers and answers after EHLO; return the lines it heard and the refusal."""
    lines: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        relay_thread = threading.Thread(target=talk, args=(listener, lines, [offers, *answers]))
        relay_thread.start()
        down = None
        try:
            port = listener.getsockname()[1]
            open_session(Relay("127.0.0.1", port, user=user, password=PASSWORD, seconds=SECONDS)).socket.close()
        except ChannelDown as refused:
            down = refused
        relay_thread.join()
    return lines[1:], down


def talk(listener: socket.socket, lines: list[bytes], answers: list[bytes]) -> None:
    """Answer one line after another; the last answer to all that follow."""
    connection, _ = listener.accept()
    connection.settimeout(SECONDS)
    with connection, connection.makefile("rb") as stream:
        connection.sendall(b"220 hello\r\n")
        for line in stream:
            lines.append(line.strip())
            connection.sendall(answers[min(len(lines), len(answers)) - 1] + b"\r\n")


def decoded(words: bytes) -> bytes:
    return base64.b64decode(words)


@pytest.mark.parametrize("offered", [b"PLAIN LOGIN", b"LOGIN PLAIN", b"PLAIN", b"XOAUTH2 PLAIN"])
def test_a_refused_sign_in_is_one_command(offered: bytes) -> None:
    lines, down = heard_by(b"250-hello\r\n250 AUTH " + offered, REFUSAL)
    assert down is not None
    assert down.fault == Fault.SENDER
    assert "EMAIL_URL" in down.sentence
    (line,) = lines
    assert line.startswith(b"AUTH PLAIN ")
    assert decoded(line.split()[2]) == f"\0acme\0{PASSWORD}".encode()


def test_a_relay_that_knows_login_only_is_told_name_and_password_one_after_the_other() -> None:
    answers = [b"334 VXNlcm5hbWU6", b"334 UGFzc3dvcmQ6", b"235 Welcome"]
    lines, down = heard_by(b"250-hello\r\n250 AUTH LOGIN", *answers)
    assert down is None
    assert lines[0] == b"AUTH LOGIN"
    assert [decoded(line) for line in lines[1:3]] == [b"acme", PASSWORD.encode()]


def test_a_password_does_not_travel_unprotected_where_it_need_not() -> None:
    challenge = b"334 " + base64.b64encode(b"<1896.697170952@postoffice.example.net>")
    lines, down = heard_by(b"250-hello\r\n250 AUTH PLAIN CRAM-MD5", challenge, REFUSAL)
    assert down is not None
    assert lines[0] == b"AUTH CRAM-MD5"
    name, digest = decoded(lines[1]).split()
    assert (name, len(digest)) == (b"acme", 32)


def test_a_challenge_that_is_none_is_a_broken_connection() -> None:
    lines, down = heard_by(b"250-hello\r\n250 AUTH CRAM-MD5", b"334 %%%")
    assert lines[0] == b"AUTH CRAM-MD5"
    assert down is not None


@pytest.mark.parametrize("answer", [b"550 5.1.1 No such user", b"554 5.7.0 Message blocked", b"500 Line too long"])
def test_whatever_the_words_a_refused_sign_in_is_a_refusal_of_us(answer: bytes) -> None:
    _lines, down = heard_by(b"250-hello\r\n250 AUTH PLAIN", answer)
    assert down is not None
    assert down.fault == Fault.SENDER


def test_a_relay_that_offers_no_way_to_sign_in_is_not_told_the_password() -> None:
    lines, down = heard_by(b"250-hello\r\n250 AUTH XOAUTH2 GSSAPI", REFUSAL)
    assert lines == []
    assert down is not None
    assert "XOAUTH2 GSSAPI" in down.sentence


@pytest.mark.parametrize("make", [lambda host: Relay(host, 25), lambda host: Relay(host, 25, begins_with_tls=True)])
def test_a_name_nobody_can_be_asked_for_is_a_failure_in_words(make: Callable[[str], Relay]) -> None:
    with pytest.raises(ChannelDown) as down:
        open_session(make("a" * 70 + ".example"))
    assert down.value.fault == Fault.CONNECTION
