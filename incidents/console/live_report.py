"""How far the newest update of an incident has come, shown where it was published from."""

from dataclasses import dataclass
from datetime import datetime

from incidents.console.delivery_report import Report, report_on
from incidents.timeline.models import Incident, Update


@dataclass(frozen=True, slots=True)
class Live:
    """An update and the report on it."""

    update: Update
    report: Report


def live_report(incident: Incident, *, at: datetime) -> Live | None:
    """Return the report on the newest update that readers were to be told of, None where there is none."""
    told = incident.updates.standing().filter(notify=True).newest_first().select_related("phase", "incident").first()
    if told is None:
        return None
    report = report_on(told, at=at)
    return Live(told, report) if report.lines or report.is_running else None
