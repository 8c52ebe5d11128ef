"""`manage.py subscribers`: what the console does with subscribers, for scripts."""

import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.lib.clock import now
from incidents.subscriptions.commanding import DEEDS, Ask
from incidents.subscriptions.lists.taking_over import look_at, outlook_of, take_over
from incidents.subscriptions.lists.writing_out import write_out
from incidents.subscriptions.models import ImportState, Subscriber
from incidents.timeline.models import Page
from incidents.timeline.refusals import Refused

ACTOR = "command line"


class Command(BaseCommand):
    """Lists, adds, imports, exports, pauses, removes and erases subscribers."""

    help = "List, add, import, export, pause, resume, remind, remove or erase subscribers of a page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add a sub-command for each deed."""
        parser.add_argument("--page", default="", help="code of the page; the default page where it is left out")
        deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED")
        listing = deeds.add_parser("list", help="print the addresses")
        listing.add_argument("--state", default="", help="pending, active, disabled or left")
        exporting = deeds.add_parser("export", help="write the list as CSV to the standard output or a file")
        exporting.add_argument("--to", type=Path, help="file to write")
        importing = deeds.add_parser("import", help="add the addresses of a CSV file whose owners agreed")
        importing.add_argument("file", type=Path)
        importing.add_argument("--evidence", required=True, help="how these people agreed; kept with each of them")
        importing.add_argument("--dry-run", action="store_true", help="only say what would happen")
        for name, (_, words) in DEEDS.items():
            deed = deeds.add_parser(name, help=words)
            deed.add_argument("address")
            deed.add_argument("--channel", default="email", help="email (default), webhook, slack, ...")
            if name == "add":
                deed.add_argument("--evidence", default="", help="where and when they agreed; else they are asked")
                deed.add_argument("--language", default="", help="of the messages, such as de or pt-BR")

    def handle(self, *args: Any, deed: str, page: str, **options: Any) -> None:
        """Do it; a refusal is said in words and the exit status is 1."""
        try:
            where = _page(page)
            if deed in DEEDS:
                asked = Ask(where, options["channel"], options["address"], options.get("evidence", ""), ACTOR, now())
                asked = replace(asked, language=options.get("language", ""))
                self.stdout.write(DEEDS[deed][0](asked))
            else:
                {"list": self._list, "export": self._export, "import": self._import}[deed](where, options)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _list(self, page: Page, options: dict[str, Any]) -> None:
        rows = Subscriber.objects.on(page).order_by("address")
        for subscriber in rows.filter(state=options["state"]) if options["state"] else rows:
            self.stdout.write(f"{subscriber.state}\t{subscriber.channel}\t{subscriber.shown_address}")

    def _export(self, page: Page, options: dict[str, Any]) -> None:
        lines = write_out(Subscriber.objects.on(page).order_by("address", "pk"), page=page, by=ACTOR, at=now())
        if options["to"] is None:
            for line in lines:
                self.stdout.write(line, ending="")
            return
        with options["to"].open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)

    def _import(self, page: Page, options: dict[str, Any]) -> None:
        file: Path = options["file"]
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        one = look_at(page=page, file_name=file.name, content=content, evidence=options["evidence"], by=ACTOR, at=now())
        found = outlook_of(one, at=now())
        self.stdout.write(f"{found.words}; no mail is sent")
        for row in found.left_out:
            self.stdout.write(f"  line {row.line}: {row.typed} ({row.reason})")
        if options["dry_run"]:
            one.delete()
            return
        while one.state != ImportState.DONE:
            take_over(one, at=now(), seconds=1.0)
            if sys.stderr.isatty():
                self.stderr.write(f"\r{one.added:,} of {found.new:,}", ending="")
        self.stdout.write(f"{one.added:,} added")


def _page(code: str) -> Page:
    found = Page.objects.filter(code=code).first() if code else Page.objects.order_by("-is_default", "pk").first()
    if found is None:
        raise CommandError("There is no such page.")
    return found
