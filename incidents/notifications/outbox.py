"""The outbox: kept mail read back, for the console of an installation without a relay."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern

from django.conf import settings

from incidents.notifications.channels.kept import kept_file
from incidents.notifications.models import Delivery


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A message as it would have been sent."""

    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    size: int


def kept_mail(delivery: Delivery) -> KeptMail | None:
    """Return the kept message of `delivery`; None where none was kept, or its file has gone."""
    path = kept_file(settings.KEPT_MAIL_DIR, str(delivery.pk))
    try:
        content = path.read_bytes()
    except OSError:
        return None
    message = message_from_bytes(content, policy=modern)
    return KeptMail(
        subject=str(message["Subject"] or ""),
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        size=len(content),
    )


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""
