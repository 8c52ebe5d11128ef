"""Deliveries to messages: the words of an event are made once per language and zone, then filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation

from incidents.notifications.channels.contract import Message
from incidents.notifications.mail.languages import edition_language
from incidents.notifications.mail.message import Circular, Envelope, MessageTemplate
from incidents.notifications.mail.readers import Reasons, personal_texts, reasons_of
from incidents.notifications.mail.rendering import Marks, render_request, render_story
from incidents.notifications.mail.return_path import leaving_address, return_address
from incidents.notifications.mail.story import Story, story_of
from incidents.notifications.models import Delivery
from incidents.notifications.news import NothingTold
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.timeline.models import Event

EVENT_PARTS = ("page", "update__phase", "update__incident__page", "update__incident__phase")


@dataclass(frozen=True, slots=True)
class Edition:
    """The mail of an event in one language and zone, ready to be filled in."""

    story: Story
    marks: Marks
    template: MessageTemplate


class Writer:
    """Writes the messages of one batch."""

    def __init__(self, deliveries: Sequence[Delivery], *, at: datetime) -> None:
        self._at = at
        self._editions: dict[tuple[int, str, str], Edition] = {}
        self._reasons: Reasons = {}
        self.expect(deliveries)

    def expect(self, deliveries: Sequence[Delivery]) -> None:
        """Learn what more deliveries to be written need, by one query for all of them."""
        news = [delivery for delivery in deliveries if delivery.event_id is not None]
        self._reasons |= reasons_of(
            {delivery.subscriber_id for delivery in news if delivery.subscriber_id},
            incident_ids={delivery.incident_id for delivery in news if delivery.incident_id},
        )

    def write(self, delivery: Delivery) -> Message:
        """Return the message of `delivery`. Raises Refused where a request has nothing to offer any more."""
        content = self._link(delivery) if delivery.event is None else self._news(delivery, delivery.event)
        return Message(str(delivery.pk), return_address(delivery.pk), delivery.address, content)

    def _news(self, delivery: Delivery, event: Event) -> bytes:
        subscriber = delivery.subscriber
        if subscriber is None:
            raise NothingTold(f"{delivery} has no subscriber.")
        edition = self._edition(event.pk, subscriber, delivery)
        personal = personal_texts(subscriber, edition.story, edition.marks, self._reasons)
        envelope = Envelope(
            delivery.message_id,
            delivery.address,
            personal[edition.marks.unsubscribe],
            leaving_address(subscriber.code, subscriber.consents),
        )
        return edition.template.fill(envelope, personal)

    def _edition(self, event_id: int, subscriber: Subscriber, delivery: Delivery) -> Edition:
        language = edition_language(subscriber.language, delivery.page.language)
        zone = subscriber.time_zone or delivery.page.time_zone
        key = (event_id, language, zone)
        if key not in self._editions:
            event = Event.objects.select_related(*EVENT_PARTS).get(pk=event_id)
            self._editions[key] = edition_of(event, language=language, zone=ZoneInfo(zone), at=self._at)
        return self._editions[key]

    def _link(self, delivery: Delivery) -> bytes:
        asked = SubscriptionRequest.objects.filter(deliveries=delivery)
        request = asked.select_related("subscriber__page").get()
        language = edition_language(request.subscriber.language, delivery.page.language)
        with translation.override(language):
            rendered = render_request(request, language=language)
        template = MessageTemplate.make(rendered, page_name=delivery.page.name, at=self._at, language=language)
        return template.fill(Envelope(delivery.message_id, delivery.address))


def edition_of(event: Event, *, language: str, zone: ZoneInfo, at: datetime) -> Edition:
    """Return the mail of `event` (which has an update) in a language and zone, dated `at`."""
    marks = Marks.fresh()
    with translation.override(language):
        story = story_of(event, language=language, zone=zone)
        rendered = render_story(story, marks)
    template = MessageTemplate.make(
        rendered,
        page_name=story.page_name,
        at=at,
        marks=[marks.manage, marks.unsubscribe, marks.leave, marks.why, marks.why_html],
        circular=Circular(event.page.code, story.kind.value, story.incident_code),
        language=language,
    )
    return Edition(story, marks, template)
