"""Search: incidents, components and subscribers by a word."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import answer
from incidents.console.subscriber_list import listed_rows
from incidents.lib.clock import now
from incidents.lib.text import clean_line
from incidents.staff.roles import Role
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import Component, Incident

SHOWN = 20
LIMIT = 100


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """Show what has the word asked for in its title, name or address; subscribers only to who may see them."""
    wanted = clean_line(request.GET.get("q", ""))[:LIMIT]
    found = _found(request, wanted) if wanted else {}
    return answer(request, "console/search.html", "search", {"wanted": wanted, **found})


def _found(request: StaffRequest, wanted: str) -> dict[str, Any]:
    page = request.page
    incidents = Incident.objects.on(page).select_related("phase")
    told = Q(title__icontains=wanted) | Q(code=wanted)
    found: dict[str, Any] = {
        "incidents": list(incidents.filter(told)[:SHOWN]),
        "components": list(Component.objects.on(page).living().filter(name__icontains=wanted)[:SHOWN]),
    }
    if request.standing.role.covers(Role.EDITOR):
        rows = Subscriber.objects.on(page).filter(address__icontains=wanted)[:SHOWN]
        found["subscribers"] = listed_rows(list(rows), at=now())
    return found
