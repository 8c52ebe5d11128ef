"""`manage.py publish`: make every public document anew, or write them out for another server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from incidents.lib.clock import now
from incidents.publishing.export import export_page
from incidents.publishing.library import the_library
from incidents.publishing.models import Publication
from incidents.publishing.publisher import publish_everything
from incidents.publishing.showing import show_since
from incidents.timeline.models import Page


class Command(BaseCommand):
    """Publishes pages whole. Needed only after damage: changes and upgrades publish themselves."""

    help = "Make every public document anew; with --to, write them as plain files that any web server serves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--page` and `--to`."""
        parser.add_argument("--page", help="code or host of the page (default: every page; with --to the default page)")
        parser.add_argument("--to", type=Path, metavar="DIR", help="write the tree of one page into this folder")

    def handle(self, *args: Any, page: str | None, to: Path | None, **options: Any) -> None:
        """Publish, then export where asked."""
        chosen = self._pages(page)
        for one in chosen:
            with tqdm(desc=one.name, unit=" documents", disable=None) as bar:
                for made, total in publish_everything(one.pk, at=now()):
                    bar.total = total
                    bar.update(made - bar.n)
            # Also what did not change: files may have been damaged.
            show_since(Publication.objects.select_related("page").get(pk=one.pk), 0, the_library())
        if to is not None:
            if chosen[0].is_private:
                raise CommandError(f"{chosen[0].name} is not public: files of it would be open to everybody.")
            count = export_page(chosen[0], to)
            self.stdout.write(f"{count} documents of {chosen[0].name} are in {to}")

    def _pages(self, wanted: str | None) -> list[Page]:
        pages = list(Page.objects.all())
        if wanted:
            pages = [one for one in pages if wanted in (one.code, one.host)]
        if not pages:
            raise CommandError("There is no such page." if wanted else "There is no page yet.")
        return pages
