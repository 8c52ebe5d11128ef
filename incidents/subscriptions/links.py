"""The addresses by which subscribers reach their subscription."""

from functools import cache

from django.urls import reverse
from django.utils.translation import gettext

from incidents.lib.site import page_address
from incidents.subscriptions.choices import SubscriberState
from incidents.subscriptions.models import RequestKind, Subscriber, SubscriptionRequest
from incidents.subscriptions.refusals import LinkRefused, NotSubscribed
from incidents.subscriptions.tokens import MANAGE, UNSUBSCRIBE, make_tokens, read_token

_GOOD_FOR = {
    MANAGE: (SubscriberState.ACTIVE,),
    UNSUBSCRIBE: (SubscriberState.ACTIVE, SubscriberState.DISABLED),
}
"""Whose link of each kind still works."""


def request_link(request: SubscriptionRequest) -> str:
    """Return the link of a confirmation or manage-link mail.

    A subscriber who asked for an incident is led to a page that offers it.
    """
    address = page_address(request.subscriber.page.host)
    if request.kind != RequestKind.MANAGE:
        return address + reverse("subscribe_confirm", args=[request.token])
    link = address + reverse("subscription_manage", args=[request.token])
    return f"{link}?incident={request.wanted['incident']}" if request.wanted["incident"] else link


def manage_path(subscriber: Subscriber) -> str:
    """Return the path of the page where a subscriber changes what is followed."""
    return paths_of(subscriber.code, subscriber.consents)[0]


def unsubscribe_path(subscriber: Subscriber) -> str:
    """Return the path that ends the subscription by one button, or by RFC 8058's POST."""
    return paths_of(subscriber.code, subscriber.consents)[1]


def paths_of(code: str, consents: int) -> tuple[str, str]:
    """Return both paths from what they are made of, where no subscriber is at hand."""
    manage, unsubscribe = make_tokens((MANAGE, UNSUBSCRIBE), code, consents)
    before, after = _around_token("subscription_manage")
    there, behind = _around_token("unsubscribe")
    return before + manage + after, there + unsubscribe + behind


@cache
def _around_token(name: str) -> tuple[str, str]:
    """Return the path of a page before and behind its token; reversing it for every mail takes longer than sending."""
    before, _, after = reverse(name, args=["TOKEN"]).partition("TOKEN")
    return before, after


def subscriber_behind(kind: str, token: str) -> Subscriber:
    """Return the subscriber a manage or unsubscribe link was made for.

    Who was switched off can still unsubscribe: staff may switch the address on again. Raises LinkRefused;
    NotSubscribed for one who left, also when the same address has subscribed anew since.
    """
    parts = read_token(kind, token)
    if len(parts) != 2:
        raise LinkRefused(gettext("This link does not work any more."))
    subscriber = Subscriber.objects.select_related("page").filter(code=parts[0]).first()
    if subscriber is None or subscriber.state not in _GOOD_FOR[kind] or str(subscriber.consents) != parts[1]:
        raise NotSubscribed(gettext("You are not subscribed."))
    return subscriber
