"""`manage.py import_statuspage SOURCE`: bring in a page of Atlassian's Statuspage."""

import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.exchange.statuspage.problems import NothingToImport
from incidents.exchange.statuspage.session import Session
from incidents.lib.clock import now
from incidents.management.agreeing import agree
from incidents.publishing.waking import held_back
from incidents.timeline.refusals import Refused


class Command(BaseCommand):
    """Thin: the work is `incidents.exchange.statuspage.session.Session`."""

    help = """Import a Statuspage page: components, incidents, maintenance, with their codes and times.

SOURCE is the address of the page (https://status.example.com), or a folder or file of its
public JSON: summary, components, incidents, scheduled-maintenances, single incidents.
Nobody is ever notified. Running it again takes only what is new or changed.

exit codes: 0 everything was taken, 1 nothing was done, 2 the command line is wrong,
3 some records could not be taken (each is named), 130 stopped"""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the lines of the help text as they are."""
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("source", metavar="SOURCE", help="address, folder or file")
        parser.add_argument("--page", default="", metavar="CODE", help="the page to import into (default: by code)")
        parser.add_argument("--host", default="", help="the host name the page is to answer at")
        parser.add_argument("--dry-run", action="store_true", help="count and check, write nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask before writing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import and end with its exit code."""
        session = Session(
            source=options["source"],
            say=self.stdout.write,
            page_code=options["page"],
            host=options["host"],
            is_rehearsal=options["dry_run"],
            agree=(lambda: True) if options["yes"] or not sys.stdin.isatty() else agree,
        )
        try:
            with held_back():
                code = session.run(at=now())
        except (NothingToImport, Refused) as refusal:
            raise CommandError(str(refusal)) from refusal
        if code:
            sys.exit(code)
