"""The figures of the uptime page for programs: as CSV (RFC 4180) and as JSON."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from incidents.lib.spreadsheets import harmless
from incidents.publishing.documents import api
from incidents.publishing.documents.uptime import method, months_of
from incidents.publishing.months import first_of
from incidents.publishing.shapes import MeterFacts, UptimeFacts
from incidents.publishing.tally import tally_of
from incidents.timeline.uptime import Day, percentage


@dataclass(frozen=True, slots=True)
class Figure:
    """A component in a month. `uptime` is in percent, rounded down; None where nothing was measured."""

    component: str
    name: str
    group: str
    month: str
    """"2026-11"."""
    uptime: str | None
    downtime_seconds: int
    measured_seconds: int
    incidents: int

    @property
    def as_row(self) -> dict[str, Any]:
        """Return the fields in their order; by hand, as a copy of each costs more than all the rest."""
        return {name: getattr(self, name) for name in _FIELDS}


_FIELDS = tuple(Figure.__dataclass_fields__)


def uptime_json(facts: UptimeFacts) -> bytes:
    """Return every component and month with the method in words, newest month first."""
    return api.compact(
        {
            "page": {"name": facts.page.name, "url": facts.page.address, "time_zone": facts.page.zone.key},
            "method": method(facts.page),
            "months": [one.as_row for one in _figures(facts)],
        }
    )


def uptime_csv(facts: UptimeFacts) -> bytes:
    """Return the same as a table. Names that a spreadsheet would take for a formula begin with an apostrophe."""
    out = io.StringIO()
    table = csv.DictWriter(out, fieldnames=_FIELDS)
    table.writeheader()
    for figure in _figures(facts):
        row = figure.as_row
        table.writerow(row | {"name": harmless(figure.name), "group": harmless(figure.group)})
    return out.getvalue().encode()


def _figures(facts: UptimeFacts) -> Iterator[Figure]:
    for meter in facts.meters:
        if meter.component.showcase:
            yield from _of(meter)


def _of(meter: MeterFacts) -> Iterator[Figure]:
    component = meter.component
    for days in reversed(list(months_of(meter.days))):
        first = first_of(days[0].date)
        began = sum(first_of(on) == first for on in meter.incidents)
        yield _figure(component.code, component.name, component.group, first, days, began)


@lru_cache(maxsize=20_000)
def _figure(code: str, name: str, group: str, first: date, days: tuple[Day, ...], incidents: int) -> Figure:
    """Return one figure. Kept: of twelve months only the last one still grows."""
    tally = tally_of(days)
    return Figure(
        component=code,
        name=name,
        group=group,
        month=f"{first:%Y-%m}",
        uptime=None if tally.uptime is None else percentage(tally.uptime).removesuffix("%"),
        downtime_seconds=int(tally.down),
        measured_seconds=tally.measured,
        incidents=incidents,
    )
