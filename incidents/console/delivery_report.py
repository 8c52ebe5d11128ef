"""How far the messages about an incident have come, in words, one line for each channel."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from incidents.notifications.models import Delivery, DeliveryState
from incidents.timeline.models import Incident

_CHANNELS = {"email": "Email"}
_WORDS = (
    ((DeliveryState.FAILED,), "failed"),
    ((DeliveryState.BOUNCED,), "bounced"),
    ((DeliveryState.RETRYING,), "to be tried again"),
    ((DeliveryState.QUEUED, DeliveryState.LEASED), "waiting"),
    ((DeliveryState.SUPERSEDED,), "overtaken by a newer update"),
    ((DeliveryState.SUPPRESSED,), "unsubscribed meanwhile"),
)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One channel; `sent` of `total`, for a progress bar with the same words."""

    channel: str
    sent: int
    total: int
    words: str


def delivery_report(incident: Incident) -> list[ReportLine]:
    """Return a line for each channel on which anything about `incident` was to be told. One query."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    rows = Delivery.objects.filter(incident=incident).values("channel", "state")
    for row in rows.annotate(number=Count("pk")).order_by("channel"):
        counts[row["channel"]][row["state"]] = row["number"]
    return [_line(channel, states) for channel, states in counts.items()]


def _line(channel: str, states: dict[str, int]) -> ReportLine:
    total = sum(states.values())
    sent = states.get(DeliveryState.SENT, 0)
    words = [f"{sent:,} of {total:,} sent"]
    for members, word in _WORDS:
        number = sum(states.get(state, 0) for state in members)
        if number:
            words.append(f"{number:,} {word}")
    name = _CHANNELS.get(channel, channel.capitalize())
    return ReportLine(channel=name, sent=sent, total=total, words=f"{name} {' · '.join(words)}")
