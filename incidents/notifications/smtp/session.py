"""Setting a session up, by the standard library: greeting, EHLO, TLS, AUTH. Blocks; run it beside the loop."""

import smtplib
import socket
import ssl
import time
from dataclasses import dataclass, replace
from functools import cache

from incidents.notifications.channels.answers import ENVELOPE, Answer, failure, failure_of
from incidents.notifications.channels.contract import ChannelDown, Fault, SendFailure
from incidents.notifications.smtp.replies import shown
from incidents.notifications.smtp.signing_in import sign_in
from incidents.notifications.smtp.wire import Offers

COMMAND_SECONDS = 30.0
"""How long the relay may take for one answer."""

_FAULTS_OF_A_SESSION = {Fault.SENDER, Fault.QUOTA, Fault.CONNECTION}


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over, and how the conversation is protected."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    upgrades_to_tls: bool = False
    begins_with_tls: bool = False
    seconds: float = COMMAND_SECONDS


@dataclass(frozen=True, slots=True)
class Session:
    """A connection that is ready for messages, and what the relay offers."""

    socket: socket.socket
    offers: Offers
    round_trip: float = 0.0
    """Seconds the relay took to say what it offers."""


def open_session(relay: Relay) -> Session:
    """Return a session that may be used at once. Raises ChannelDown with the relay's words.

    Where TLS was asked for, nothing but EHLO and STARTTLS is ever said in the clear.
    """
    try:
        client, round_trip = _connected(relay)
    except smtplib.SMTPResponseException as error:
        raise _refused(relay, error) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        # ValueError: a name no name server can be asked for, or what is no base64.
        words = getattr(error, "strerror", "") or str(error)  # without "[Errno 111]"
        raise _down(Fault.CONNECTION, f"{relay.host}:{relay.port} ({words})") from error
    return replace(_taken_over(client, relay), round_trip=round_trip)


def _connected(relay: Relay) -> tuple[smtplib.SMTP, float]:
    if relay.begins_with_tls:
        context = ssl.create_default_context()
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            relay.host, relay.port, own_name(), timeout=relay.seconds, context=context
        )
    else:
        client = smtplib.SMTP(relay.host, relay.port, own_name(), timeout=relay.seconds)
    try:
        round_trip = _greet(client, relay)
    except (smtplib.SMTPException, OSError, ValueError):
        client.close()
        raise
    return client, round_trip


def _greet(client: smtplib.SMTP, relay: Relay) -> float:
    """Say hello, insist on TLS where it was asked for, sign in; return how long the answer to the first word took."""
    began = time.monotonic()
    client.ehlo_or_helo_if_needed()
    round_trip = time.monotonic() - began
    if relay.upgrades_to_tls:
        # starttls() raises where the relay does not offer it, or answers it with an error.
        client.starttls(context=ssl.create_default_context())
        if not isinstance(client.sock, ssl.SSLSocket):
            raise smtplib.SMTPException("the connection is not protected although STARTTLS was answered")
        client.ehlo()
    if relay.user:
        sign_in(client, user=relay.user, password=relay.password)
    return round_trip


def _taken_over(client: smtplib.SMTP, relay: Relay) -> Session:
    """Return the client's socket for our own conversation; what was said beyond it is refused."""
    connection = client.sock
    if connection is None:
        raise _down(Fault.CONNECTION, f"{relay.host}:{relay.port} (it hung up)")
    connection.settimeout(0)
    if _said_too_much(client):
        client.close()
        raise _down(Fault.CONNECTION, f"{relay.host}:{relay.port} (it spoke before it was asked)")
    offers = Offers(
        pipelining=client.has_extn("pipelining"),
        smtputf8=client.has_extn("smtputf8"),
        eight_bit=client.has_extn("8bitmime"),
        size=_size(client.esmtp_features.get("size", "")),
    )
    if client.file is not None:
        client.file.close()
    client.sock = None
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Session(connection, offers)


def _said_too_much(client: smtplib.SMTP) -> bool:
    """Say whether the reader of the set-up holds bytes already; its conversation is over."""
    if client.file is None:
        return False
    try:
        return bool(client.file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True


@cache
def own_name() -> str:
    """Return the name to greet with; asked for once, since a name server may take seconds."""
    name = socket.getfqdn()
    return name if "." in name else "[127.0.0.1]"


def _size(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() else 0


def _refused(relay: Relay, error: smtplib.SMTPResponseException) -> ChannelDown:
    """Return what a refusal before the first message stands for: it can be of us, never of a message."""
    if isinstance(error.smtp_error, str) or not 200 <= error.smtp_code < 600:
        # The library's own words, as for a line too long, or what no SMTP server says.
        said = error.smtp_error if isinstance(error.smtp_error, str) else shown(error.smtp_error)
        return _down(Fault.CONNECTION, f"{relay.host}:{relay.port} (it does not speak SMTP: {said})")
    words = shown(error.smtp_error)
    found = failure_of(Answer(error.smtp_code, words, ENVELOPE))
    if found.fault not in _FAULTS_OF_A_SESSION:
        is_sign_in = isinstance(error, smtplib.SMTPAuthenticationError)
        return _down(Fault.SENDER if is_sign_in else Fault.CONNECTION, f"{error.smtp_code} {words}")
    return _as_down(found)


def _down(fault: Fault, words: str) -> ChannelDown:
    return _as_down(failure(fault, words))


def _as_down(found: SendFailure) -> ChannelDown:
    return ChannelDown(found.sentence, fault=found.fault, retry_after=found.retry_after)
