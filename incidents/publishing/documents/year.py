"""Twelve months of one component as a picture, beside the table of its months."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from incidents.lib import stamps
from incidents.lib.figures import percent
from incidents.publishing.shapes import MeterFacts
from incidents.publishing.tally import tally_of
from incidents.publishing.trace import Trace, trace_of
from incidents.timeline.uptime import percentage


@dataclass(frozen=True, slots=True)
class Year:
    """The picture, its name for those who cannot see it, and the words under it."""

    trace: Trace
    name: str
    figure: str
    first: str
    """The month it begins with."""
    middle: str
    """The month it begins with where only its younger half has room."""


def year_of(meter: MeterFacts) -> Year | None:
    """Return the picture of the last twelve months; None where no uptime is shown or none was measured."""
    if not meter.component.showcase or not meter.days:
        return None
    tally = tally_of(meter.days)
    if tally.uptime is None:
        return None
    figure = gettext("{percent} uptime").format(percent=percent(percentage(tally.uptime)))
    pattern = ngettext(
        "{name}, last 12 months: {figure}; {count} day with trouble",
        "{name}, last 12 months: {figure}; {count} days with trouble",
        len(tally.trouble),
    )
    return Year(
        trace=trace_of(tally.bars),
        name=pattern.format(name=meter.component.name, figure=figure, count=len(tally.trouble)),
        figure=figure,
        first=stamps.short_month(meter.days[0].date),
        middle=stamps.short_month(meter.days[len(meter.days) // 2].date),
    )
