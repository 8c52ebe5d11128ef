"""Who our mail says it is from."""

from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings


def sender_address() -> str:
    """Return the bare address mail comes from: the envelope's sender."""
    return _bare(settings.MAIL_FROM)


def reply_address() -> str:
    """Return where answers of readers go, "" for the sender itself."""
    return _bare(settings.MAIL_REPLY_TO)


def mail_domain() -> str:
    """Return the domain our message ids are made under."""
    return sender_address().rpartition("@")[2] or "localhost"


def thread_id(incident_code: str) -> str:
    """Return the message id all mails about an incident refer to, so that programs thread them."""
    return f"<incident-{incident_code}@{mail_domain()}>"


@lru_cache(maxsize=8)
def _bare(address: str) -> str:
    """Return an address without the name before it; asked for with every mail."""
    return parseaddr(address)[1]
