"""History: every act, newest first."""

from django.core.paginator import Paginator
from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import answer
from incidents.console.event_words import sentence_of
from incidents.lib.clock import now

PER_PAGE = 50


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List the page's events in words."""
    rows = request.page.events.select_related("update__incident").order_by("-seq")
    listed = Paginator(rows, PER_PAGE).get_page(request.GET.get("part"))
    lines = [(event, sentence_of(event)) for event in listed]
    context = {"listed": listed, "lines": lines, "now": now()}
    return answer(request, "console/history.html", "history", context)
