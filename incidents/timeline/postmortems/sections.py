"""The sections a postmortem starts from, and the timeline that is filled in for its writers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from zoneinfo import ZoneInfo

from incidents.lib.text import clean_line
from incidents.lib.time_tokens import token_of
from incidents.timeline.models import Incident
from incidents.timeline.states import DetectedBy, IncidentPhase

TIMELINE = "Timeline"

HINTS = {
    "Summary": "*Two or three sentences: what broke, for whom, for how long.*",
    "Impact": "*In numbers: how many people or requests, which answers they got, what was lost.*",
    "What happened": "*The story in order, for somebody who was not there.*",
    TIMELINE: "",
    "Why it happened": "*What made it possible, in systems and not in persons; several causes are usual.*",
    "How we noticed": "*Who noticed first, after how long, and what should have told us earlier.*",
    "What we are changing": "*What will be different, and by when; the action items below say who.*",
}
"""Each suggested section with the hint that stands in it until somebody writes."""

_LONGEST_LINE = 180
_HEADING = re.compile(r"^##[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_SENTENCE = re.compile(r".+?[.!?](?=\s|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One moment of the story, as a line of Markdown."""

    at: datetime
    words: str
    zone: ZoneInfo

    @property
    def markdown(self) -> str:
        """Return "- [time: 2026-11-21 03:40 Europe/Berlin] Impact began."."""
        return f"- {self.token} {self.words}"

    @property
    def token(self) -> str:
        """Return the moment as a time token in the zone of the page."""
        return token_of(self.at, self.zone)


def first_draft(incident: Incident) -> str:
    """Return the suggested sections with their hints, the timeline filled from updates and stamps."""
    told = "\n".join(line.markdown for line in timeline_of(incident))
    parts = [f"## {name}\n\n{told if name == TIMELINE else hint}" for name, hint in HINTS.items()]
    return "\n\n".join(parts) + "\n"


def timeline_of(incident: Incident) -> list[Line]:
    """Return what the stamps and the public updates of an incident say, in order."""
    zone = incident.page.zone
    # Put in order before the zone is: Python compares moments of one zone by the wall clock, which can go back.
    told = sorted(_moments(incident), key=lambda one: one[0])
    return [Line(at.astimezone(zone), words, zone) for at, words in told]


def with_timeline(text: str, lines: Iterable[Line]) -> str:
    """Return `text` with these lines and nothing else in its timeline, which is added at the end where it has none."""
    told = "\n".join(line.markdown for line in lines)
    headings = list(_HEADING.finditer(text))
    for heading, following in zip_longest(headings, headings[1:]):
        if heading[1].casefold() == TIMELINE.casefold():
            rest = f"\n\n{text[following.start() :]}" if following else "\n"
            return f"{text[: heading.end()]}\n\n{told}{rest}"
    return f"{text.rstrip()}\n\n## {TIMELINE}\n\n{told}\n"


def sections_of(text: str) -> list[tuple[str, str]]:
    """Return (heading, text below it) for each section of the second level; what stands above them has none."""
    headings = list(_HEADING.finditer(text))
    opening = text[: headings[0].start()] if headings else text
    named = [
        (heading[1], text[heading.end() : following.start() if following else None])
        for heading, following in zip_longest(headings, headings[1:])
    ]
    return [("", opening), *named]


def _moments(incident: Incident) -> Iterable[tuple[datetime, str]]:
    yield incident.impact_started_at, "The impact began."
    if incident.customer_noticed_at:
        yield incident.customer_noticed_at, "Customers told us."
    if incident.detected_at:
        by = "" if incident.detected_by == DetectedBy.UNKNOWN else f" ({incident.get_detected_by_display()})"
        yield incident.detected_at, f"It was noticed{by}."
    if incident.acknowledged_at:
        yield incident.acknowledged_at, "Somebody took it on."
    told = incident.updates.standing().exclude(phase__canonical=IncidentPhase.POSTMORTEM)
    for update in told.select_related("phase").order_by("posted_at", "pk"):
        yield update.posted_at, f"**{update.phase.label}:** {_opening(update.body)}"
    if incident.impact_ended_at:
        yield incident.impact_ended_at, "The impact ended."


def _opening(body: str) -> str:
    """Return the first sentence of an update on one line."""
    line = clean_line(body)
    sentence = _SENTENCE.match(line)
    words = sentence[0] if sentence else line
    return words if len(words) <= _LONGEST_LINE else f"{words[: _LONGEST_LINE - 1].rstrip()}…"
