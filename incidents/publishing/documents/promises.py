"""What we promised: the action items of all postmortems on one page, open ones first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from incidents.publishing import paths
from incidents.publishing.documents.actions import Action, action_row
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.shapes import PromiseFacts, PromisesFacts

_OPEN = ("planned", "in_progress")


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise and the incident it was made after."""

    action: Action
    title: str
    path: str


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
            title=f"What we promised · {page.name} status",
            path=paths.PROMISES,
            heading=f"What {page.name} promised after incidents",
            description=_progress(facts.promises, today),
            current="history",
        ),
        progress=_progress(facts.promises, today),
        waiting=_rows(sorted(waiting, key=lambda one: one.action.due_on or date.max), today),
        ended=_rows(sorted(kept, key=lambda one: one.action.done_on or date.min, reverse=True), today),
    )


def _rows(told: Iterable[PromiseFacts], today: date) -> list[Promise]:
    return [Promise(action_row(one.action, today), one.title, paths.incident(one.incident)) for one in told]


def _progress(told: Sequence[PromiseFacts], today: date) -> str:
    """Return "5 of 8 done, 1 overdue."."""
    if not told:
        return "No promises have been made after incidents yet."
    done = sum(one.action.state == "done" for one in told)
    late = sum(one.action.state in _OPEN and (one.action.due_on or date.max) < today for one in told)
    return f"{done} of {len(told)} done{f', {late} overdue' if late else ''}."
