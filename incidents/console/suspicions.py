"""Suspected incidents as Now shows them: what confirming each would say, and to how many."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidents.console.audience import Audience, audience
from incidents.console.forms.suspicion import ConfirmForm
from incidents.timeline.models import HeldPost, IncidentVisibility, Page, Suspicion

SHOWN_AT_ONCE = 5
"""Suspicions with their numbers; a flood of them is looked at one after the other."""


@dataclass(frozen=True, slots=True)
class Suspected:
    """One suspicion and what one tap on Confirm does."""

    incident: Suspicion
    form: ConfirmForm
    audience: Audience


def suspicions(page: Page, *, at: datetime) -> dict[str, Any]:
    """Return `suspected` (the oldest first), how many more there are, what was `dismissed` within a day, and drafts."""
    held = HeldPost.objects.pending().filter(page=page, incident__isnull=False)
    waiting = Suspicion.objects.waiting(page).exclude(pk__in=held.values("incident")).select_related("page", "phase")
    found = list(waiting.order_by("created_at", "pk"))
    return {
        "suspected": [_suspected(one) for one in found[:SHOWN_AT_ONCE]],
        "more_suspected": max(0, len(found) - SHOWN_AT_ONCE),
        "dismissed": list(Suspicion.objects.dismissed_lately(page, at=at)[:SHOWN_AT_ONCE]),
        "drafted": list(page.incidents.filter(visibility=IncidentVisibility.DRAFT)),
    }


def _suspected(incident: Suspicion) -> Suspected:
    form = ConfirmForm(incident=incident)
    told = audience(incident.page, components=form.concerned(), incident=incident, impact=form.impact())
    return Suspected(incident, form, told)
