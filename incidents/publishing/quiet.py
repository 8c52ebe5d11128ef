"""Past incidents by day, with runs of quiet days merged into one line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.publishing.shapes import IncidentFacts

DAYS_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Stretch:
    """One day with incidents, or a run of days without; `first` is the older end."""

    first: date
    last: date
    incidents: tuple[IncidentFacts, ...] = ()

    @property
    def length(self) -> int:
        """Return the number of days."""
        return (self.last - self.first).days + 1


def stretches(
    past: Iterable[IncidentFacts],
    still_open: Iterable[IncidentFacts],
    *,
    zone: ZoneInfo,
    today: date,
    since: date,
) -> list[Stretch]:
    """Return the last 15 days from `today` back, newest first, none before `since`.

    An incident stands on the day it ended. The other days it lasted are left out: they were
    not quiet, and it is not told twice.
    """
    ended: dict[date, list[IncidentFacts]] = {}
    noisy: set[date] = set()
    for incident in past:
        last = _day(incident.ended_at or incident.updated_at, zone)
        ended.setdefault(last, []).append(incident)
        noisy.update(_days_of(incident, last, zone))
    for incident in still_open:
        noisy.update(_days_of(incident, today, zone))
    merged: list[Stretch] = []
    for on in _back_from(today, since):
        if on in ended:
            merged.append(Stretch(on, on, tuple(ended[on])))
        elif on in noisy:
            continue
        elif merged and not merged[-1].incidents and merged[-1].first == on + timedelta(days=1):
            merged[-1] = Stretch(on, merged[-1].last)
        else:
            merged.append(Stretch(on, on))
    return merged


def _back_from(today: date, since: date) -> Iterable[date]:
    for back in range(DAYS_SHOWN):
        on = today - timedelta(days=back)
        if on < since and back:
            return
        yield on


def _days_of(incident: IncidentFacts, last: date, zone: ZoneInfo) -> Iterable[date]:
    first = max(_day(incident.started_at, zone), last - timedelta(days=DAYS_SHOWN))
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
