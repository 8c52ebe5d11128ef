"""What a person is asked once before an update goes out: it says nothing new, or people were told a moment ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.lib.text import clean_text
from incidents.notifications.models import FanOut
from incidents.timeline.models import Component, Incident, Phase

SOON = timedelta(seconds=60)
"""Who was told this short a time ago is told once more only where somebody says so."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question; `mark` says about which update it is, so that it is asked once."""

    mark: str
    sentence: str


def doubt_about_repeating(
    incident: Incident, *, body: str, phase: Phase | None, states: Mapping[Component, str]
) -> Doubt | None:
    """Return the doubt where an update would say what the last one says, in the present phase, and change nothing."""
    if phase not in (None, incident.phase) or any(state != one.status for one, state in states.items()):
        return None
    last = incident.updates.standing().newest_first().first()
    if last is None or last.body != clean_text(body):
        return None
    return Doubt(
        f"same-{last.code}",
        "This says what the last update says, and no component changes. Publish again to post it anyway.",
    )


def doubt_about_telling(incident: Incident, *, at: datetime) -> Doubt | None:
    """Return the doubt where people were told of this incident within the last minute."""
    told = FanOut.objects.filter(
        event__page=incident.page, event__update__incident=incident, recipients__gt=0, expanded_at__gt=at - SOON
    )
    last = told.order_by("-expanded_at").first()
    if last is None:
        return None
    people = "1 person was" if last.recipients == 1 else f"{last.recipients:,} people were"
    seconds = max(0, int((at - last.expanded_at).total_seconds()))
    return Doubt(
        f"told-{last.pk}",
        f"{people} told {seconds} s ago. Publish again to tell them once more, or take out “Tell subscribers”.",
    )
