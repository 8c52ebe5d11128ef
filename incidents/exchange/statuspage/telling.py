"""What the importer prints: the source, the counts, what could not be taken, where to look."""

from collections.abc import Callable

from django.conf import settings

from incidents.exchange.statuspage.gathering import Export
from incidents.exchange.statuspage.importing import KINDS, Survey
from incidents.exchange.statuspage.problems import Report
from incidents.timeline.models import Page
from incidents.timeline.restoring import Outcome, RestoredPage

Say = Callable[[str], object]
"""Prints one line."""


def tell_source(say: Say, export: Export, target: Page | RestoredPage) -> None:
    """Say which page was read and where it goes."""
    if export.page is not None:
        say(f"Source: page “{export.page.name}” ({export.page.code}), {export.page.time_zone}.")
    if isinstance(target, Page):
        say(f"Goes to: page “{target.name}” ({target.code}), which is here already.")
    else:
        say("Goes to: a new page of that name and code.")


def tell_survey(say: Say, plan: Survey) -> None:
    """Print how much of each kind there is, and what bringing it in would do."""
    say(f"{'':14}{'found':>8}{'new':>8}{'changed':>9}{'unchanged':>11}")
    for kind in KINDS:
        counts = plan.counts[kind]
        say(
            f"{kind.capitalize():14}{counts.total():>8,}{counts[Outcome.NEW]:>8,}"
            f"{counts[Outcome.CHANGED]:>9,}{counts[Outcome.UNCHANGED]:>11,}"
        )
    say("")


def tell_problems(say: Say, report: Report) -> None:
    """Print every note and every problem, one to a line."""
    for title, lines in (("Notes", report.notes), ("Not taken", report.problems)):
        if lines:
            say(f"{title} ({len(lines):,}):")
            for line in lines:
                say(f"  {line}")
            say("")


def tell_address(say: Say, page: Page) -> None:
    """Say where the page can be seen."""
    if page.host:
        say(f"“{page.name}” answers at the host {page.host}.")
    elif page.is_default:
        say(f"“{page.name}” is at {settings.SITE_URL}/")
    else:
        say(f"“{page.name}” is not the default page; run this again with --host to give it a host name.")
