"""History: every act, newest first; sieved, and as a file."""

from django.core.paginator import Paginator
from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import answer, csv_file
from incidents.console.audit import SUBJECTS, AuditSieve, audit_lines, people_in
from incidents.console.event_words import sentence_of
from incidents.lib.clock import now

PER_PAGE = 50


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List the page's events in words."""
    sieve = AuditSieve.asked(request.GET)
    rows = sieve.apply(request.page.events.all(), zone=request.page.zone)
    listed = Paginator(rows.select_related("update__incident").order_by("-seq"), PER_PAGE).get_page(
        request.GET.get("part")
    )
    context = {
        "listed": listed,
        "lines": [(event, sentence_of(event)) for event in listed],
        "now": now(),
        "sieve": sieve,
        "subjects": list(SUBJECTS),
        "people": people_in(request.page),
    }
    return answer(request, "console/history.html", "history", context)


@staff_only
def export(request: StaffRequest) -> HttpResponse:
    """Write what the sieve leaves out as CSV, the oldest first."""
    rows = AuditSieve.asked(request.GET).apply(request.page.events.all(), zone=request.page.zone)
    return csv_file(audit_lines(rows.order_by("seq")), "history.csv")
