"""What readers will see: text not yet posted, through the public page's own functions."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name

from incidents.lib.clock import now
from incidents.lib.markdown import render_markdown
from incidents.lib.text import clean_text, is_blank
from incidents.lib.time_tokens import completed
from incidents.publishing.documents.updates import Row, rows_of
from incidents.publishing.facts.page import page_facts
from incidents.publishing.prose import readable, told_in
from incidents.publishing.shapes import ChangeFacts, IncidentFacts, PhaseFacts, UpdateFacts
from incidents.timeline.models import Component, Incident, Page, Phase, Visibility
from incidents.timeline.placeholders import Facts, shown


def preview_of_text(text: str) -> SafeString:
    """Return the HTML readers will see of a text that stands below a heading of the second level.

    Times in it are read and told in the current time zone, which is the page's.
    """
    zone = ZoneInfo(get_current_timezone_name())
    with told_in(zone):
        return readable(render_markdown(completed(clean_text(text), zone=zone, on=now())), under=2)


def preview_of_update(
    *,
    page: Page,
    incident: Incident | None,
    body: str,
    phase: Phase,
    states: Mapping[Component, str],
    posted_at: datetime,
    at: datetime,
    facts: Facts | None = None,
) -> Row | None:
    """Return the row an update will be on the incident's public page; None without text.

    `facts` are what its placeholders stand for; what cannot be filled yet stays as typed.
    """
    text = completed(clean_text(shown(body, facts) if facts else body), zone=page.zone, on=posted_at)
    if is_blank(text):
        return None
    to_be = UpdateFacts(
        code="preview",
        phase=_phase(phase),
        html=render_markdown(text),
        posted_at=posted_at,
        changes=_changes(states),
    )
    incident_facts = IncidentFacts(
        code=incident.code if incident else "",
        number=0,
        title="",
        phase=to_be.phase,
        impact="",
        worst="",
        started_at=posted_at,
        updated_at=at,
        updates=(to_be, *_before(incident)),
    )
    with told_in(page.zone):
        return rows_of(incident_facts, page_facts(page, seen_at=at))[0]


def _before(incident: Incident | None) -> tuple[UpdateFacts, ...]:
    """Return the update it follows, which decides whether the phase is news."""
    if incident is None or not incident.is_public:
        return ()
    latest = incident.updates.standing().newest_first().select_related("phase").first()
    if latest is None:
        return ()
    return (UpdateFacts(latest.code, _phase(latest.phase), latest.html, latest.posted_at),)


def _phase(phase: Phase) -> PhaseFacts:
    return PhaseFacts(phase.slug, phase.label, phase.canonical)


def _changes(states: Mapping[Component, str]) -> tuple[ChangeFacts, ...]:
    return tuple(
        ChangeFacts(component.code, component.name, component.status, status)
        for component, status in states.items()
        if component.visibility == Visibility.PUBLIC
    )
