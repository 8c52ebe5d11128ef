"""Mail by SMTP: one persistent connection, one unacknowledged message at most."""

import smtplib
import ssl
from dataclasses import dataclass
from typing import Self

from django.conf import settings

from incidents.notifications.channels.answers import CONTENT, ENVELOPE, RECIPIENT, Answer, failure, failure_of
from incidents.notifications.channels.contract import ChannelDown, Fault, Message

COMMAND_SECONDS = 10.0
"""How long the relay may take for one answer; lease and retries are built around it."""


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


def relay_from_settings() -> Relay:
    """Return the relay that EMAIL_URL names."""
    return Relay(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        upgrades_to_tls=settings.EMAIL_USE_TLS,
        begins_with_tls=settings.EMAIL_USE_SSL,
    )


class SmtpChannel:
    """A connection to a relay, opened with the first message and again after it broke."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._session: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Return the channel; nothing is connected yet."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Take leave of the relay."""
        if self._session is not None:
            try:
                self._session.quit()
            except (smtplib.SMTPException, OSError):
                pass  # the relay has gone already
            self._session = None

    def send(self, message: Message) -> str:
        """Hand one message over and return the relay's words.

        Raises PermanentFailure or TemporaryFailure, ChannelDown where no session can be had.
        """
        session = self._session or self._open()
        try:
            return self._converse(session, message)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            raise failure(Fault.CONNECTION, f"the connection broke off ({error})") from error

    def _converse(self, session: smtplib.SMTP, message: Message) -> str:
        options = _envelope_options(session, message)
        try:
            self._step(session, ENVELOPE, session.mail(message.sender, options))
            self._step(session, RECIPIENT, session.rcpt(message.recipient))
            answer = session.data(message.content)
        except smtplib.SMTPDataError as error:
            answer = (error.smtp_code, _as_bytes(error.smtp_error))
        finally:
            session.command_encoding = "ascii"
        return self._step(session, CONTENT, answer)

    def _step(self, session: smtplib.SMTP, step: str, answer: tuple[int, bytes]) -> str:
        """Return the words of an accepting answer; clear the session and raise for another."""
        code, words = answer
        text = words.decode("utf-8", "replace").replace("\n", " ")
        if 200 <= code < 300:
            return f"{code} {text}"
        if code == 421:
            self._drop()
        else:
            session.rset()
        raise failure_of(Answer(code, text, step))

    def _open(self) -> smtplib.SMTP:
        relay = self._relay
        try:
            if relay.begins_with_tls:
                context = ssl.create_default_context()
                session: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=relay.seconds, context=context)
            else:
                session = smtplib.SMTP(relay.host, relay.port, timeout=relay.seconds)
            self._greet(session)
            self._session = session
        except smtplib.SMTPAuthenticationError as error:
            words = _as_bytes(error.smtp_error).decode("utf-8", "replace")
            raise _down(Fault.SENDER, f"{error.smtp_code} {words}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise _down(Fault.CONNECTION, f"{relay.host}:{relay.port} ({error})") from error
        return session

    def _greet(self, session: smtplib.SMTP) -> None:
        """Say hello, insist on TLS where it was asked for, sign in."""
        try:
            session.ehlo_or_helo_if_needed()
            if self._relay.upgrades_to_tls:
                # starttls() raises where the relay does not offer it: never go on in the clear.
                session.starttls(context=ssl.create_default_context())
                session.ehlo()
            if self._relay.user:
                session.login(self._relay.user, self._relay.password)
        except (smtplib.SMTPException, OSError):
            session.close()
            raise

    def _drop(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


def _envelope_options(session: smtplib.SMTP, message: Message) -> list[str]:
    """Return the MAIL parameters; a non-ASCII local part needs SMTPUTF8 (RFC 6531) or is refused.

    Django encodes such an address as a header word, which reaches somebody else or nobody.
    """
    if message.recipient.isascii():
        return []
    if not session.has_extn("smtputf8"):
        raise failure(Fault.UNSUPPORTED, "it does not offer SMTPUTF8, which letters outside ASCII before the @ need")
    session.command_encoding = "utf-8"
    return ["SMTPUTF8", "BODY=8BITMIME"]


def _down(fault: Fault, words: str) -> ChannelDown:
    return ChannelDown(failure(fault, words).sentence, fault=fault)


def _as_bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
