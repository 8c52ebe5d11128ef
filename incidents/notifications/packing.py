"""Packing: deliveries of a batch to requests. What subscribers have in common is made once."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation

from incidents.lib.site import page_address
from incidents.notifications.channels.catalogue import HOOKS
from incidents.notifications.channels.hook import Parcel, Request
from incidents.notifications.mail.languages import edition_language
from incidents.notifications.mail.telling import story_of
from incidents.notifications.models import Delivery
from incidents.notifications.news import NothingTold
from incidents.notifications.notes import Note, consent_note, manage_note, note_of
from incidents.notifications.payloads import Payload, component_payload, incident_payload, meta_object
from incidents.notifications.writing import EVENT_PARTS
from incidents.subscriptions.links import manage_path, request_link, unsubscribe_path
from incidents.subscriptions.models import ChannelKind, RequestKind, Subscriber, SubscriptionRequest
from incidents.timeline.models import Component, Event


@dataclass(frozen=True, slots=True)
class Packed:
    """A request, and what it asks consent for, where its answer may give it."""

    request: Request
    asks_for: SubscriptionRequest | None = None


class Packer:
    """Makes the requests of one batch."""

    def __init__(self, *, at: datetime) -> None:
        self._at = at
        self._events: dict[int, Event] = {}
        self._notes: dict[tuple[int, str, str], Note] = {}
        self._payloads: dict[tuple[int, str], Payload] = {}

    def pack(self, delivery: Delivery) -> Packed:
        """Return what is posted for `delivery`.

        Raises Refused where a request has nothing to offer any more, NothingTold for a delivery
        without a subscriber or an update.
        """
        subscriber = delivery.subscriber
        if subscriber is None:
            raise NothingTold(f"{delivery} has no subscriber.")
        if delivery.event_id is None:
            return self._asking(delivery, subscriber)
        parcel = self._parcel(delivery, subscriber)
        if delivery.channel == ChannelKind.WEBHOOK:
            parcel = replace(parcel, document=self._document(delivery, subscriber))
        else:
            parcel = replace(parcel, note=self._note(delivery, subscriber))
        return Packed(HOOKS[delivery.channel].compose(parcel))

    def _parcel(self, delivery: Delivery, subscriber: Subscriber) -> Parcel:
        return Parcel(reference_of(delivery), delivery.address, self._at, secrets=subscriber.signing_secret)

    def _document(self, delivery: Delivery, subscriber: Subscriber) -> Payload:
        key = (delivery.event_id or 0, delivery.component)
        if key not in self._payloads:
            self._payloads[key] = self._payload(delivery)
        unsubscribe = page_address(delivery.page.host) + unsubscribe_path(subscriber)
        return {"meta": meta_object(delivery.page, unsubscribe=unsubscribe, at=self._at), **self._payloads[key]}

    def _payload(self, delivery: Delivery) -> Payload:
        event = self._event(delivery)
        if not delivery.component:
            return incident_payload(event)
        named = Component.objects.on(delivery.page).select_related("group", "page")
        return component_payload(event, named.get(code=delivery.component))

    def _note(self, delivery: Delivery, subscriber: Subscriber) -> Note:
        language = edition_language(subscriber.language, delivery.page.language)
        zone = subscriber.time_zone or delivery.page.time_zone
        key = (delivery.event_id or 0, language, zone)
        if key not in self._notes:
            with translation.override(language):
                story = story_of(self._event(delivery), language=language, zone=ZoneInfo(zone))
                self._notes[key] = note_of(story, manage_url="")
        return replace(self._notes[key], manage_url=page_address(delivery.page.host) + manage_path(subscriber))

    def _event(self, delivery: Delivery) -> Event:
        key = delivery.event_id or 0
        if key not in self._events:
            self._events[key] = Event.objects.select_related(*EVENT_PARTS).get(pk=key)
        return self._events[key]

    def _asking(self, delivery: Delivery, subscriber: Subscriber) -> Packed:
        """Return the message that asks for consent: a challenge for a webhook, else words with a link."""
        asked = SubscriptionRequest.objects.filter(deliveries=delivery)
        request = asked.select_related("subscriber__page").get()
        parcel = self._parcel(delivery, subscriber)
        link = request_link(request)
        if delivery.channel == ChannelKind.WEBHOOK:
            is_first = request.kind != RequestKind.MANAGE
            document = challenge_document(request, link=link) if is_first else manage_document(request, link=link)
            parcel = replace(parcel, document=document)
            return Packed(HOOKS[delivery.channel].compose(parcel), asks_for=request if is_first else None)
        with translation.override(edition_language(request.language or subscriber.language, delivery.page.language)):
            note = link_note(request, link=link)
        return Packed(HOOKS[delivery.channel].compose(replace(parcel, note=note)))


def link_note(request: SubscriptionRequest, *, link: str) -> Note:
    """Return the words around the link of a request: to agree, or to change what was agreed."""
    page_name = request.subscriber.page.name
    if request.kind == RequestKind.MANAGE:
        return manage_note(page_name=page_name, link=link)
    return consent_note(page_name=page_name, wish=request.wish().in_words(), link=link)


def challenge_document(request: SubscriptionRequest, *, link: str) -> Payload:
    """Return what a new endpoint is asked: to answer with `challenge`, or that somebody opens `confirm_url`."""
    page = request.subscriber.page
    return {
        "type": "endpoint.challenge",
        "challenge": request.challenge,
        "confirm_url": link,
        "page": {"id": page.code, "name": page.name, "url": page_address(page.host)},
    }


def manage_document(request: SubscriptionRequest, *, link: str) -> Payload:
    """Return what an endpoint nobody answers for by mail is told when its subscription is to be changed."""
    page = request.subscriber.page
    return {
        "type": "endpoint.manage_link",
        "manage_url": link,
        "page": {"id": page.code, "name": page.name, "url": page_address(page.host)},
    }


def reference_of(delivery: Delivery) -> str:
    """Return the identity of a delivery as it travels: the same on every try, and without dots.

    Dots part what is signed (Standard Webhooks 1.0).
    """
    return delivery.message_id.partition("@")[0].replace(".", "_")
