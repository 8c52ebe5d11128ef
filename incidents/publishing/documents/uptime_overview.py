"""Uptime of very many components: one row each, their months and pictures on their own pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from incidents.lib import durations, figures
from incidents.lib.languages import spoken
from incidents.publishing import paths
from incidents.publishing.shapes import ComponentFacts, MeterFacts
from incidents.publishing.tally import tally_of
from incidents.timeline.uptime import percentage

METERED_WHOLE_UP_TO = 100
"""Up to so many components the uptime page shows the picture and the months of each."""


@dataclass(frozen=True, slots=True)
class Total:
    """A component with its figures of the last 90 days."""

    name: str
    path: str
    uptime: str
    downtime: str
    incidents: int


def overview(meters: Iterable[MeterFacts]) -> list[tuple[str, SafeString]]:
    """Return each group's name, "" outside any, and its components as a table in HTML."""
    shown = [one for one in meters if one.component.showcase]
    return [
        (name, _table(tuple(map(_total, members)), spoken()))
        for name, members in groupby(shown, key=lambda one: one.component.group)
    ]


def _total(meter: MeterFacts) -> Total:
    component = meter.component
    tally = tally_of(component.days)
    return Total(
        name=component.name,
        path=paths.component(component.code),
        uptime=gettext("No data") if tally.uptime is None else figures.percent(percentage(tally.uptime)),
        downtime=durations.in_words(timedelta(seconds=int(tally.down))) if tally.down else gettext("none"),
        incidents=_began_within(component, meter.incidents),
    )


def _began_within(component: ComponentFacts, incidents: Sequence[date]) -> int:
    return sum(component.days[0].date <= on for on in incidents) if component.days else 0


@lru_cache(maxsize=1000)
def _table(totals: tuple[Total, ...], language: str) -> SafeString:
    """Return the table of a group. Kept: of a hundred groups an update changes a few."""
    return render_to_string("public/_uptime_table.html", {"totals": totals, "language": language})
