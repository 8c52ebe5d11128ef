"""Every channel behind one face, for the suite that all of them have to pass."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from incidents.lib.clock import now
from incidents.lib.http import Answer
from incidents.notifications.asking import ask
from incidents.notifications.channels.catalogue import HOOKS
from incidents.notifications.channels.contract import Message
from incidents.notifications.channels.email import SmtpChannel
from incidents.notifications.channels.hook import Parcel
from incidents.notifications.notes import Note
from incidents.notifications.smtp.session import Relay

CHANNELS = ["email", *HOOKS]
PATIENCE = 10.0
"""How long a conversation may take that is to end well, on however busy a machine."""

LITTLE_PATIENCE = 0.3
"""The same where the other side is broken and the limit is what is tested."""

LONG = 60
"""Seconds a broken other side would go on for, where nobody hangs up."""

SECRET_PATH = "/hooks/very-secret-path"
ACCOUNT_PATHS = {"telegram": "/bot123:token/sendMessage", "sms": "/2010-04-01/Accounts/ACaccount/Messages.json"}
SECRETS = ("very-secret-path", "123:token", "sms-token", "whsec_")

ACCEPTING = {
    "webhook": Answer(204, {}, b""),
    "slack": Answer(200, {}, b"ok"),
    "teams": Answer(202, {}, b""),
    "discord": Answer(204, {}, b""),
    "google_chat": Answer(200, {}, b'{"name":"spaces/A/messages/B"}'),
    "mattermost": Answer(200, {}, b"ok"),
    "telegram": Answer(200, {}, b'{"ok":true,"result":{"message_id":1}}'),
    "sms": Answer(201, {}, b'{"sid":"SM1","status":"queued","error_code":null}'),
}


def note(**fields: Any) -> Note:
    """Return a message with everything in it."""
    plain = {
        "page_name": "Acme",
        "title": "Elevated error rates on the API",
        "url": "https://status.example.com/incidents/b1c2d3",
        "button": "Open the status page",
        "status": "partial_outage",
        "headline": "Partial outage · Investigating → Identified",
        "text": "Some requests fail.\n\nWe know why.",
        "facts": (("Affected", "Core (API)"), ("Next update by", "Nov 21, 13:00 UTC")),
        "manage_url": "https://status.example.com/subscription/abc",
    }
    return Note(**{**plain, **fields})


@dataclass
class Side:
    """The other side: where it listens."""

    host: str
    port: int


def path_of(channel: str) -> str:
    """Return where the messages of a channel arrive at a server that stands for the product."""
    return ACCOUNT_PATHS.get(channel, SECRET_PATH)


def parcel_for(channel: str, url: str, words: Note | None = None) -> Parcel:
    """Return a message for the product at `url`."""
    addresses = {"telegram": "-100123456", "sms": "+15550123456"}
    return Parcel(
        reference="e1_abc",
        address=addresses.get(channel, f"{url}{SECRET_PATH}"),
        at=now(),
        note=words or note(),
        secrets="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        document={"meta": {}, "page": {}},
    )


def send(channel: str, side: Side, *, scheme: str = "http", seconds: float = PATIENCE) -> str:
    """Send one message and return the other side's words, waiting for `seconds` at most. Raises SendFailure."""
    if channel == "email":
        relay = Relay(side.host, side.port, seconds=seconds, begins_with_tls=scheme == "https")
        with SmtpChannel(relay) as smtp:
            return smtp.send(Message("1", "status@example.com", "sam@example.com", b"Subject: x\r\n\r\nx\r\n"))
    settings.HOOK_SECONDS = seconds
    url = f"{scheme}://{side.host}:{side.port}"
    settings.TELEGRAM_API_URL = settings.SMS_API_URL = url
    result = ask(HOOKS[channel].compose(parcel_for(channel, url)))
    if not isinstance(result, Answer):
        raise result
    return HOOKS[channel].read(result, at=now())


@contextmanager
def behaving(behave: Callable[[socket.socket], None]) -> Iterator[Side]:
    """Listen on a free port and do the same with each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def converse(conversation: socket.socket) -> None:
            with conversation:
                try:
                    behave(conversation)
                except OSError:
                    pass  # the client hung up, as it should

        def serve() -> None:
            while True:
                try:
                    conversation, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=converse, args=[conversation], daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield Side("127.0.0.1", listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)


def say_nothing(conversation: socket.socket) -> None:
    """Take the connection and wait."""
    conversation.settimeout(LONG)
    while conversation.recv(65_536):
        pass


def drip(conversation: socket.socket) -> None:
    """Send one byte at a time, slower than anybody should wait for."""
    pause = LITTLE_PATIENCE / 5
    for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * int(LONG / pause):
        conversation.sendall(bytes([byte]))
        time.sleep(pause)


def hang_up(conversation: socket.socket) -> None:
    """Take the connection and close it."""


def talk_rubbish(conversation: socket.socket) -> None:
    """Answer with bytes that are no protocol."""
    conversation.sendall(b"\x00\xff\x16\x03SSH-2.0-rubbish \x1b[31m\r\n\r\n" * 5)
    say_nothing(conversation)


def send_headers_without_end(conversation: socket.socket) -> None:
    """Answer with ten thousand headers."""
    conversation.sendall(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(10_000)))
    conversation.sendall(b"\r\n")


def send_an_endless_line(conversation: socket.socket) -> None:
    """Answer with one line of a megabyte."""
    conversation.sendall(b"HTTP/1.1 200 " + b"y" * 1_000_000)
