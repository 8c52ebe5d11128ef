"""The scorecard: how fast incidents were noticed, taken on, told of and resolved, and what was promised and kept."""

from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import answer, csv_file
from incidents.console.listing import living_components
from incidents.lib import stamps
from incidents.lib.clock import now
from incidents.publishing.documents.measures import lines, measures, rows
from incidents.timeline.measuring import stories_of
from incidents.timeline.models import Page
from incidents.timeline.scorecard import Scorecard, scorecard


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """Show the figures of the last twelve months, with what each means."""
    figures = _figures(request.page)
    by_code = dict(figures.components)
    parts = [(name, by_code[code]) for code, name in _names(request.page) if code in by_code]
    context = {
        "count": figures.whole.incidents,
        "measures": measures(figures.whole),
        "months": rows((stamps.short_month(month), card) for month, card in figures.months),
        "components": rows(parts),
    }
    return answer(request, "console/scorecard.html", "scorecard", context)


@staff_only
def export(request: StaffRequest) -> HttpResponse:
    """Return the same as CSV, times in seconds."""
    table = lines(_figures(request.page), _names(request.page))
    return csv_file(table, "scorecard.csv")


def _figures(page: Page) -> Scorecard:
    at = now()
    return scorecard(stories_of(page, at=at), zone=page.zone, at=at)


def _names(page: Page) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in living_components(page)]
