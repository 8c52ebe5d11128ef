"""SubscriptionRequest: somebody entered an address; its owner has to agree."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, ngettext

from incidents.lib.signing import new_secret
from incidents.subscriptions.addresses import address_key
from incidents.subscriptions.choices import ChannelKind, RequestKind
from incidents.subscriptions.destinations import clean_for
from incidents.subscriptions.events import link_wanted
from incidents.subscriptions.mail_domains import refuse_deaf_domain
from incidents.subscriptions.models.limit import AskTally, MailboxTally
from incidents.subscriptions.models.request_record import LINK_HOURS, LINK_LIFE, RequestRecord
from incidents.subscriptions.models.subscriber import Subscriber
from incidents.subscriptions.refusals import LinkExpired, LinkRefused, NotSubscribed
from incidents.subscriptions.tokens import CONFIRM, read_token
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Page


class SubscriptionRequest(RequestRecord):
    """One half of the double opt-in: the wish, kept until the owner of the address confirms it."""

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
        contact_email: str = "",
        weight: int = 1,
    ) -> SubscriptionRequest:
        """Note that somebody at `client` (IP address) wants `address` on `channel` to follow `wish`.

        The owner gets a confirmation, or the link to a subscription that is active already; at
        most one mail in ten minutes and three in a day, in between a request only changes the
        wish. Who complained about our mail gets none. Nothing that is returned or raised tells
        whether the address was known. `weight` counts the request as several against its
        network. Raises AddressRefused (its subclasses), TooManyRequests.
        """
        cleaned = clean_for(channel, address)
        contact = clean_for(ChannelKind.EMAIL, contact_email) if contact_email.strip() else ""
        AskTally.refuse_if_spent(client=client, at=at)
        if channel == ChannelKind.EMAIL and settings.MAIL_DOMAINS_ARE_CHECKED:
            refuse_deaf_domain(cleaned)
        with transaction.atomic():
            AskTally.add_request(client=client, at=at, weight=weight)
            subscriber = _row_of(page, channel, cleaned, at=at)
            with subscriber.locked():
                kind = RequestKind.MANAGE if subscriber.hears_something else RequestKind.CONFIRM
                wanted = {**wish.as_json(), "contact_email": contact}
                return cls._note(subscriber, kind, wanted, at=at)

    @classmethod
    def ask_to_move(cls, *, subscriber: Subscriber, address: str, client: str, at: datetime) -> SubscriptionRequest:
        """Note that a subscriber wants to be told at another address; nothing changes until its owner agrees.

        Raises AddressRefused (its subclasses), TooManyRequests, NotSubscribed.
        """
        cleaned = clean_for(ChannelKind(subscriber.channel), address)
        AskTally.refuse_if_spent(client=client, at=at)
        if subscriber.is_mail and settings.MAIL_DOMAINS_ARE_CHECKED:
            refuse_deaf_domain(cleaned)
        with transaction.atomic():
            AskTally.add_request(client=client, at=at)
            if not subscriber.is_active:
                raise NotSubscribed(gettext("You are not subscribed."))
            target = _row_of(subscriber.page, subscriber.channel, cleaned, at=at)
            with target.locked():
                return cls._note(target, RequestKind.MOVE, subscriber.follows().as_json(), at=at, moves=subscriber)

    @classmethod
    def invite(cls, subscriber: Subscriber, wish: Wish, *, at: datetime) -> SubscriptionRequest:
        """Send a confirmation because staff want to add this address; inside the caller's transaction."""
        return cls._note(subscriber, RequestKind.CONFIRM, {**wish.as_json(), "contact_email": ""}, at=at)

    @classmethod
    def remind(cls, subscriber: Subscriber, *, at: datetime) -> SubscriptionRequest:
        """Send a confirmation once more because staff asked; the limits of the mailbox hold.

        Raises NotSubscribed where nothing waits for a confirmation.
        """
        with subscriber.locked():
            waiting = subscriber.requests.filter(kind=RequestKind.CONFIRM, confirmed_at=None).last()
            if waiting is None or subscriber.is_active:
                raise NotSubscribed(gettext("Nothing waits for a confirmation here."))
            return cls._note(subscriber, RequestKind.CONFIRM, waiting.wanted, at=at)

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
            request._agree(subscriber, at=at)
            request.confirmed_at = at
            request.save(update_fields=["confirmed_at"])
            # Links of other requests would undo the choice that was just made.
            subscriber.requests.filter(confirmed_at=None).delete()
            MailboxTally.forget(channel=subscriber.channel, address_key=subscriber.address_key)
            request._send_manage_link(subscriber, at=at)
        return subscriber

    @classmethod
    def confirm_challenge(cls, request: SubscriptionRequest, answer: str, *, at: datetime) -> Subscriber:
        """Agree because the endpoint gave the challenge back. Raises as `confirm`; LinkRefused for another answer."""
        if not hmac.compare_digest(answer.strip().encode(), request.challenge.encode()):
            raise LinkRefused(gettext("The endpoint answered something else than the challenge."))
        return cls.confirm(request.token, at=at)

    # Questions

    @classmethod
    def behind(cls, token: str, *, at: datetime) -> SubscriptionRequest:
        """Return the request of a confirmation link. Raises LinkRefused, LinkExpired."""
        code = read_token(CONFIRM, token)[0]
        found = cls.objects.filter(code=code).exclude(kind=RequestKind.MANAGE)
        request = found.select_related("subscriber__page", "moves__page").first()
        if request is None:
            raise LinkRefused(gettext("This link does not work any more."))
        if request.confirmed_at is not None and not request.subscriber.is_active:
            raise LinkRefused(gettext("This link was used before."))
        if request.confirmed_at is None and at > request.created_at + LINK_LIFE:
            raise LinkExpired(_expired(LINK_HOURS))
        return request

    # Inner steps

    @classmethod
    def _note(
        cls,
        subscriber: Subscriber,
        kind: RequestKind,
        wanted: dict[str, object],
        *,
        at: datetime,
        moves: Subscriber | None = None,
    ) -> SubscriptionRequest:
        """Keep the wish and have its link sent, unless the mailbox has had enough or wants none."""
        allowed = subscriber.complained_at is None and _takes_link(subscriber, kind, at=at)
        waiting = subscriber.requests.filter(kind=kind, moves=moves, confirmed_at=None).last()
        if not allowed and waiting is not None:
            waiting.wanted = wanted
            waiting.save(update_fields=["wanted"])
            return waiting
        request = cls.objects.create(
            subscriber=subscriber,
            moves=moves,
            kind=kind,
            wanted=wanted,
            created_at=at,
            mailed_at=at if allowed else None,
        )
        if allowed:
            link_wanted.send(sender=cls, request=request, delay=AskTally.add_mail(at=at))
        return request

    def _agree(self, subscriber: Subscriber, *, at: datetime) -> None:
        contact = str(self.wanted.get("contact_email", ""))
        if contact:
            subscriber.contact_email = contact
            subscriber.save(update_fields=["contact_email"])
        if self.moves is None:
            subscriber.consent(self.wish(), at=at)
        else:
            subscriber.take_over(self.moves, at=at)

    def _send_manage_link(self, subscriber: Subscriber, *, at: datetime) -> None:
        """Mail the way to change or end it: after a move, and to whoever answers for an endpoint."""
        if self.moves is None and not subscriber.contact_email:
            return
        if not _takes_link(subscriber, RequestKind.MANAGE, at=at):
            return
        request = type(self).objects.create(
            subscriber=subscriber,
            kind=RequestKind.MANAGE,
            wanted={**Wish().as_json(), "contact_email": ""},
            created_at=at,
            mailed_at=at,
        )
        link_wanted.send(sender=type(self), request=request, delay=timedelta(0))


def _expired(hours: int) -> str:
    pattern = ngettext(
        "This link has expired: it works for {count} hour.", "This link has expired: it works for {count} hours.", hours
    )
    return pattern.format(count=hours)


def _takes_link(subscriber: Subscriber, kind: RequestKind, *, at: datetime) -> bool:
    """Say whether the mailbox or endpoint that a link of `kind` goes to may be sent one now, and note that it is.

    Whoever names an owner for an endpoint need not be that owner: many endpoints are no way around the limit.
    """
    if kind == RequestKind.MANAGE and subscriber.contact_email:
        owner = address_key(subscriber.contact_email, is_mail=True)
        return MailboxTally.take(channel=ChannelKind.EMAIL, address_key=owner, at=at)
    return MailboxTally.take(channel=subscriber.channel, address_key=subscriber.address_key, at=at)


def _row_of(page: Page, channel: str, cleaned: str, *, at: datetime) -> Subscriber:
    is_mail = channel == ChannelKind.EMAIL
    subscriber, _ = Subscriber.objects.get_or_create(
        page=page,
        channel=channel,
        address_key=address_key(cleaned, is_mail=is_mail),
        defaults={
            "address": cleaned,
            "created_at": at,
            "signing_secret": new_secret() if channel == ChannelKind.WEBHOOK else "",
        },
    )
    return subscriber
