"""The addresses by which subscribers reach their subscription."""

from django.urls import reverse

from incidents.lib.site import page_address
from incidents.subscriptions.models import RequestKind, Subscriber, SubscriptionRequest
from incidents.subscriptions.refusals import LinkRefused, NotSubscribed
from incidents.subscriptions.tokens import MANAGE, UNSUBSCRIBE, make_token, read_token


def request_link(request: SubscriptionRequest) -> str:
    """Return the link of a confirmation or manage-link mail."""
    name = "subscribe_confirm" if request.kind == RequestKind.CONFIRM else "subscription_manage"
    return page_address(request.subscriber.page.host) + reverse(name, args=[request.token])


def manage_path(subscriber: Subscriber) -> str:
    """Return the path of the page where a subscriber changes what is followed."""
    return reverse("subscription_manage", args=[make_token(MANAGE, subscriber.code, subscriber.consents)])


def unsubscribe_path(subscriber: Subscriber) -> str:
    """Return the path that ends the subscription by one button, or by RFC 8058's POST."""
    return reverse("unsubscribe", args=[make_token(UNSUBSCRIBE, subscriber.code, subscriber.consents)])


def subscriber_behind(kind: str, token: str) -> Subscriber:
    """Return the active subscriber a manage or unsubscribe link was made for.

    Raises LinkRefused; NotSubscribed for one who left, also when the same address has
    subscribed anew since.
    """
    parts = read_token(kind, token)
    if len(parts) != 2:
        raise LinkRefused("This link does not work any more.")
    subscriber = Subscriber.objects.select_related("page").filter(code=parts[0]).first()
    if subscriber is None or not subscriber.is_active or str(subscriber.consents) != parts[1]:
        raise NotSubscribed("You are not subscribed.")
    return subscriber
