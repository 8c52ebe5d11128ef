"""The two stops: freeze mail, freeze automation."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.freeze import FreezeForm
from incidents.lib.clock import now
from incidents.timeline.models import Freeze, FreezeKind

INDEX = "console/freezes/index.html"


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """Offer the stops, and the end of those in force."""
    return answer(request, INDEX, "freezes", _screen(request, {}))


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Pull a stop."""
    at = now()
    kind = request.POST.get("kind", "")
    form = FreezeForm(request.POST, auto_id=f"{kind if kind in FreezeKind.values else 'freeze'}_%s")
    pulled = attempt(
        form,
        lambda: Freeze.begin(
            page=request.page,
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
            ends_at=form.ends_at(at=at),
            by=request.user,
            at=at,
        ),
    )
    if pulled.refused:
        return answer(request, INDEX, "freezes", _screen(request, {kind: form}), status=UNPROCESSABLE)
    messages.success(request, f"{pulled.made.get_kind_display()} is frozen.")
    return SeeOther(reverse("console:freezes"))


@staff_only
def lift(request: StaffRequest, number: int) -> HttpResponse:
    """End a stop before its time."""
    freeze = get_object_or_404(Freeze.objects.filter(page=request.page).select_related("page"), pk=number)
    freeze.lift(by=request.user, at=now())
    messages.success(request, f"{freeze.get_kind_display()} goes on.")
    return SeeOther(reverse("console:freezes"))


def _screen(request: StaffRequest, filled: dict[str, FreezeForm]) -> dict[str, Any]:
    in_force = {freeze.kind: freeze for freeze in Freeze.objects.in_force(at=now()).filter(page=request.page)}
    stops = [
        {
            "kind": kind,
            "freeze": in_force.get(kind.value),
            "form": filled.get(kind.value)
            or FreezeForm(initial={"kind": kind.value, "minutes": "60"}, auto_id=f"{kind.value}_%s"),
        }
        for kind in FreezeKind
    ]
    return {"stops": stops, "mistaken": next(iter(filled.values()), None)}
