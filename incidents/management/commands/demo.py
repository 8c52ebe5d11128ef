"""`manage.py demo`: make the demonstration page."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.exchange.demo import nylas
from incidents.exchange.demo.building import PageExists, build_demo
from incidents.lib.clock import now
from incidents.publishing.waking import held_back
from incidents.timeline.refusals import Refused


class Command(BaseCommand):
    """Thin: the work is `incidents.exchange.demo.building.build_demo`."""

    help = "Make a page with a real incident, 90 days of varied history, an open incident and a maintenance."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--add", action="store_true", help="make it although there is a page already")
        parser.add_argument("--host", default="", help="the host name it answers at (a second page needs one)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build the page and say what it holds and where it is."""
        try:
            with held_back():
                page = build_demo(at=now(), add=options["add"], host=options["host"])
        except (PageExists, Refused) as refusal:
            raise CommandError(str(refusal)) from refusal
        address = f"http://{page.host}" if page.host else settings.SITE_URL
        self.stdout.write(
            f"Made the page “{page.name}” with {page.components.count()} components in {page.groups.count()} groups, "
            f"{page.incidents.filter(kind='incident').count()} incidents and "
            f"{page.incidents.filter(kind='maintenance').count()} maintenances. Nobody was notified."
        )
        if not page.host and not page.is_default:
            self.stdout.write("It is not the default page and has no host, so nothing shows it yet; see --host.")
            return
        self.stdout.write(f"  {address}/\n  {address}/incidents/{nylas.CODE}")
