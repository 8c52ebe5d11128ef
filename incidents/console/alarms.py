"""What every screen of the console says first: what staff must know of."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from incidents.console.delivery_report import channel_name, taken_apart
from incidents.notifications.alarms import UNREACHED
from incidents.notifications.completeness import KEY, unheard
from incidents.notifications.models import Alarm, ChannelState
from incidents.notifications.truth_alarms import KEY as DOUBT
from incidents.timeline.models import Page

SHOWN_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence, what to do, and where."""

    sentence: str
    fix: str
    path: str
    is_told_there: bool = False
    """Whether the screen at `path` says the same itself."""


def banners(page: Page, *, at: datetime) -> list[Banner]:
    """Return what goes on that concerns `page`, newest first.

    Updates that reached nobody are looked for here as well: where no worker runs, nobody else
    would raise the alarm. What does not hold together stands on Now and not on every screen.
    """
    going_on = Alarm.objects.seen_on(page).going_on().exclude(key__startswith=DOUBT)
    alarms = list(going_on[:SHOWN_AT_MOST])
    raised = {alarm.key for alarm in alarms}
    shown = [
        Banner(alarm.sentence, alarm.fix, alarm.path, is_told_there=not alarm.key.startswith(KEY)) for alarm in alarms
    ]
    for event in unheard(at=at):
        if event.page_id == page.pk and f"{KEY}{event.pk}" not in raised and event.update is not None:
            incident, update = event.update.incident, event.update
            shown.append(
                Banner(
                    f"Nobody has been told of “{incident.title}” yet.",
                    "Look whether a worker runs, and at what it was answered.",
                    f"/console/incidents/{incident.code}/updates/{update.code}/deliveries",
                )
            )
    return shown[:SHOWN_AT_MOST]


def first_failures() -> list[Banner]:
    """Return what went wrong on a channel at the very first message, before the alarms speak of it.

    "Email: SMTP refuses connections." Where a channel is paused, or was not reached for a minute, an alarm says so.
    """
    known = Alarm.objects.going_on().filter(key__startswith=UNREACHED).values_list("key", flat=True)
    failing = ChannelState.objects.filter(Q(down_since__isnull=False) | Q(refusals__gt=0), paused_at=None)
    told = {key.removeprefix(UNREACHED) for key in known}
    return [_first_failure(state) for state in failing if state.channel not in told]


def _first_failure(state: ChannelState) -> Banner:
    said = taken_apart(state.down_because or state.last_refusal)
    plain = said.plain or "The last message was not taken"
    path = reverse("console:delivery_channel", kwargs={"channel": state.channel})
    fix = f"In their words: {said.words}" if said.words else "It is tried again by itself."
    return Banner(f"{channel_name(state.channel)}: {plain.rstrip('.')}.", fix, path, is_told_there=True)
