"""Reading the mailbox of bounces that the settings name."""

from functools import partial

from django.conf import settings

from incidents.lib.clock import now
from incidents.notifications.bounces.mailbox import Mailbox, read_mailbox
from incidents.notifications.bounces.taking import take_mail
from incidents.notifications.models import Taken


def mailbox_from_settings() -> Mailbox | None:
    """Return the mailbox that BOUNCE_MAILBOX_URL names, None where it is unset."""
    return Mailbox(**settings.BOUNCE_MAILBOX) if settings.BOUNCE_MAILBOX else None


def read_bounces() -> dict[Taken, int]:
    """Take in what lies in the mailbox and return how much of each kind it was.

    Nothing where no mailbox is set. Raises MailboxUnreachable.
    """
    mailbox = mailbox_from_settings()
    return read_mailbox(mailbox, partial(take_mail, at=now())) if mailbox else {}
