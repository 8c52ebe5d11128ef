"""One subscriber: history, and what staff may do about it. What they follow is theirs to change."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import SeeOther, answer
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.subscriber import RuleForm
from incidents.console.subscriber_list import state_words
from incidents.lib.clock import now
from incidents.notifications.models import Delivery
from incidents.subscriptions.choices import Leaving
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.timeline.refusals import Refused

LATEST = 50


@staff_only
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show what somebody follows, what they were sent, and how they agreed."""
    subscriber = _subscriber(request, code)
    return _shown(request, subscriber, rule=RuleForm(initial={"rule": subscriber.leaving}))


def _shown(request: StaffRequest, subscriber: Subscriber, *, rule: RuleForm) -> HttpResponse:
    deliveries = (
        Delivery.objects.filter(subscriber=subscriber).select_related("incident").order_by("-created_at", "-pk")
    )
    context = {
        "subscriber": subscriber,
        "scopes": subscriber.scopes.select_related("component__group", "incident").order_by("pk"),
        "state": state_words(subscriber, at=now()),
        "is_paused": subscriber.is_paused(at=now()),
        "deliveries": deliveries.order_by("-created_at", "-pk")[:LATEST],
        "records": subscriber.records.all()[:LATEST],
        "rule": rule,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if rule.is_bound else HTTPStatus.OK
    return answer(request, "console/subscribers/show.html", "subscriber", context, status=status)


@staff_only
def remind(request: StaffRequest, code: str) -> HttpResponse:
    """Send the confirmation once more."""

    def send(subscriber: Subscriber) -> str:
        asked = SubscriptionRequest.remind(subscriber, at=now())
        if asked.mailed_at is None or asked.mailed_at < asked.created_at:
            return "The mailbox has had its links for today; try again tomorrow."
        return "The link is on its way again."

    return _do(request, code, send)


@staff_only
def pause(request: StaffRequest, code: str) -> HttpResponse:
    """Send nothing for 30 days."""
    return _do(request, code, lambda one: _said(one.pause(at=now(), by=_who(request)), "is paused for 30 days"))


@staff_only
def resume(request: StaffRequest, code: str) -> HttpResponse:
    """End a pause."""
    return _do(request, code, lambda one: _said(one.resume(at=now(), by=_who(request)), "hears news again"))


@staff_only
def reactivate(request: StaffRequest, code: str) -> HttpResponse:
    """Send again to an address that was switched off."""
    return _do(request, code, lambda one: _said(one.reactivate(at=now(), by=_who(request)), "is switched on again"))


@staff_only
def set_leaving(request: StaffRequest, code: str) -> HttpResponse:
    """Say how it may be ended."""
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _shown(request, _subscriber(request, code), rule=form)

    def choose(subscriber: Subscriber) -> str:
        subscriber.set_leaving(Leaving(form.cleaned_data["rule"]), at=now(), by=_who(request))
        return "Saved."

    return _do(request, code, choose)


@staff_only
def remove(request: StaffRequest, code: str) -> HttpResponse:
    """Ask before ending a subscription."""
    context = {"subscriber": _subscriber(request, code), "form": ConsoleForm()}
    return answer(request, "console/subscribers/remove.html", "removal", context)


@staff_only
def destroy(request: StaffRequest, code: str) -> HttpResponse:
    """End a subscription; the row stays as suppression."""
    return _do(request, code, lambda one: _said(one.leave(at=now(), by=_who(request)), "hears nothing any more"))


@staff_only
def forget(request: StaffRequest, code: str) -> HttpResponse:
    """Ask before erasing somebody."""
    context = {"subscriber": _subscriber(request, code), "form": ConsoleForm()}
    return answer(request, "console/subscribers/erase.html", "erasure", context)


@staff_only
def erase(request: StaffRequest, code: str) -> HttpResponse:
    """Erase somebody; a salted digest keeps the address from being added again."""
    subscriber = _subscriber(request, code)
    at = now()
    subscriber.erase_by_staff(by=request.user, at=at)
    messages.success(request, "The person is erased. Their address stays out by a digest that names nobody.")
    return SeeOther(reverse("console:subscribers"))


def _do(request: StaffRequest, code: str, deed: Callable[[Subscriber], str]) -> HttpResponse:
    subscriber = _subscriber(request, code)
    try:
        messages.success(request, deed(subscriber))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return SeeOther(reverse("console:subscriber", args=[code]))


def _said(subscriber: Subscriber, words: str) -> str:
    return f"{subscriber.shown_address} {words}."


def _who(request: StaffRequest) -> str:
    return request.user.get_username()


def _subscriber(request: StaffRequest, code: str) -> Subscriber:
    return get_object_or_404(Subscriber.objects.on(request.page).select_related("page"), code=code)
