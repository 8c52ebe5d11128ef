"""A promise of a postmortem in words."""

from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext, pgettext

from incidents.lib import stamps
from incidents.publishing.shapes import ActionFacts


@dataclass(frozen=True, slots=True)
class Action:
    """A row of the table of promises."""

    text: str
    owner: str
    state: str
    due: SafeString | str
    is_dropped: bool = False
    """Whether its state gives a reason, which may be long."""


def action_row(action: ActionFacts, today: date) -> Action:
    """Return a promise as a row of a table, read on `today` (in the page's zone)."""
    return Action(
        action.text, action.owner, _action_state(action), _action_due(action, today), action.state == "dropped"
    )


def _action_state(action: ActionFacts) -> str:
    if action.state == "done":
        if action.done_on is None:
            return pgettext("state of a promise", "Done")
        return pgettext("state of a promise", "Done {day}").format(day=stamps.short_day(action.done_on))
    if action.state == "dropped":
        return pgettext("state of a promise", "Dropped: {reason}").format(reason=action.reason)
    words = {
        "planned": pgettext("state of a promise", "Planned"),
        "in_progress": pgettext("state of a promise", "In progress"),
    }
    return words[action.state]


def _action_due(action: ActionFacts, today: date) -> SafeString | str:
    if action.due_on is None:
        return ""
    due = stamps.day_element(action.due_on, stamps.short_day(action.due_on))
    late = (today - action.due_on).days
    if action.state in ("done", "dropped") or late <= 0:
        return due
    pattern = ngettext("{day}. Overdue by {count} day", "{day}. Overdue by {count} days", late)
    return format_html(pattern, day=due, count=late)
