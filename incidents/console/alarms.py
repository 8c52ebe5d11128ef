"""What every screen of the console says first: what staff must know of."""

from dataclasses import dataclass
from datetime import datetime

from incidents.notifications.completeness import KEY, unheard
from incidents.notifications.models import Alarm
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
    would raise the alarm.
    """
    alarms = list(Alarm.objects.seen_on(page).going_on()[:SHOWN_AT_MOST])
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
