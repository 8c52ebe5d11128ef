"""What an incident has to do with an error, in words."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from incidents.lib import durations, stamps
from incidents.lib.names import joined
from incidents.publishing import paths
from incidents.publishing.documents import cards
from incidents.publishing.documents.parts import State, state_of
from incidents.publishing.guide_shapes import GuideFacts
from incidents.publishing.shapes import IncidentFacts, PageFacts
from incidents.timeline.states import ComponentStatus


@dataclass(frozen=True, slots=True)
class Live:
    """An open incident that causes an error."""

    code: str
    title: str
    title_in: str
    path: str
    state: State
    sentence: str
    phase: cards.Phase
    so_far: str


@dataclass(frozen=True, slots=True)
class Past:
    """An incident that caused an error and is over."""

    title: str
    title_in: str
    path: str
    span: SafeString


def live_of(guide: GuideFacts, code: str) -> Live:
    """Return an open incident that an entry names."""
    return live_of_incident(_named(guide, code), guide.page)


def live_of_incident(incident: IncidentFacts, page: PageFacts) -> Live:
    """Return an open incident as it stands beside an error."""
    current = incident.current
    worst = incident.worst if current == ComponentStatus.OPERATIONAL else current
    return Live(
        code=incident.code,
        title=incident.title,
        title_in=incident.title_in,
        path=paths.incident(incident.code),
        state=state_of(worst),
        sentence=_sentence(incident, current),
        phase=cards.standing_phase(incident),
        so_far=gettext(" · {duration} so far").format(duration=durations.in_words(page.seen_at - incident.started_at)),
    )


def past_of(guide: GuideFacts, code: str) -> Past:
    """Return an incident that an entry names and that is over."""
    incident, page = _named(guide, code), guide.page
    start, end = cards.extent(incident)
    span = (
        stamps.short_span(start, end, page.zone, seen_at=page.seen_at)
        if end and end > start
        else stamps.element(start, stamps.short_stamp(start, page.zone, seen_at=page.seen_at))
    )
    return Past(incident.title, incident.title_in, paths.incident(incident.code), span)


def _sentence(incident: IncidentFacts, current: str) -> str:
    """Return "An incident is open that causes this: Partial outage on Application API."."""
    troubled = [one.name for one in incident.affected if one.current == current]
    if current == ComponentStatus.OPERATIONAL or not troubled:
        return gettext("An incident is open that causes this.")
    return gettext("An incident is open that causes this: {state} on {components}.").format(
        state=state_of(current).label, components=joined(troubled)
    )


def _named(guide: GuideFacts, code: str) -> IncidentFacts:
    return next(one for one in guide.incidents if one.code == code)
