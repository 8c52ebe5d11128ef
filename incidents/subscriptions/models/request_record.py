"""What is kept of a request to subscribe, and what follows from it: its wish, its link, where that goes."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import models

from incidents.lib.codes import new_code
from incidents.subscriptions.choices import ChannelKind, RequestKind
from incidents.subscriptions.models.subscriber import Subscriber
from incidents.subscriptions.preferences import Preferences
from incidents.subscriptions.tokens import CONFIRM, MANAGE, make_token
from incidents.subscriptions.wishes import Wish, kept_wish

LINK_HOURS = 48
"""How long the link of a confirmation mail works: over a night, a day off and a greylisting relay."""

LINK_LIFE = timedelta(hours=LINK_HOURS)


class RequestRecord(models.Model):
    """The row without its verbs, which are those of SubscriptionRequest."""

    code = models.CharField(max_length=12, default=new_code, unique=True)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="requests")
    moves = models.ForeignKey(Subscriber, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    wanted = models.JSONField()
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["subscriber", "created_at"], name="request_newest")]
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subscriber}"

    def wish(self) -> Wish:
        """Return what is wanted, as far as it still exists. Raises ChoiceGone, IncidentOver."""
        return kept_wish(self.subscriber.page, self.wanted)

    @property
    def language(self) -> str:
        """The language that was asked for, "" for that of the page."""
        return Preferences.kept(self.wanted.get("preferences", {})).language

    @property
    def life_hours(self) -> int:
        """How many hours its link works, for the mail that carries it."""
        return LINK_HOURS

    @property
    def token(self) -> str:
        """The token of the link this request's mail carries."""
        if self.kind != RequestKind.MANAGE:
            return make_token(CONFIRM, self.code)
        return make_token(MANAGE, self.subscriber.code, self.subscriber.consents)

    @property
    def destination(self) -> tuple[str, str]:
        """Channel and address its message goes to: a manage link to whoever answers for an endpoint."""
        subscriber = self.subscriber
        if self.kind == RequestKind.MANAGE and subscriber.contact_email:
            return ChannelKind.EMAIL, subscriber.contact_email
        return subscriber.channel, subscriber.address

    @property
    def challenge(self) -> str:
        """What an endpoint has to answer with to show that somebody who wants this runs it."""
        key = f"challenge {self.code}".encode()
        return hmac.new(settings.SECRET_KEY.encode(), key, hashlib.sha256).hexdigest()[:32]
