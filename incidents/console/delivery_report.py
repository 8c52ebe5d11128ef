"""How far messages have come, in words, one line for each channel."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import get_current_timezone_name

from incidents.lib.durations import in_words
from incidents.lib.stamps import exact_clock
from incidents.notifications.channels.contract import Fault
from incidents.notifications.figures import Figures, figures_of, is_running
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.models.delivery_set import DeliveryQuerySet
from incidents.notifications.news import is_news
from incidents.subscriptions.models import ChannelKind
from incidents.timeline.models import Update

_WORDS = (
    ((DeliveryState.FAILED,), "failed"),
    ((DeliveryState.BOUNCED,), "bounced"),
    ((DeliveryState.RETRYING,), "to be tried again"),
    ((DeliveryState.QUEUED, DeliveryState.LEASED), "waiting"),
    ((DeliveryState.HELD,), "held for a digest"),
    ((DeliveryState.SUPERSEDED,), "overtaken by a newer update or a digest"),
    ((DeliveryState.SUPPRESSED,), "unsubscribed meanwhile"),
)
_FAULTS = {
    Fault.RECIPIENT_PERMANENT: "to addresses that take nothing",
    Fault.RECIPIENT_TEMPORARY: "to full or busy mailboxes",
    Fault.SENDER: "refused because of us",
    Fault.QUOTA: "asked to slow down",
    Fault.CONTENT: "for their text",
    Fault.UNSUPPORTED: "to addresses the relay does not support",
    Fault.CONNECTION: "not reached",
}
_THEIR_WORDS = re.compile(r"^(?P<plain>.*?): (?P<words>(?:HTTP )?[2-5]\d\d\b.*)$", re.DOTALL)
_MAIL_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"]+@[^\s<>()\[\]:;,\"]+")

NOTHING, EXPECTED, RUNNING, TROUBLED, FINISHED = "nothing", "expected", "running", "troubled", "finished"
_STAGES = {
    NOTHING: "Nobody was to be told.",
    EXPECTED: "Sending.",
    RUNNING: "Sending.",
    TROUBLED: "Sending; some did not get through.",
    FINISHED: "Finished.",
}
STAGES = tuple(_STAGES)
"""What is said aloud: the start, the first failure, the end, and nothing in between."""

ABOUT_TO_BEGIN = timedelta(minutes=2)
"""How long an update whose recipients are not written down yet counts as one that is about to be told."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One channel; `sent` of `total`, for a progress bar with the same words."""

    key: str
    channel: str
    sent: int
    total: int
    words: str
    pace: str
    """How fast and how long still, or when it was over."""
    troubles: str
    """What went wrong and how often, by class."""


@dataclass(frozen=True, slots=True)
class Report:
    """All channels of an update."""

    lines: tuple[ReportLine, ...]
    stage: str
    states: dict[str, int]
    """How many are in each state, over all channels."""

    @property
    def failed(self) -> int:
        """How many a retry would send again."""
        return self.states.get(DeliveryState.FAILED, 0)

    @property
    def is_running(self) -> bool:
        """Whether it still changes by itself."""
        return self.stage in {EXPECTED, RUNNING, TROUBLED}

    @property
    def said(self) -> str:
        """The stage in words."""
        return _STAGES[self.stage]

    def is_news_after(self, stage: str) -> bool:
        """Say whether something else is to be said aloud than at `stage`."""
        return _STAGES[stage] != self.said


@dataclass(frozen=True, slots=True)
class Explained:
    """An answer: what it means, and the other side's own words."""

    plain: str
    words: str


def deliveries_of(update: Update) -> DeliveryQuerySet:
    """Return the deliveries in which `update` was told."""
    return Delivery.objects.filter(event__in=list(update.events.values_list("pk", flat=True)))


def report_on(update: Update, *, at: datetime) -> Report:
    """Return the report on `update` as it is at `at`."""
    report = update_report(deliveries_of(update))
    return replace(report, stage=EXPECTED) if not report.lines and _is_about_to_begin(update, at=at) else report


def _is_about_to_begin(update: Update, *, at: datetime) -> bool:
    untold = update.events.filter(notify=True, fan_out=None, at__gt=at - ABOUT_TO_BEGIN)
    return any(map(is_news, untold.select_related("update__incident")))


def update_report(deliveries: DeliveryQuerySet) -> Report:
    """Return the report on the deliveries of one update. One query."""
    figures = figures_of(deliveries)
    states: dict[str, int] = defaultdict(int)
    for one in figures:
        for state, number in one.states.items():
            states[state] += number
    return Report(tuple(line_of(one) for one in figures), _stage(figures), dict(states))


def line_of(figures: Figures) -> ReportLine:
    """Return the figures of a channel in words."""
    words = [f"{figures.sent:,} of {figures.total:,} sent"]
    for members, word in _WORDS:
        number = sum(figures.states.get(state, 0) for state in members)
        if number:
            words.append(f"{number:,} {word}")
    name = channel_name(figures.channel)
    return ReportLine(
        key=figures.channel,
        channel=name,
        sent=figures.sent,
        total=figures.total,
        words=f"{name} {' · '.join(words)}",
        pace=pace(figures),
        troubles=", ".join(f"{number:,} {_fault(fault)}" for fault, number in sorted(figures.faults.items())),
    )


def pace(figures: Figures) -> str:
    """Return "140 a second · about 3 minutes left", or "Finished 03:14:22 UTC, 58 s"."""
    if figures.is_running:
        parts = [f"{figures.rate:,.0f} a second" if figures.rate >= 1 else "less than one a second"]
        if figures.time_left is not None:
            parts.append(f"{_about(figures.time_left)} left")
        return " · ".join(parts) if figures.sent_lately else "nothing taken in the last 10 seconds"
    if figures.last_sent_at is None or figures.began_at is None:
        return "Finished"
    seconds = max(0, int((figures.last_sent_at - figures.began_at).total_seconds()))
    took = f"{seconds} s" if seconds < 120 else in_words(timedelta(seconds=seconds))
    return f"Finished {exact_clock(figures.last_sent_at, ZoneInfo(get_current_timezone_name()))}, {took}"


def waiting_again(number: int) -> str:
    """Return what is said after pressing "send again"."""
    if not number:
        return "Nothing is left to send again."
    return f"{number:,} {'waits' if number == 1 else 'wait'} to be sent again."


def channel_name(channel: str) -> str:
    """Return a channel as people call it."""
    try:
        return str(ChannelKind(channel).label)
    except ValueError:
        return channel.capitalize()


def explained(delivery: Delivery, answer: str) -> Explained:
    """Return what the last answer means, and the other side's own words, "" where there are none."""
    return Explained("", answer) if delivery.state == DeliveryState.SENT else taken_apart(answer)


def taken_apart(answer: str) -> Explained:
    """Return our sentence and the other side's own words, which stand together in `answer`."""
    found = _THEIR_WORDS.match(answer)
    return Explained(found["plain"], found["words"]) if found else Explained(answer, "")


def masked(address: str) -> str:
    """Return an address for those who may not see whose it is: "s…@example.com", "https://example.com/…"."""
    if "://" in address:
        scheme, _, rest = address.partition("://")
        return f"{scheme}://{rest.partition('/')[0].rpartition('@')[2]}/…"
    local, at, domain = address.rpartition("@")
    if at and local:
        return f"{local[0]}…@{domain}"
    return f"{address[:3]}…{address[-2:]}" if len(address) > 6 else "…"


def with_masks(text: str) -> str:
    """Return the other side's words for whom addresses are no business of: relays repeat them."""
    return _MAIL_ADDRESS.sub(lambda found: masked(found[0]), text)


def _stage(figures: Iterable[Figures]) -> str:
    lines = list(figures)
    if not lines:
        return NOTHING
    if not is_running(lines):
        return FINISHED
    return TROUBLED if any(line.troubled for line in lines) else RUNNING


def _fault(value: str) -> str:
    try:
        return _FAULTS[Fault(value)]
    except ValueError:
        return value


def _about(left: timedelta) -> str:
    if left < timedelta(minutes=1):
        seconds = max(1, int(left.total_seconds()))
        return f"about {seconds} second{'' if seconds == 1 else 's'}"
    return f"about {in_words(left)}"
