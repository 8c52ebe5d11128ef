"""What we promised: the action items of all postmortems on one page, open ones first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from incidents.publishing import paths
from incidents.publishing.documents.actions import Action, action_row
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.shapes import PromiseFacts, PromisesFacts
from incidents.publishing.wording import in_page_language

_OPEN = ("planned", "in_progress")


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise and the incident it was made after."""

    action: Action
    title: str
    path: str
    title_in: str
    """Language of the title where it is not that of the document; `action_in` that of the action."""
    action_in: str


@in_page_language
def promises(facts: PromisesFacts) -> bytes:
    """Return every public promise as HTML: open ones by due day, then the kept and the dropped, newest first."""
    page = facts.page
    today = page.day_of(page.seen_at)
    kept = [one for one in facts.promises if one.action.state not in _OPEN]
    waiting = [one for one in facts.promises if one.action.state in _OPEN]
    return rendered(
        "promises.html",
        page,
        Head(
            title=gettext("What we promised · {page} status").format(page=page.name),
            path=paths.promises(),
            heading=gettext("What {page} promised after incidents").format(page=page.name),
            description=_progress(facts.promises, today),
            current="history",
            has_twins=True,
        ),
        progress=_progress(facts.promises, today),
        waiting=_rows(sorted(waiting, key=lambda one: one.action.due_on or date.max), today),
        ended=_rows(sorted(kept, key=lambda one: one.action.done_on or date.min, reverse=True), today),
    )


def _rows(told: Iterable[PromiseFacts], today: date) -> list[Promise]:
    return [
        Promise(action_row(one.action, today), one.title, paths.incident(one.incident), one.title_in, one.action_in)
        for one in told
    ]


def _progress(told: Sequence[PromiseFacts], today: date) -> str:
    """Return "5 of 8 done, 1 overdue."."""
    if not told:
        return gettext("No promises have been made after incidents yet.")
    done = sum(one.action.state == "done" for one in told)
    late = sum(one.action.state in _OPEN and (one.action.due_on or date.max) < today for one in told)
    if not late:
        return ngettext("{done} of {count} done.", "{done} of {count} done.", len(told)).format(
            done=done, count=len(told)
        )
    pattern = ngettext("{done} of {count} done, {late} overdue.", "{done} of {count} done, {late} overdue.", len(told))
    return pattern.format(done=done, count=len(told), late=late)
