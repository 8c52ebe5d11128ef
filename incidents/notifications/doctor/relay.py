"""The relay: a visit without a mail (EHLO, TLS, AUTH, MAIL FROM, RSET), told in sentences."""

import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings

from incidents.notifications.channels.answers import ENVELOPE, Answer, failure_of
from incidents.notifications.channels.email import relay_from_settings
from incidents.notifications.doctor.findings import Finding, bad, doubtful, good, not_examined
from incidents.notifications.mail.return_path import return_address
from incidents.notifications.smtp.session import Relay
from incidents.notifications.smtp.signing_in import sign_in

RENEW_BEFORE = timedelta(days=14)
_WISHED = {
    "pipelining": "without it every mail costs four journeys instead of one",
    "8bitmime": "other programs than ours need it for letters outside ASCII",
    "size": "with it a mail that is too large is refused before it travels",
    "smtputf8": "addresses with letters outside ASCII before the @ cannot be reached",
}


def examine_relay() -> Iterator[Finding]:
    """Yield what a visit to the relay shows; no mail is sent."""
    if settings.MAIL_IS_KEPT:
        yield doubtful("Relay", "EMAIL_URL is not set: mails are kept as files, nobody is told.", "Set EMAIL_URL.")
        return
    if settings.MAIL_PROVIDER:
        yield not_examined(
            "Relay", f"Mail goes through {settings.MAIL_PROVIDER}; --send-test shows whether it is taken."
        )
        return
    yield from visit(relay_from_settings())


def visit(relay: Relay) -> Iterator[Finding]:
    """Yield what a relay offers and whether it would take our mail."""
    place = f"{relay.host}:{relay.port}"
    try:
        session = _connected(relay)
    except ssl.SSLCertVerificationError as error:
        yield _untrusted(relay, error)
        return
    except (smtplib.SMTPException, OSError, ValueError) as error:
        # ValueError: a name no name server can be asked for.
        advice = "Check host, port and encryption in EMAIL_URL, and that no firewall is in between."
        yield bad("Relay", f"{place} cannot be reached: {_words(error)}", advice)
        return
    try:
        yield good("Relay", f"{place} answers: {_line(session.ehlo_resp or session.helo_resp or b'')}")
        yield from _conversation(session, relay)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        # ValueError: what ought to be base64 and is not.
        yield bad("Relay", f"{place} broke off: {_words(error)}", "Ask whoever runs the relay, with this answer.")
    finally:
        session.close()


def _connected(relay: Relay) -> smtplib.SMTP:
    if relay.begins_with_tls:
        context = ssl.create_default_context()
        session: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=relay.seconds, context=context)
    else:
        session = smtplib.SMTP(relay.host, relay.port, timeout=relay.seconds)
    session.ehlo_or_helo_if_needed()
    return session


def _conversation(session: smtplib.SMTP, relay: Relay) -> Iterator[Finding]:
    offered = session.has_extn("starttls")
    if relay.upgrades_to_tls:
        if not offered:
            yield bad(
                "TLS", "The relay does not offer STARTTLS; we do not go on in the clear.", "Use smtps:// (port 465)."
            )
            return
        try:
            session.starttls(context=ssl.create_default_context())
        except ssl.SSLCertVerificationError as error:
            yield _untrusted(relay, error)
            return
        session.ehlo()
    yield _encryption(session, relay, offered=offered)
    yield from _capabilities(session)
    if relay.user:
        signed_in = _signing_in(session, relay)
        yield signed_in
        if signed_in.advice:
            return
    yield _sender(session)


def _encryption(session: smtplib.SMTP, relay: Relay, *, offered: bool) -> Finding:
    if not isinstance(session.sock, ssl.SSLSocket):
        if relay.user or offered:
            advice = "Use smtp+tls:// (port 587) or smtps:// (port 465) in EMAIL_URL."
            return doubtful("TLS", "The conversation with the relay is not encrypted.", advice)
        return good("TLS", "The conversation is not encrypted; the relay does not offer it and no password travels.")
    certificate = session.sock.getpeercert() or {}
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), tz=UTC)
    words = f"{session.sock.version()}, certificate valid until {ends:%Y-%m-%d}"
    if ends - datetime.now(tz=UTC) < RENEW_BEFORE:
        return doubtful("TLS", f"{words}: that is soon.", "Have the relay's certificate renewed.")
    return good("TLS", words)


def _capabilities(session: smtplib.SMTP) -> Iterator[Finding]:
    has = [name.upper() for name in _WISHED if session.has_extn(name)]
    yield good("Abilities", f"The relay offers {', '.join(has) or 'none of what we can use'}.")
    for name, loss in _WISHED.items():
        if not session.has_extn(name):
            yield doubtful("Abilities", f"The relay does not offer {name.upper()}: {loss}.", "Switch it on if you can.")


def _signing_in(session: smtplib.SMTP, relay: Relay) -> Finding:
    try:
        sign_in(session, user=relay.user, password=relay.password)
    except smtplib.SMTPAuthenticationError as error:
        answer = Answer(error.smtp_code, _line(error.smtp_error), ENVELOPE)
        return bad("Sign-in", failure_of(answer).sentence, "Mend name and password in EMAIL_URL.")
    except smtplib.SMTPNotSupportedError as error:
        return bad("Sign-in", f"The relay takes no sign-in: {error}", "Take name and password out of EMAIL_URL.")
    return good("Sign-in", f"The relay knows {relay.user}.")


def _sender(session: smtplib.SMTP) -> Finding:
    sender = return_address(0)
    code, words = session.mail(sender)
    session.rset()
    if 200 <= code < 300:
        return good("Sender", f"The relay takes mail from {sender}: {code} {_line(words)}")
    failure = failure_of(Answer(code, words.decode("utf-8", "replace"), ENVELOPE))
    return bad("Sender", failure.sentence, f"Let the relay's account send as {sender}, or change MAIL_FROM.")


def _untrusted(relay: Relay, error: ssl.SSLCertVerificationError) -> Finding:
    advice = f"Let the relay show a certificate for {relay.host} by an authority this machine trusts."
    return bad("TLS", f"The certificate of {relay.host}:{relay.port} is refused: {error.verify_message}", advice)


def _line(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())


def _words(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_line(error.smtp_error)}"
    return getattr(error, "strerror", "") or str(error) or type(error).__name__
