"""What readers said within the last hour, for staff; the page tells it only where they publish it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from incidents.readers.counting import voices_on_components, voices_on_incident
from incidents.timeline.models import Incident, Page


@dataclass(frozen=True, slots=True)
class Voice:
    """A component or incident, how many people it affects by their own word, and where to look."""

    name: str
    words: str
    address: str


def voices(page: Page, *, at: datetime) -> list[Voice]:
    """Return what readers said of open incidents and components, the most first; nothing where nobody is asked."""
    if not page.takes_reports:
        return []
    open_ones = Incident.objects.on(page).open().incidents().select_related("page")
    found = [
        *((one.count, one.component.name, _report(one.component.code)) for one in voices_on_components(page, at=at)),
        *((voices_on_incident(one, at=at), one.title, _screen(one)) for one in open_ones),
    ]
    told = sorted((one for one in found if one[0]), key=lambda one: -one[0])
    return [Voice(name, in_words(count), address) for count, name, address in told]


def voice_of(incident: Incident, *, at: datetime) -> str:
    """Return how many readers said that an open incident affects them, "" for nobody or where they are not asked."""
    if not incident.page.takes_reports or incident.is_maintenance or not incident.is_open:
        return ""
    count = voices_on_incident(incident, at=at)
    return f"This affects {in_words(count)}, by their own word." if count else ""


def in_words(count: int) -> str:
    """Return "37 readers in the last hour"."""
    return f"{count:,} reader{'' if count == 1 else 's'} in the last hour"


def _report(code: str) -> str:
    return f"{reverse('console:incident_new')}?component={code}"


def _screen(incident: Incident) -> str:
    return reverse("console:incident", kwargs={"code": incident.code})
