"""One run of the importer from source to summary, as an operator sees it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from tqdm import tqdm

from incidents.exchange.statuspage.documents import Document
from incidents.exchange.statuspage.files import json_files, read_files
from incidents.exchange.statuspage.gathering import Export, gather
from incidents.exchange.statuspage.importing import ACTOR, Survey, bring_in, survey
from incidents.exchange.statuspage.problems import NothingToImport, Report
from incidents.exchange.statuspage.remote import RemotePage, base_of
from incidents.exchange.statuspage.telling import Say, tell_address, tell_problems, tell_source, tell_survey
from incidents.timeline.models import Incident, Page
from incidents.timeline.restoring import RestoredPage, checked_page, restore_page
from incidents.timeline.states import ENDED_PHASES

Record = TypeVar("Record")
Target = Page | RestoredPage


class ExitCode(IntEnum):
    """What the command's exit code says; 2 is argparse's, for a command line it cannot read."""

    EVERYTHING_TAKEN = 0
    NOTHING_DONE = 1
    SOME_SKIPPED = 3
    STOPPED = 130


@dataclass(frozen=True)
class Session:
    """A run of the importer.

    `source` is an address, a folder or a file; `page_code` the page to import into, empty for
    the one with the source's code; `host` the host name the page is to answer at; `agree` is
    asked once before anything is written. `say` takes one line to print; the progress bar goes to
    the standard error stream.
    """

    source: str
    say: Say
    page_code: str = ""
    host: str = ""
    is_rehearsal: bool = False
    agree: Callable[[], bool] = lambda: True

    def run(self, *, at: datetime) -> ExitCode:
        """Read, tell what there is, and unless rehearsing take it in. Raises NothingToImport, Refused."""
        report = Report()
        try:
            export = gather([each for each in self._documents(report) if each], report)
            return self._take(export, report, at)
        except KeyboardInterrupt:
            self.say("Stopped. What was taken stays as it is; run the same command again to go on.")
            return ExitCode.STOPPED

    def _take(self, export: Export, report: Report, at: datetime) -> ExitCode:
        target = self._target(export)
        plan = survey(export, page=target if isinstance(target, Page) else None, report=report, at=at)
        tell_source(self.say, export, target)
        tell_survey(self.say, plan)
        tell_problems(self.say, report)
        if self.is_rehearsal:
            self.say("Dry run: nothing was written.")
            return _exit_code(report)
        if isinstance(target, Page) and not plan.size and not self._moves(target):
            self.say("There is nothing new to take.")
        elif not self.agree():
            self.say("Nothing was written.")
            return ExitCode.NOTHING_DONE
        else:
            target = self._write(target, plan, report, at)
            tell_address(self.say, target)
        return _exit_code(report)

    def _write(self, target: Target, plan: Survey, report: Report, at: datetime) -> Page:
        if not isinstance(target, Page):
            page, _ = restore_page(target, host=self.host, by=ACTOR, at=at)
        elif self._moves(target):
            page = target.edit(host=self.host, by=ACTOR, at=at)
        else:
            page = target
        told = len(report.problems)
        for _ in self._bar(bring_in(plan, page=page, report=report, at=at), plan.size, "Importing"):
            pass
        refused = report.problems[told:]
        for problem in refused:
            self.say(f"  {problem}")
        self.say(f"Took {plan.size - len(refused):,} records. Nobody was notified.")
        return page

    def _moves(self, page: Page) -> bool:
        return bool(self.host) and page.host != self.host.strip().lower()

    def _target(self, export: Export) -> Target:
        """Return the page to import into, or the page to make."""
        if self.page_code:
            page = Page.objects.filter(code=self.page_code).first()
            if page is None:
                known = ", ".join(f"{each.code} ({each.name})" for each in Page.objects.all()) or "none yet"
                raise NothingToImport(f"There is no page {self.page_code}. There are: {known}.")
            return page
        if export.page is None:
            raise NothingToImport(
                "Nothing in the source names its page. Say with --page which page of yours it belongs to."
            )
        record = checked_page(export.page)
        return Page.objects.filter(code=record.code).first() or record

    def _documents(self, report: Report) -> Iterator[Document | None]:
        if self.source.startswith(("https://", "http://")):
            remote = RemotePage(
                base_of(self.source), report, allowed=settings.OUTBOUND_ALLOWED_ADDRESSES, known=self._over
            )
            return self._bar(remote.read(), None, "Reading")
        path = Path(self.source)
        return self._bar(read_files(path, report), len(json_files(path)), "Reading")

    def _over(self, page_code: str) -> Collection[str]:
        imported = Incident.objects.filter(page__code=self.page_code or page_code).exclude(imported_from="")
        return set(imported.filter(phase__canonical__in=ENDED_PHASES).values_list("code", flat=True))

    def _bar(self, each: Iterator[Record], total: int | None, what: str) -> Iterator[Record]:
        return iter(tqdm(each, total=total, desc=what, leave=False))


def _exit_code(report: Report) -> ExitCode:
    return ExitCode.SOME_SKIPPED if report.problems else ExitCode.EVERYTHING_TAKEN
