"""`manage.py suppressions`: the journal of who is not to be mailed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.lib.clock import now
from incidents.subscriptions.suppression.catching_up import catch_up, read_again
from incidents.subscriptions.suppression.keeping import journals, own_journal, write_what_is_missing


class Command(BaseCommand):
    """Shows the suppression journals, and applies them to this database."""

    help = "Show the suppression journals; with --apply, end every subscription they say has ended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--apply` and `--all`."""
        parser.add_argument("--apply", action="store_true", help="apply what this database has not seen yet")
        parser.add_argument("--all", action="store_true", help="with --apply: begin at the first line of each file")

    def handle(self, *args: Any, apply: bool, all: bool, **options: Any) -> None:  # noqa: A002 - the option's name
        """Say what there is and what was done; fails while lines could not be written."""
        for journal in journals() or [own_journal()]:
            self.stdout.write(f"{journal.path}: {journal.size():,} octets")
        if apply:
            done = read_again(at=now()) if all else catch_up(at=now())
            words = f"{done.lines:,} lines read, {done.ended:,} subscriptions ended, {done.damaged:,} lines damaged"
            self.stdout.write(words)
        missing = write_what_is_missing()
        if missing:
            raise CommandError(f"{missing:,} leaves are in the database only: {own_journal().path} cannot be written.")
