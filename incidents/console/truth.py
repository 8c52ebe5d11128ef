"""Where the page says something that does not hold together, with the screens where it is mended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from incidents.lib import stamps
from incidents.timeline.models import ActionItem, ActionState, Page
from incidents.timeline.truth import Doubt, DoubtKind, doubts

SHOWN = 5
"""Overdue postmortems and action items of each on Now; a page that owes more has other troubles than a longer list."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What does not hold, in a sentence, and where to mend it."""

    sentence: str
    action: str
    address: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What does not hold now, and what was promised and is late."""

    doubts: list[Shortfall]
    overdue: list[Shortfall]


def truth(page: Page, *, at: datetime) -> Truth:
    """Return what is wrong with `page` at `at`. As many queries whatever the history."""
    found = doubts(page, at=at)
    late = [one for one in found if one.kind == DoubtKind.NO_POSTMORTEM]
    return Truth(
        [_shortfall(one) for one in found if one.kind != DoubtKind.NO_POSTMORTEM],
        [*map(_shortfall, late[:SHOWN]), *_overdue_actions(page, at=at)],
    )


def _shortfall(doubt: Doubt) -> Shortfall:
    return Shortfall(doubt.sentence, doubt.action, _address(doubt))


def _address(doubt: Doubt) -> str:
    if doubt.kind == DoubtKind.SILENT_COMPONENT:
        return f"{reverse('console:incident_new')}?component={doubt.code}"
    if doubt.kind == DoubtKind.LEFT_DOWN:
        return f"{reverse('console:components')}#component-{doubt.component}"
    if doubt.kind == DoubtKind.NO_POSTMORTEM:
        return reverse("console:postmortem", kwargs={"code": doubt.code})
    return reverse("console:incident", kwargs={"code": doubt.code})


def _overdue_actions(page: Page, *, at: datetime) -> Iterator[Shortfall]:
    late = ActionItem.objects.filter(
        postmortem__incident__page=page,
        due_on__lt=page.today(at=at),
        state__in=(ActionState.PLANNED, ActionState.IN_PROGRESS),
    ).select_related("postmortem__incident")
    for action in late.order_by("due_on")[:SHOWN]:
        due = stamps.short_day(action.due_on) if action.due_on else ""
        owner = f" ({action.owner})" if action.owner else ""
        yield Shortfall(
            f"“{action.text}”{owner} was due {due}.",
            "See the action items",
            reverse("console:postmortem", kwargs={"code": action.postmortem.incident.code}) + "#actions",
        )
