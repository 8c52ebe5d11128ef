"""Outbox: every message, how far it has come, and the mail itself where it was kept."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import answer
from incidents.lib.clock import now
from incidents.notifications.models import Delivery
from incidents.notifications.outbox import kept_mail

PER_PAGE = 50
LETTER_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
"""A mail brings its own styles and must not run, load or submit anything: it gets an origin of its own."""


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List messages, newest first; `?state=` keeps those in one state."""
    rows = Delivery.objects.on(request.page).select_related("incident")
    listed = Paginator(rows.order_by("-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("part"))
    return answer(request, "console/outbox/index.html", "outbox", {"listed": listed, "now": now()})


@staff_only
def show(request: StaffRequest, number: int) -> HttpResponse:
    """Show one message: its way, its headers, its text, its HTML in a frame."""
    delivery = _delivery(request, number)
    context = {"delivery": delivery, "letter": kept_mail(delivery), "now": now()}
    return answer(request, "console/outbox/show.html", "letter", context)


@staff_only
def html(request: StaffRequest, number: int) -> HttpResponse:
    """Return the HTML part alone, for the frame; scripts, forms and foreign addresses are dead in it."""
    letter = kept_mail(_delivery(request, number))
    if letter is None or not letter.html:
        raise Http404
    response = HttpResponse(letter.html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _delivery(request: StaffRequest, number: int) -> Delivery:
    return get_object_or_404(Delivery.objects.on(request.page).select_related("incident"), pk=number)
