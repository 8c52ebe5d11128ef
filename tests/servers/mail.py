"""A mail server that receives for real (SMTP over TCP) and keeps what came in."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers.finding import free_port

SECONDS_TO_START = 120
"""aiosmtpd's own five may pass on a busy machine."""


@dataclass(frozen=True)
class ReceivedMail:
    """One mail as it came over the wire."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The parsed mail."""
        return message_from_bytes(self.content, policy=policy.default)

    def text(self, kind: str = "plain") -> str:
        """Return the decoded body of the kind `plain` or `html` with plain line ends, empty where there is none."""
        body = self.message.get_body(preferencelist=(kind,))  # type: ignore[arg-type]  # one kind is a fine preference list
        return "" if body is None else str(body.get_content()).replace("\r\n", "\n")


@dataclass
class MailServer:
    """The receiver: its address, what it got, and the recipients it refuses."""

    host: str
    port: int
    received: list[ReceivedMail] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    answers: float = float("inf")
    """So many mails are answered; who sends one more waits until this is raised."""
    connections: int = 0

    @property
    def url(self) -> str:
        """The EMAIL_URL of this server."""
        return f"smtp://{self.host}:{self.port}"

    def refuse(self, address: str, answer: str) -> None:
        """Answer `RCPT TO` of the address with a line such as `550 5.1.1 no such user`."""
        self.refusals[address] = answer

    def to(self, address: str) -> list[ReceivedMail]:
        """Return what came in for the address, oldest first."""
        return [mail for mail in self.received if address in mail.recipients]

    def wait_for(self, count: int, seconds: float = 60) -> list[ReceivedMail]:
        """Return all mails as soon as there are `count`.

        Raises AssertionError when the seconds pass first.
        """
        deadline = time.monotonic() + seconds
        while len(self.received) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(self.received)} of {count} mails came within {seconds} s")
            time.sleep(0.02)
        return list(self.received)

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, name: str, offers: list[str]) -> list[str]:  # noqa: N802
        """Count a connection (called by aiosmtpd)."""
        self.connections += 1
        session.host_name = name
        return offers

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        """Take or refuse one recipient (called by aiosmtpd)."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep one mail (called by aiosmtpd)."""
        self.received.append(ReceivedMail(envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.content)))
        while len(self.received) > self.answers:
            await asyncio.sleep(0.02)
        return "250 OK: kept"


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """Give a new, empty mail server; it stops at the end."""
    server = MailServer("127.0.0.1", free_port())
    options = {"ready_timeout": SECONDS_TO_START, "enable_SMTPUTF8": True}
    controller = Controller(server, hostname=server.host, port=server.port, **options)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
