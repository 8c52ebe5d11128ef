"""Deliveries to messages: the words of an event are made once per language and zone, then filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from incidents.lib.languages import ENGLISH
from incidents.notifications.channels.contract import Message
from incidents.notifications.due import Due, due_of
from incidents.notifications.flood import members_of
from incidents.notifications.mail.digest import digest_of, render_digest
from incidents.notifications.mail.identity import sender_address
from incidents.notifications.mail.languages import edition_language
from incidents.notifications.mail.letters import render_letter
from incidents.notifications.mail.message import Circular, Envelope, MessageTemplate
from incidents.notifications.mail.readers import NOTHING, WHOLE_PAGE, PersonalParts, Reasons, reasons_of
from incidents.notifications.mail.rendering import Marks, render_request, render_story
from incidents.notifications.mail.return_path import leaving_address, return_address
from incidents.notifications.mail.story import Story
from incidents.notifications.mail.telling import story_of
from incidents.notifications.models import Delivery, MailKind
from incidents.notifications.news import NothingTold
from incidents.subscriptions.choices import Leaving
from incidents.subscriptions.models import SubscriptionRequest
from incidents.timeline.models import Event, Page

EVENT_PARTS = ("page", "update__phase", "update__incident__page", "update__incident__phase")


TEXT_ROOMS = (6_000, 4_000, 2_500, 1_500, 700)
"""Octets a text may have in each of the two parts, tried in turn."""

DIGEST_ROOMS = (12_000, 6_000, 3_000)
"""The same for all texts of a digest together."""

EDITION_LIMIT = 23_000
"""Octets of a mail without what differs from reader to reader, so that all of it stays below 25 KB."""

LONGEST_MAILBOX = 321
"""Octets of any address by RFC 5321 and less than the longest line of a header may have."""

SHELF_SIZE = 64
"""Editions kept in a process: an event has as many as its readers have languages and time zones."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The mail of an event in one language and zone, ready to be filled in."""

    story: Story
    marks: Marks
    template: MessageTemplate
    personal: PersonalParts


_shelf: dict[tuple[object, ...], Edition] = {}


class Writer:
    """Writes the messages of one batch."""

    def __init__(self, deliveries: Sequence[Delivery | Due], *, at: datetime) -> None:
        self._at = at
        # Looked up once: settings cost as much as a signature, and every mail needs four.
        self._plain_sender = "" if settings.BOUNCE_ADDRESS else sender_address()
        self._pages: dict[int, Page] = {}
        self._stamps: dict[int, tuple[object, ...]] = {}
        self._editions: dict[tuple[object, ...], Edition] = {}
        self._reasons: Reasons = {}
        self._members: dict[int, list[int]] = {}
        self.expect(deliveries)

    def expect(self, deliveries: Sequence[Delivery | Due]) -> None:
        """Learn what more deliveries to be written need, by one query of each kind for all of them."""
        news = [delivery for delivery in deliveries if delivery.event_id is not None]
        digests = [delivery.pk for delivery in news if delivery.kind == MailKind.DIGEST]
        if digests:
            self._members |= members_of(digests)
        choosy = [one for one in news if isinstance(one, Delivery) or not one.follows_page]
        self._reasons |= reasons_of(
            {delivery.subscriber_id for delivery in choosy if delivery.subscriber_id},
            incident_ids={delivery.incident_id for delivery in choosy if delivery.incident_id},
        )
        self._pages |= Page.objects.in_bulk({one.page_id for one in deliveries} - self._pages.keys())
        unknown = {one.event_id for one in news if one.event_id is not None} - self._stamps.keys()
        if unknown:
            events = Event.objects.filter(pk__in=unknown)
            self._stamps |= {row[0]: row for row in events.values_list("pk", "update__code", "update__updated_at")}

    def write(self, delivery: Delivery | Due) -> Message:
        """Return the message of `delivery`. Raises Refused where a request has nothing to offer any more."""
        row = due_of(delivery) if isinstance(delivery, Delivery) else delivery
        if row.event_id is None:
            return Message(str(row.pk), return_address(row.pk), row.address, self._link(row))
        return self._news(row, row.event_id)

    def _news(self, row: Due, event_id: int) -> Message:
        if row.subscriber_id is None or row.code is None or row.consents is None:
            raise NothingTold(f"Delivery {row.pk} has no subscriber.")
        edition = self._edition(event_id, row)
        followed = WHOLE_PAGE if row.follows_page else self._reasons.get(row.subscriber_id, NOTHING)
        unsubscribe, parts = edition.personal.parts(row.code, row.consents, followed)
        # Where several people read an address, one click of one of them must not end it for all.
        is_free = row.leaving == Leaving.FREE
        leaving = leaving_address(row.code, row.consents) if is_free and not self._plain_sender else ""
        envelope = Envelope(row.message_id, row.address, unsubscribe, leaving, one_click=is_free)
        content = edition.template.fill(envelope, parts)
        is_ready = len(row.address) < LONGEST_MAILBOX and edition.template.is_wire_ready
        sender = self._plain_sender or return_address(row.pk)
        return Message(str(row.pk), sender, row.address, content, is_ready)

    def _edition(self, event_id: int, row: Due) -> Edition:
        told = self._members.get(row.pk, [event_id])
        key = (event_id, *told, row.language or "", row.time_zone or "")
        found = self._editions.get(key)
        if found is None:
            is_plain = told == [event_id]
            found = self._editions[key] = self._shelved(event_id, row) if is_plain else self._digest(told, row)
        return found

    def _shelved(self, event_id: int, row: Due) -> Edition:
        """Return an edition other batches made already, or make it; an edited update has another stamp."""
        page = self._pages[row.page_id]
        language = edition_language(row.language or "", page.language)
        zone = row.time_zone or page.time_zone
        key = (*self._stamps[event_id], language, zone, self._at.replace(second=0, microsecond=0))
        if key not in _shelf:
            event = Event.objects.select_related(*EVENT_PARTS).get(pk=event_id)
            while len(_shelf) >= SHELF_SIZE:
                _shelf.pop(next(iter(_shelf)), None)
            _shelf[key] = edition_of(event, language=language, zone=ZoneInfo(zone), at=self._at)
        return _shelf[key]

    def _digest(self, event_ids: Sequence[int], row: Due) -> Edition:
        page = self._pages[row.page_id]
        language = edition_language(row.language or "", page.language)
        events = Event.objects.select_related(*EVENT_PARTS).filter(pk__in=event_ids, update__removed_at=None)
        zone = ZoneInfo(row.time_zone or page.time_zone)
        return digest_edition_of(list(events), language=language, zone=zone, at=self._at)

    def _link(self, row: Due) -> bytes:
        page = self._pages[row.page_id]
        delivery = Delivery.objects.select_related("alarm", "page", "subscriber").get(pk=row.pk)
        # Staff read English, as their console.
        is_for_staff = delivery.kind == MailKind.ALARM
        language = ENGLISH if is_for_staff else edition_language(row.language or "", page.language)
        with translation.override(language):
            letter = render_letter(delivery, language=language)
        if letter is not None:
            template = MessageTemplate.make(letter, page_name=page.name, at=self._at, language=language)
            return template.fill(Envelope(row.message_id, row.address))
        asked = SubscriptionRequest.objects.filter(deliveries=row.pk)
        request = asked.select_related("subscriber__page").get()
        language = edition_language(request.language or request.subscriber.language, page.language)
        with translation.override(language):
            rendered = render_request(request, language=language)
        template = MessageTemplate.make(rendered, page_name=page.name, at=self._at, language=language)
        return template.fill(Envelope(row.message_id, row.address))


def edition_of(event: Event, *, language: str, zone: ZoneInfo, at: datetime) -> Edition:
    """Return the mail of `event` (which has an update) in a language and zone, dated `at`.

    Letters outside ASCII take three times their room on the way; the text is shortened until the
    whole mail is small enough to be shown whole.
    """
    with translation.override(language):
        for room in TEXT_ROOMS:
            edition = _edition_within(room, event, language=language, zone=zone, at=at)
            if edition.template.size <= EDITION_LIMIT:
                break
    return edition


def digest_edition_of(events: Sequence[Event], *, language: str, zone: ZoneInfo, at: datetime) -> Edition:
    """Return the mail that tells `events` (which have updates) together. Raises NothingTold for none."""
    if not events:
        raise NothingTold("Every update of this digest was taken back.")
    with translation.override(language):
        for room in DIGEST_ROOMS:
            edition = _digest_within(room, events, language=language, zone=zone, at=at)
            if edition.template.size <= EDITION_LIMIT:
                break
    return edition


def _digest_within(room: int, events: Sequence[Event], *, language: str, zone: ZoneInfo, at: datetime) -> Edition:
    marks = Marks.fresh()
    digest = digest_of(events, language=language, zone=zone, room=room)
    story = digest.newest
    template = MessageTemplate.make(
        render_digest(digest, marks),
        page_name=story.page_name,
        at=at,
        marks=[marks.manage, marks.unsubscribe, marks.leave, marks.why, marks.why_html],
        circular=Circular(events[0].page.code, MailKind.DIGEST.value, story.incident_code),
        language=language,
    )
    return Edition(story, marks, template, PersonalParts(story, marks))


def _edition_within(room: int, event: Event, *, language: str, zone: ZoneInfo, at: datetime) -> Edition:
    marks = Marks.fresh()
    story = story_of(event, language=language, zone=zone, room=room)
    template = MessageTemplate.make(
        render_story(story, marks),
        page_name=story.page_name,
        at=at,
        marks=[marks.manage, marks.unsubscribe, marks.leave, marks.why, marks.why_html],
        circular=Circular(event.page.code, story.kind.value, story.incident_code),
        language=language,
    )
    return Edition(story, marks, template, PersonalParts(story, marks))
