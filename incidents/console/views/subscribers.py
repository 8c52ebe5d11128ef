"""Subscribers: who hears of what, and did they agree."""

from django.core.paginator import Paginator
from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import answer
from incidents.lib.text import clean_line
from incidents.subscriptions.models import Subscriber

PER_PAGE = 50


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List subscribers; `?q=` looks inside the address."""
    sought = clean_line(request.GET.get("q", ""))[:200]
    everyone = Subscriber.objects.on(request.page)
    found = everyone.filter(address__icontains=sought) if sought else everyone
    rows = found.prefetch_related("scopes__component__group", "scopes__incident").order_by("address")
    context = {
        "sought": sought,
        "listed": Paginator(rows, PER_PAGE).get_page(request.GET.get("part")),
        "active": everyone.active().count(),
    }
    return answer(request, "console/subscribers.html", "subscribers", context)
