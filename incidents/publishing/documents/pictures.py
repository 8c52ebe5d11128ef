"""Pictures for previews in chats and social networks (Open Graph): what a link says before it is followed.

A picture is 1200 x 630 pixels and readable at a quarter of that. Its address holds a digest of what
it says, as chat tools remember pictures by address; drawing begins only when one is asked for.
In a language whose letters the face lacks it says nothing in our words: state as glyph and colour, what staff
named, the time in figures.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext

from incidents.lib import stamps
from incidents.lib.languages import ENGLISH
from incidents.publishing.documents import cards
from incidents.publishing.documents.headline import components_of, headline
from incidents.publishing.documents.parts import affected_of, state_of
from incidents.publishing.shapes import ComponentFacts, IncidentFacts, IndexFacts, PageFacts
from incidents.publishing.wording import WORDLESS, in_language_of_pictures, language_of_pictures
from incidents.timeline.states import SEVERITY, ComponentStatus, MaintenancePhase

NAMED_AT_MOST = 4
NEUTRAL = "status"
"""The glyph of a picture that speaks of no state: the page's own mark."""

_FORM = 1
"""Counted up when pictures are drawn differently, so that their addresses change."""


@dataclass(frozen=True, slots=True)
class Part:
    """A component named on a picture, with the glyph of its state."""

    name: str
    glyph: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture says. `ground` is the state whose wash it lies on, empty in peace."""

    page: str
    host: str
    glyph: str
    sentence: str
    second: str = ""
    parts: tuple[Part, ...] = ()
    more: int = 0
    stamp: str = ""
    ground: str = ""
    language: str = ENGLISH
    """In which `png` says the words of its frame."""

    @property
    def is_wordless(self) -> bool:
        """Whether it says nothing but what staff typed."""
        return self.language == WORDLESS

    @property
    def digest(self) -> str:
        """Return a short name of its content, the same for the same words."""
        said = astuple(self) if self.language != ENGLISH else astuple(self)[:-1]
        return hashlib.sha256(repr((_FORM, said)).encode()).hexdigest()[:16]


@in_language_of_pictures
def picture_of_page(facts: IndexFacts) -> Picture:
    """Return the picture of the page's state."""
    sentence, language = headline(facts), language_of_pictures(facts.page)
    components = components_of(facts.groups)
    parts, more = _parts([(one.name, one.status) for one in affected_of(components)])
    return Picture(
        page=facts.page.name,
        host=facts.page.host,
        glyph=sentence.glyph,
        sentence=sentence.text if language else facts.page.name,
        parts=parts,
        more=more,
        stamp=_stamp(_changed_at(facts, components), facts.page),
        ground=_ground(sentence.glyph),
        language=language,
    )


@in_language_of_pictures
def picture_of_incident(incident: IncidentFacts, page: PageFacts) -> Picture:
    """Return the picture of an incident as of its newest update."""
    phase, language = cards.standing_phase(incident), language_of_pictures(page)
    is_open = incident.ended_at is None
    parts, more = _parts([(one.name, one.current if is_open else one.worst) for one in incident.affected])
    newest = max((update.posted_at for update in incident.updates if not update.removed_at), default=None)
    return Picture(
        page=page.name,
        host=page.host,
        glyph=phase.moon,
        sentence=incident.title,
        second=_second(incident, page) if language else "",
        parts=() if incident.is_maintenance else parts,
        more=0 if incident.is_maintenance else more,
        stamp=_stamp(newest or incident.updated_at, page),
        ground=_ground(incident.current) if is_open and not incident.is_maintenance else "",
        language=language,
    )


@in_language_of_pictures
def picture_of_nothing(page: PageFacts) -> Picture:
    """Return the picture of pages that speak of no present state, such as history."""
    language = language_of_pictures(page)
    sentence = gettext("{page} status").format(page=page.name) if language else page.name
    return Picture(page=page.name, host=page.host, glyph=NEUTRAL, sentence=sentence, language=language)


def _stamp(moment: datetime, page: PageFacts) -> str:
    """Return a moment in words, or in figures that everybody reads (RFC 3339, section 5.6)."""
    has_words = bool(language_of_pictures(page))
    return stamps.stamp(moment, page.zone) if has_words else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _second(incident: IncidentFacts, page: PageFacts) -> str:
    """Return the line under the title: the phase, then the state or the window."""
    phase = cards.standing_phase(incident).label
    start, end = cards.period(incident)
    if incident.is_maintenance:
        words = gettext("Called off") if incident.phase.canonical == MaintenancePhase.CANCELLED else phase
        return f"{words} · {_window(start, end, page)}" if end else words
    state = incident.current if incident.ended_at is None else incident.worst
    return phase if state == ComponentStatus.OPERATIONAL else f"{phase} · {state_of(state).label}"


def _window(start: datetime, end: datetime, page: PageFacts) -> str:
    same_day = page.day_of(start) == page.day_of(end)
    closing = stamps.clock(end, page.zone) if same_day else stamps.short_stamp(end, page.zone)
    return stamps.dash().format(start=stamps.short_moment(start, page.zone), end=closing)


def _parts(named: Sequence[tuple[str, str]]) -> tuple[tuple[Part, ...], int]:
    """Return the first four by severity, and how many are left out."""
    worst_first = sorted(named, key=lambda one: -SEVERITY[one[1]])
    parts = tuple(Part(name, status) for name, status in worst_first[:NAMED_AT_MOST])
    return parts, len(named) - len(parts)


def _changed_at(facts: IndexFacts, components: Sequence[ComponentFacts]) -> datetime:
    """Return when readers last saw anything change; what only staff see moves no picture."""
    told = (*facts.active, *facts.running, *facts.scheduled, *facts.past)
    posted = (update.posted_at for one in told for update in one.updates)
    changed = (one.changed_at for one in components if one.changed_at)
    return max((*posted, *changed), default=facts.page.live_since)


def _ground(glyph: str) -> str:
    return glyph if glyph in SEVERITY and glyph != ComponentStatus.OPERATIONAL else ""
