"""SubscriptionRequest: somebody entered an address; its owner has to agree."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction

from incidents.lib.codes import new_code
from incidents.subscriptions.addresses import address_key, clean_address
from incidents.subscriptions.events import link_wanted
from incidents.subscriptions.models.choices import ChannelKind
from incidents.subscriptions.models.limit import AskTally
from incidents.subscriptions.models.subscriber import Subscriber
from incidents.subscriptions.refusals import LinkExpired, LinkRefused
from incidents.subscriptions.tokens import CONFIRM, MANAGE, make_token, read_token
from incidents.subscriptions.wishes import Wish, kept_wish
from incidents.timeline.models import Page

LINK_LIFE = timedelta(hours=24)
"""How long the link of a confirmation mail works."""

QUIET = timedelta(minutes=10)
"""Within this time a second request for an address sends no second mail."""


class RequestKind(models.TextChoices):
    """What the mail offers: the first agreement, or the way to an existing subscription."""

    CONFIRM = "confirm", "Confirmation"
    MANAGE = "manage", "Manage link"


class SubscriptionRequest(models.Model):
    """One half of the double opt-in: the wish, kept until the owner of the address confirms it."""

    code = models.CharField(max_length=12, default=new_code, unique=True)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    wanted = models.JSONField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subscriber", "created_at"], name="request_newest")]
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subscriber}"

    # Factories

    @classmethod
    def ask(
        cls,
        *,
        page: Page,
        address: str,
        wish: Wish,
        client: str,
        at: datetime,
        channel: ChannelKind = ChannelKind.EMAIL,
    ) -> SubscriptionRequest:
        """Note that somebody at `client` (IP address) wants `address` on `channel` to follow `wish`.

        The owner gets a confirmation mail, or the link to a subscription that is active
        already; at most one mail in ten minutes, in which a second request only changes the
        wish. Nothing that is returned or raised tells whether the address was known.
        Raises AddressRefused (its subclasses), TooManyRequests.
        """
        is_mail = channel == ChannelKind.EMAIL
        cleaned = clean_address(address) if is_mail else address.strip()
        with transaction.atomic():
            AskTally.add(client=client, at=at)
            subscriber, _ = Subscriber.objects.get_or_create(
                page=page,
                channel=channel,
                address_key=address_key(cleaned, is_mail=is_mail),
                defaults={"address": cleaned, "language": page.language, "created_at": at},
            )
            with subscriber.locked():
                return cls._again(subscriber, wish, at=at) or cls._first(subscriber, wish, at=at)

    # Verbs

    @classmethod
    def confirm(cls, token: str, *, at: datetime) -> Subscriber:
        """Agree to what was asked for; pressing the button twice is as good as once.

        Raises LinkRefused, LinkExpired, and ChoiceGone or IncidentOver where nothing of the
        wish is left.
        """
        request = cls.behind(token, at=at)
        with request.subscriber.locked() as subscriber:
            request.refresh_from_db()
            if request.confirmed_at is not None:
                return subscriber
            subscriber.consent(request.wish(), at=at)
            request.confirmed_at = at
            request.save(update_fields=["confirmed_at"])
            # Links of other requests would undo the choice that was just made.
            subscriber.requests.filter(confirmed_at=None).delete()
        return subscriber

    # Questions

    @classmethod
    def behind(cls, token: str, *, at: datetime) -> SubscriptionRequest:
        """Return the request of a confirmation link. Raises LinkRefused, LinkExpired."""
        code = read_token(CONFIRM, token)[0]
        found = cls.objects.filter(code=code, kind=RequestKind.CONFIRM)
        request = found.select_related("subscriber__page").first()
        if request is None:
            raise LinkRefused("This link does not work any more.")
        if request.confirmed_at is not None and not request.subscriber.is_active:
            raise LinkRefused("This link was used before.")
        if request.confirmed_at is None and at > request.created_at + LINK_LIFE:
            raise LinkExpired("This link has expired: it works for 24 hours.")
        return request

    def wish(self) -> Wish:
        """Return what is wanted, as far as it still exists. Raises ChoiceGone, IncidentOver."""
        return kept_wish(self.subscriber.page, self.wanted)

    @property
    def token(self) -> str:
        """The token of the link this request's mail carries."""
        if self.kind == RequestKind.CONFIRM:
            return make_token(CONFIRM, self.code)
        return make_token(MANAGE, self.subscriber.code, self.subscriber.consents)

    # Inner steps

    @classmethod
    def _again(cls, subscriber: Subscriber, wish: Wish, *, at: datetime) -> SubscriptionRequest | None:
        """Change the wish of a request whose mail has just gone out."""
        recent = subscriber.requests.filter(
            kind=_kind_for(subscriber), confirmed_at=None, created_at__gt=at - QUIET
        ).last()
        if recent is not None:
            recent.wanted = wish.as_json()
            recent.save(update_fields=["wanted"])
        return recent

    @classmethod
    def _first(cls, subscriber: Subscriber, wish: Wish, *, at: datetime) -> SubscriptionRequest:
        request = cls.objects.create(
            subscriber=subscriber, kind=_kind_for(subscriber), wanted=wish.as_json(), created_at=at
        )
        link_wanted.send(sender=cls, request=request)
        return request


def _kind_for(subscriber: Subscriber) -> RequestKind:
    return RequestKind.MANAGE if subscriber.hears_something else RequestKind.CONFIRM
