"""`manage.py run`: the whole status page with one command."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from statuspage.checks import INSTALLATION
from statuspage.embedded.instance import CannotStart
from statuspage.embedded.start import start


class Command(BaseCommand):
    """Starts web server, worker and schedule together and stops them together."""

    help = "Prepare the data folder and serve the status page: web, worker and schedule in one."
    # The rest would load every screen, which this process shows nobody: its child does.
    requires_system_checks = [INSTALLATION]

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add `--no-demo`."""
        parser.add_argument("--no-demo", action="store_true", help="begin with an empty page on a new database")

    def handle(self, *args: Any, no_demo: bool, **options: Any) -> None:
        """Run until Ctrl-C or SIGTERM; say in words what keeps it from starting."""
        try:
            start(say=self.say, with_demo=not no_demo)
        except CannotStart as reason:
            raise CommandError(str(reason)) from reason

    def say(self, line: str) -> None:
        """Print a line at once, also where the output is a file or a journal."""
        self.stdout.write(line)
        self.stdout.flush()
