"""The only place where signals are connected: who wakes when something was recorded.

Receivers are named, and loaded when their signal is first sent: a command that records nothing needs none of them.
Where readers are served or tasks run, they are loaded anyway before anything is recorded.
"""

from functools import partial
from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.dispatch import Signal
from django.utils.module_loading import import_string

from incidents.subscriptions.events import erasing, journal_failed, journal_mended, link_wanted
from incidents.timeline.events import recorded, recording

RECEIVERS: list[tuple[Signal, str]] = [
    (recording, "incidents.publishing.rehearsal.rehearse_feeds"),
    (recording, "incidents.notifications.rehearsal.rehearse_mail"),
    (recording, "incidents.subscriptions.ending.end_incident_scopes"),
    # First the page, then the mails that link to it: receivers are called in this order.
    (recorded, "incidents.publishing.waking.publish_recorded"),
    (recorded, "incidents.notifications.waking.ring_fan_out"),
    (recorded, "incidents.notifications.unpublished.tell_of_refusal"),
    (link_wanted, "incidents.notifications.consent.queue_link"),
    (journal_failed, "incidents.notifications.journal_alarm.tell_of_journal"),
    (journal_mended, "incidents.notifications.journal_alarm.end_journal_alarm"),
    (erasing, "incidents.notifications.erasing.forget_address"),
    *(
        (changed, "incidents.console.signing.sessions.end_other_sessions")
        for changed in (
            authenticator_added,
            authenticator_removed,
            authenticator_reset,
            password_changed,
            password_reset,
        )
    ),
]


def connect() -> None:
    """Connect the rooms; safe to call twice."""
    for signal, name in [*RECEIVERS, *_of_provider()]:
        # Not weakly: nobody else holds the receiver.
        signal.connect(partial(_pass_on, name), weak=False, dispatch_uid=name.rpartition(".")[2])


def _of_provider() -> list[tuple[Signal, str]]:
    """Return what listens to a provider's reports; its signal is named as well, because its package is an extra."""
    if not settings.MAIL_PROVIDER:
        return []
    return [(import_string("anymail.signals.tracking"), "incidents.notifications.bounces.providers.take_event")]


def _pass_on(name: str, **signal: Any) -> None:
    import_string(name)(**signal)
