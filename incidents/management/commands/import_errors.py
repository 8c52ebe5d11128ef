"""`manage.py import_errors FILE`: bring in an error guide as Markdown or YAML."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.guide.files.session import Session
from incidents.lib.clock import now
from incidents.management.agreeing import agree
from incidents.publishing.waking import held_back
from incidents.timeline.refusals import Refused


class Command(BaseCommand):
    """Thin: the work is `incidents.guide.files.session.Session`."""

    help = """Import entries of the error guide from FILE: YAML where it ends in .yaml or .yml, else Markdown.

Shows what it would do, by line, and asks. Running it again changes only what changed in the file.
Exit codes: 0 everything was taken, 1 nothing was done, 2 the command line is wrong, 3 some entries were not taken"""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", metavar="FILE", help="a Markdown or YAML file; - reads standard input")
        parser.add_argument(
            "--page", default="", metavar="CODE", help="the page to import into (default: the default page)"
        )
        parser.add_argument("--yaml", action="store_true", help="read YAML whatever the file is called")
        parser.add_argument(
            "--drafts", action="store_true", help="publish nothing that the file does not call published"
        )
        parser.add_argument("--dry-run", action="store_true", help="show what it would do, write nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask before writing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import and end with its exit code."""
        file = options["file"]
        session = Session(
            text=_read(file),
            is_yaml=options["yaml"] or file.lower().endswith((".yaml", ".yml")),
            page_code=options["page"],
            as_drafts=options["drafts"],
            is_rehearsal=options["dry_run"],
            say=self.stdout.write,
            agree=(lambda: True) if options["yes"] or not sys.stdin.isatty() else agree,
        )
        try:
            with held_back():
                code = session.run(at=now())
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        if code:
            sys.exit(code)


def _read(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8 (byte {error.start}).") from error
