"""`manage.py read_bounces`: take in what lies in the mailbox of bounces, now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from incidents.notifications.bounces.mailbox import MailboxUnreachable
from incidents.notifications.bounces.reading import read_bounces
from incidents.notifications.models import Taken


class Command(BaseCommand):
    """Reads the mailbox once; the worker does so every minute."""

    help = "Read the mailbox named by BOUNCE_MAILBOX_URL: count bounces and complaints, end subscriptions left by mail."

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and say what there was."""
        if not settings.BOUNCE_MAILBOX:
            raise CommandError("BOUNCE_MAILBOX_URL is not set.")
        try:
            counts = read_bounces()
        except MailboxUnreachable as error:
            raise CommandError(error.sentence) from error
        for kind, count in sorted(counts.items()):
            self.stdout.write(f"{count:6} {Taken(kind).label}")
        if not counts:
            self.stdout.write("The mailbox is empty.")
