"""`manage.py export_errors`: write the error guide out as Markdown or YAML, in the form import_errors reads."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.guide.files.session import page_called
from incidents.guide.files.writing import as_markdown, as_yaml
from incidents.guide.models import Entry
from incidents.timeline.refusals import Refused


class Command(BaseCommand):
    """Thin: the work is `incidents.guide.files.writing`."""

    help = "Write every entry of the error guide, drafts too, to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--page", default="", metavar="CODE", help="the page (default: the default page)")
        parser.add_argument("--yaml", action="store_true", help="as YAML instead of Markdown")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them."""
        try:
            page = page_called(options["page"])
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        entries = Entry.objects.on(page).prefetch_related("components", "related")
        self.stdout.write((as_yaml if options["yaml"] else as_markdown)(entries), ending="")
