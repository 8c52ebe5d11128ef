"""Alarms: staff are told in words what is wrong and what to change, by every way that may still work.

The row is the console's banner at once. A mail to each member of staff is a delivery like any
other; where mail itself is what broke, it is the first to go out, as the probe. ALARM_URL, a web
hook, is the way that does not depend on mail, and the log has it in any case.
"""

import json
import logging
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from incidents.lib.http import RequestFailed, fetch
from incidents.notifications.doorbell import DELIVER, ring
from incidents.notifications.mail.identity import mail_domain
from incidents.notifications.models import Alarm, ChannelState, Delivery, FanOut, Lane, MailKind
from incidents.notifications.models.alarm import FIX_LIMIT, SENTENCE_LIMIT
from incidents.subscriptions.addresses import clean_address
from incidents.subscriptions.refusals import AddressRefused
from incidents.timeline.models import Page

STAFF_AT_MOST = 100
"""Mails to staff about one alarm."""

POST_WITHIN = timedelta(hours=24)
"""How long a web hook that does not answer is tried for."""

POST_SECONDS = 5.0

UNREACHED = "unreached:"
"""How keys of alarms begin that are about a channel whose other side does not answer."""

log = logging.getLogger(__name__)


def raise_alarm(
    *, key: str, sentence: str, fix: str, at: datetime, path: str = "", page: Page | None = None
) -> Alarm | None:
    """Tell staff, unless they know of `key` already; return the alarm if it is new."""
    values = {
        "page": page,
        "sentence": _cut(sentence, SENTENCE_LIMIT),
        "fix": _cut(fix, FIX_LIMIT),
        "path": path,
        "raised_at": at,
    }
    with transaction.atomic():
        alarm, is_new = Alarm.objects.get_or_create(key=key, over_at=None, defaults=values)
        if not is_new:
            return None
        log.error("%s %s", alarm.sentence, alarm.fix)
        _queue_mails(alarm)
    return alarm


def end_alarm(key: str, *, at: datetime) -> bool:
    """Say that the matter is over; return whether it was going on."""
    return bool(Alarm.objects.filter(key=key, over_at=None).update(over_at=at))


def channel_paused(state: ChannelState, *, at: datetime) -> None:
    """Tell staff that the breaker paused a channel."""
    name = state.get_channel_display()
    raise_alarm(
        key=f"channel:{state.channel}",
        sentence=f"{name} is paused: {state.refusals} messages in a row were refused because of us.",
        fix=f"{state.paused_because} Nobody was unsubscribed and everything waits. Change this, then resume {name}.",
        path=f"/console/deliveries/channels/{state.channel}",
        at=at,
    )


def channel_resumed(channel: str, *, at: datetime) -> None:
    """Keep that a channel runs again."""
    if end_alarm(f"channel:{channel}", at=at):
        log.warning("%s runs again", channel)


def channel_unreached(state: ChannelState, *, at: datetime) -> None:
    """Tell staff that the other side of a channel of ours does not answer."""
    name = state.get_channel_display()
    raise_alarm(
        key=f"{UNREACHED}{state.channel}",
        sentence=f"{name} has not been reached for more than a minute.",
        fix=f"{state.down_because.rstrip('.')}. Nothing is lost: all of it goes out once the other side answers.",
        path=f"/console/deliveries/channels/{state.channel}",
        at=at,
    )


def update_held(mark: FanOut, *, at: datetime) -> None:
    """Tell staff that the content of an update is refused, and that it is held back."""
    update = mark.event.update
    if update is None:
        return
    raise_alarm(
        key=f"held:{mark.event_id}",
        page=mark.event.page,
        sentence=f"“{update.incident.title}” is held back: its text was refused {mark.refusals} times in a row.",
        fix=f"{mark.held_because} Look at the sample, change the text or the relay's rules, then send it again.",
        path=f"/console/incidents/{update.incident.code}/updates/{update.code}/deliveries",
        at=at,
    )


def post_alarms(*, at: datetime) -> int:
    """Post what ALARM_URL was not told yet; return how many it took."""
    if not settings.ALARM_URL:
        return 0
    waiting = Alarm.objects.filter(posted_at=None, raised_at__gt=at - POST_WITHIN).order_by("pk")
    return sum(1 for alarm in list(waiting[:20]) if _post(alarm, at=at))


def _post(alarm: Alarm, *, at: datetime) -> bool:
    """Post as `{"text": ...}`, which Slack, Mattermost, Google Chat and most others read."""
    text = "\n".join(part for part in (alarm.sentence, alarm.fix, f"{settings.SITE_URL}{alarm.path}") if part)
    try:
        answer = fetch(
            settings.ALARM_URL,
            method="POST",
            headers={"Content-Type": "application/json"},
            body=json.dumps({"text": text}).encode(),
            seconds=POST_SECONDS,
            whole=False,
            allowed=settings.OUTBOUND_ALLOWED_ADDRESSES,
        )
    except RequestFailed as failure:
        log.warning("ALARM_URL was not reached: %s", failure.sentence)
        return False
    if not 200 <= answer.status < 300:
        log.warning("ALARM_URL answered with HTTP %s", answer.status)
        return False
    Alarm.objects.filter(pk=alarm.pk).update(posted_at=at)
    return True


def _queue_mails(alarm: Alarm) -> None:
    page = alarm.page or Page.objects.order_by("-is_default", "pk").first()
    if page is None:
        return
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(email="").order_by("pk")[:STAFF_AT_MOST]
    rows = [
        Delivery(
            page=page,
            alarm=alarm,
            kind=MailKind.ALARM,
            address=address,
            message_id=f"a{alarm.pk}.{user.pk}@{mail_domain()}",
            lane=Lane.CONSENT,
        )
        for user in staff
        if (address := _usable(user.email))
    ]
    Delivery.objects.bulk_create(rows)
    transaction.on_commit(partial(ring, DELIVER))


def _usable(typed: str) -> str:
    try:
        return clean_address(typed)
    except AddressRefused:
        return ""


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
