"""Completeness: every update that was to be told has reached somebody within a minute, or staff hear of it.

The check of GOV.UK's alert service ("2 and 1 is an alert state"): published updates are counted
against updates with at least one accepted delivery, whatever the reason for the difference.
A relay that does not answer is told of besides: one chat that took the update would hide
thousands of mails that wait.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.notifications.alarms import UNREACHED, channel_unreached, end_alarm, raise_alarm
from incidents.notifications.choices import WAITING
from incidents.notifications.models import Alarm, ChannelState, Delivery, DeliveryState, FanOut
from incidents.notifications.models.channel_state import OUR_ACCOUNT
from incidents.notifications.news import is_news
from incidents.timeline.models import Event, Freeze, FreezeKind

PATIENCE = timedelta(seconds=60)
"""How long an update may take to reach its first reader."""

WATCHED = timedelta(hours=24)
"""News of yesterday is none; what is older is in the reports."""

KEY = "unheard:"

_OWED = (*WAITING, DeliveryState.LEASED, DeliveryState.FAILED, DeliveryState.BOUNCED)


def unheard(*, at: datetime) -> list[Event]:
    """Return the events that readers were to be told of and nobody has, oldest first.

    Those whose recipients were never frozen are among them; those that nobody wanted, or that a
    newer update or a digest told of, are not, nor those of a page whose mail staff stopped.
    """
    since, until = at - WATCHED, at - PATIENCE
    events = Event.objects.select_related("page", "update__incident").filter(at__gt=since, update__isnull=False)
    events = events.exclude(page__in=Freeze.objects.pages(FreezeKind.MAIL, at=at))
    forgotten = events.filter(notify=True, fan_out=None, at__lt=until)
    return sorted(
        {*_unsent(events, since, until), *(event for event in forgotten if is_news(event))}, key=lambda one: one.pk
    )


def check(*, at: datetime) -> int:
    """Raise an alarm for every such event, and end those that were answered; return how many there are."""
    found = {f"{KEY}{event.pk}": event for event in unheard(at=at)}
    for key, event in found.items():
        _raise(key, event, at=at)
    _end_others(KEY, found, at=at)
    return len(found)


def check_channels(*, at: datetime) -> int:
    """Raise an alarm for every channel of ours that has not answered for a minute, end those that do; count them.

    A paused one has an alarm of its own. Endpoints of subscribers are theirs to mend.
    """
    down = ChannelState.objects.filter(channel__in=OUR_ACCOUNT, down_since__lt=at - PATIENCE, paused_at=None)
    found = {f"{UNREACHED}{state.channel}": state for state in down}
    for state in found.values():
        channel_unreached(state, at=at)
    _end_others(UNREACHED, found, at=at)
    return len(found)


def _end_others(beginning: str, found: Collection[str], *, at: datetime) -> None:
    for key in Alarm.objects.going_on().filter(key__startswith=beginning).values_list("key", flat=True):
        if key not in found:
            end_alarm(key, at=at)


def _unsent(events: QuerySet[Event], since: datetime, until: datetime) -> QuerySet[Event]:
    marks = FanOut.objects.filter(expanded_at__gt=since, expanded_at__lt=until, recipients__gt=0, held_at=None)
    of_event = Delivery.objects.filter(event=OuterRef("pk"))
    return events.filter(
        Q(pk__in=marks.values("event")),
        ~Exists(of_event.filter(state=DeliveryState.SENT)),
        Exists(of_event.filter(state__in=_OWED)),
    )


def _raise(key: str, event: Event, *, at: datetime) -> None:
    update = event.update
    if update is None:
        return
    answers = Delivery.objects.filter(event=event).exclude(last_answer="").order_by("-attempts", "pk")
    because = answers.values_list("last_answer", flat=True).first()
    raise_alarm(
        key=key,
        page=event.page,
        sentence=f"Nobody has been told of the update “{update.phase.label}” of “{update.incident.title}” yet.",
        fix=f"The last answer was: {because}" if because else "Nothing was tried yet: look whether a worker runs.",
        path=f"/console/incidents/{update.incident.code}/updates/{update.code}/deliveries",
        at=at,
    )
