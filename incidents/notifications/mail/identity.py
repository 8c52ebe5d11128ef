"""Who our mail says it is from."""

from email.utils import parseaddr

from django.conf import settings


def sender_address() -> str:
    """Return the bare address mail comes from: the envelope's sender."""
    return parseaddr(settings.MAIL_FROM)[1]


def reply_address() -> str:
    """Return where answers of readers go, "" for the sender itself."""
    return parseaddr(settings.MAIL_REPLY_TO)[1]


def mail_domain() -> str:
    """Return the domain our message ids are made under."""
    return sender_address().rpartition("@")[2] or "localhost"


def thread_id(incident_code: str) -> str:
    """Return the message id all mails about an incident refer to, so that programs thread them."""
    return f"<incident-{incident_code}@{mail_domain()}>"
