"""Subscribers: who hears of what, and did they agree."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.subscriber import AddForm
from incidents.console.listing import living_components
from incidents.console.subscriber_list import Sieve, filters_of, listed_rows
from incidents.lib.clock import now
from incidents.subscriptions.adding import add_with_consent, invite
from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.models import Subscriber
from incidents.subscriptions.suppression.keeping import own_journal, unwritten

PER_PAGE = 50


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List subscribers; `?q=` looks inside the address, `state`, `channel` and `component` sieve."""
    sieve = Sieve.asked(request.GET)
    rows = sieve.apply(Subscriber.objects.on(request.page))
    listed = Paginator(rows, PER_PAGE).get_page(request.GET.get("part"))
    context = {
        "sieve": sieve,
        "filters": filters_of(request.page, sieve),
        "components": living_components(request.page),
        "listed": listed,
        "rows": listed_rows(list(listed), at=now()),
        "channels": ChannelKind.choices,
        "unwritten": unwritten(),
        "journal": own_journal().path,
    }
    return answer(request, "console/subscribers/index.html", "subscribers", context)


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form by which staff add somebody."""
    return _form(request, AddForm(page=request.page))


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Invite somebody, or add them because their consent is on record."""
    form = AddForm(request.POST, page=request.page)
    added = attempt(form, lambda: _add(request, form))
    if added.refused:
        return _form(request, form, status=UNPROCESSABLE)
    subscriber = added.made
    said = "is on the list" if subscriber.is_active else "was sent a link; nothing else comes before it is opened"
    messages.success(request, f"{subscriber.shown_address} {said}.")
    return SeeOther(reverse("console:subscriber", args=[subscriber.code]))


def _add(request: StaffRequest, form: AddForm) -> Subscriber:
    common: dict[str, Any] = {
        "page": request.page,
        "channel": form.chosen_channel(),
        "address": form.cleaned_data["address"],
        "wish": form.wish(),
        "by": request.user.get_username(),
        "at": now(),
    }
    if form.cleaned_data["agreed"]:
        return add_with_consent(**common, evidence=form.cleaned_data["evidence"])
    return invite(**common).subscriber


def _form(request: StaffRequest, form: AddForm, *, status: int = 200) -> HttpResponse:
    return answer(request, "console/subscribers/new.html", "adding", {"form": form}, status=status)
