"""The only place where signals are connected: who wakes when something was recorded."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from incidents.console.signing.sessions import end_other_sessions
from incidents.notifications.bounces.providers import take_event
from incidents.notifications.component_news import CHANGED
from incidents.notifications.consent import queue_link
from incidents.notifications.doorbell import FAN_OUT, ring
from incidents.notifications.erasing import forget_address
from incidents.notifications.journal_alarm import end_journal_alarm, tell_of_journal
from incidents.notifications.rehearsal import rehearse_mail
from incidents.notifications.unpublished import tell_of_refusal
from incidents.publishing.rehearsal import rehearse_feeds
from incidents.publishing.waking import publish_recorded
from incidents.subscriptions.events import erasing, journal_failed, journal_mended, link_wanted
from incidents.subscriptions.models import Scope
from incidents.timeline.events import recorded, recording
from incidents.timeline.models import Event


def connect() -> None:
    """Connect the rooms; safe to call twice."""
    recording.connect(rehearse_feeds, dispatch_uid="rehearse_feeds")
    recording.connect(rehearse_mail, dispatch_uid="rehearse_mail")
    recording.connect(end_incident_scopes, dispatch_uid="end_incident_scopes")
    # First the page, then the mails that link to it: receivers are called in this order.
    recorded.connect(publish_recorded, dispatch_uid="publish_recorded")
    recorded.connect(ring_fan_out, dispatch_uid="ring_fan_out")
    recorded.connect(tell_of_refusal, dispatch_uid="tell_of_refusal")
    link_wanted.connect(queue_link, dispatch_uid="queue_link")
    if settings.MAIL_PROVIDER:
        # By name, because the package behind it is an extra.
        import_string("anymail.signals.tracking").connect(take_event, dispatch_uid="take_event")
    journal_failed.connect(tell_of_journal, dispatch_uid="tell_of_journal")
    journal_mended.connect(end_journal_alarm, dispatch_uid="end_journal_alarm")
    erasing.connect(forget_address, dispatch_uid="forget_address")
    for changed in (authenticator_added, authenticator_removed, authenticator_reset, password_changed, password_reset):
        changed.connect(end_other_sessions, dispatch_uid="end_other_sessions")


def end_incident_scopes(*, event: Event, **_signal: Any) -> None:
    """End the subscriptions to an incident with the event by which it is over."""
    if event.update is not None and not event.update.incident.is_open:
        Scope.end_with(event.update.incident, seq=event.seq)


def ring_fan_out(*, event_id: int, **_signal: Any) -> None:
    """Wake a worker for an event that subscribers are to be told of."""
    if Event.objects.filter(Q(notify=True) | Q(kind=CHANGED), pk=event_id).exists():
        ring(FAN_OUT, event_id=event_id)
