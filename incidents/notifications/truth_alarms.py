"""Staff are told by mail of what does not hold together on a page: after 3, 6, 12 and 24 hours, each once.

The alarms are the memory: one goes on for each doubt, at the step it has come to, until the doubt is over. So a
restart tells nothing twice, and whoever was away for a day is told of a doubt once and not four times.
"""

from datetime import datetime, timedelta

from celery import shared_task

from incidents.lib.clock import now
from incidents.lib.durations import in_words
from incidents.notifications.alarms import end_alarm, raise_alarm
from incidents.notifications.doorbell import TRUTH
from incidents.notifications.models import Alarm
from incidents.timeline.models import FreezeKind, Page, is_frozen
from incidents.timeline.truth import Doubt, doubts

STEPS = (3, 6, 12, 24)
"""Hours after which staff are told."""

FORGOTTEN = timedelta(hours=48)
"""What was so for longer when it was noticed first is no news: it stands on Now, and nobody is mailed."""

AT_ONCE = 5
"""Mails to each member of staff at one time; what more there is stands on Now, and the last of them says so."""

KEY = "truth:"
"""How keys of these alarms begin."""

NOW = "/console/"


@shared_task(name=TRUTH)
def tell_of_doubts_task() -> None:
    """Look at every page once."""
    tell_of_doubts(at=now())


def tell_of_doubts(*, at: datetime) -> int:
    """Tell staff of every doubt that has come to its next step, end the alarms of those that are over; count the mails.

    A page whose automation is frozen stays as it is. Safe to run twice or in parallel.
    """
    return sum(_tell(page, at=at) for page in Page.objects.all() if not is_frozen(page, FreezeKind.AUTOMATION, at=at))


def _tell(page: Page, *, at: datetime) -> int:
    reached = {f"{KEY}{page.pk}:{one.key}:{step}": one for one in doubts(page, at=at) if (step := _step(one, at=at))}
    going_on = set(Alarm.objects.going_on().filter(key__startswith=f"{KEY}{page.pk}:").values_list("key", flat=True))
    for key in going_on - reached.keys():
        end_alarm(key, at=at)
    fresh = [(key, one) for key, one in reached.items() if key not in going_on]
    news = [(key, one) for key, one in fresh if at - one.since < FORGOTTEN]
    loud, quiet = news[:AT_ONCE], news[AT_ONCE:]
    for number, (key, one) in enumerate(loud, start=1):
        more = f" {len(quiet)} more stand on Now." if quiet and number == len(loud) else ""
        _raise(page, key, one, more=more, at=at)
    _remember(page, [pair for pair in fresh if pair not in loud], at=at)
    return len(loud)


def _step(doubt: Doubt, *, at: datetime) -> int:
    """Return the hours of the last step a doubt has come to, 0 before the first."""
    return max((hours for hours in STEPS if at - doubt.since >= timedelta(hours=hours)), default=0)


def _raise(page: Page, key: str, doubt: Doubt, *, more: str, at: datetime) -> None:
    raise_alarm(
        key=key,
        page=page,
        sentence=doubt.sentence,
        fix=f"It has been so for {in_words(at - doubt.since)}. {doubt.action}.{more}",
        path=NOW,
        at=at,
    )


def _remember(page: Page, untold: list[tuple[str, Doubt]], *, at: datetime) -> None:
    """Keep that these have come to their step, without telling anybody."""
    Alarm.objects.bulk_create(
        [
            Alarm(key=key, page=page, sentence=doubt.sentence, path=NOW, raised_at=at, posted_at=at)
            for key, doubt in untold
        ],
        ignore_conflicts=True,
    )
