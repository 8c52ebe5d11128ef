"""`manage.py doctor`: look at mail, its records and the machine, and say what to mend.

Exit codes: 0 nothing to mend, 1 something works less well than it could, 2 something does not work.
"""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.lib.clock import now
from incidents.notifications.doctor.examination import examine
from incidents.notifications.doctor.findings import Finding, Health
from incidents.notifications.doctor.received import examine_received
from incidents.notifications.doctor.records import Records
from incidents.notifications.doctor.trial import send_trial
from incidents.subscriptions.addresses import clean_address
from incidents.timeline.models import Page
from incidents.timeline.refusals import Refused

SIGNS = {Health.GOOD: "ok  ", Health.NOT_EXAMINED: "-   ", Health.DOUBTFUL: "note", Health.BAD: "BAD "}
EXIT_CODES = {Health.GOOD: 0, Health.NOT_EXAMINED: 0, Health.DOUBTFUL: 1, Health.BAD: 2}


class Command(BaseCommand):
    """Examines; with --send-test or --received only that."""

    help = "Look at mail, DNS records, relay, database, broker, disk and clock. Exit code 0 well, 1 notes, 2 broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the two ways to look at one mail."""
        parser.add_argument("--send-test", metavar="ADDRESS", help="send a mail now and show the relay's exact answer")
        parser.add_argument(
            "--received", type=Path, metavar="FILE", help="a mail of ours as it arrived, with its headers"
        )

    def handle(self, *args: Any, send_test: str | None, received: Path | None, **options: Any) -> None:
        """Look, tell, and end with the worst."""
        if send_test is not None:
            self._send(send_test)
        elif received is not None:
            self._tell(examine_received(self._content(received)))
        else:
            self._tell(examine(Records()))

    def _send(self, typed: str) -> None:
        try:
            address = clean_address(typed)
        except Refused as refusal:
            raise CommandError(refusal.sentence, returncode=2) from refusal
        trial = send_trial(address=address, page=Page.objects.order_by("-is_default").first(), at=now())
        if not trial.was_taken:
            raise CommandError(trial.words, returncode=2)
        self.stdout.write(f"Taken: {trial.words}")

    def _tell(self, findings: Iterable[Finding]) -> None:
        worst = Health.GOOD
        for finding in findings:
            worst = max(worst, finding.health)
            self.stdout.write(f"{SIGNS[finding.health]} {finding.subject}: {finding.sentence}")
            if finding.advice:
                self.stdout.write(f"     -> {finding.advice}")
            self.stdout.flush()
        if code := EXIT_CODES[worst]:
            words = {1: "There is something to better.", 2: "There is something to mend."}
            raise CommandError(words[code], returncode=code)

    def _content(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}", returncode=2) from error
