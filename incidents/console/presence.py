"""Who else is writing: said above the text, never a lock."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from incidents.timeline.models import Incident, Presence
from incidents.timeline.models.presence import LASTS


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody else at the same incident."""

    name: str
    seconds: int
    """Since they were last seen to write."""

    @property
    def ago(self) -> str:
        """Return "10 s ago"."""
        return f"{self.seconds} s ago" if self.seconds >= 1 else "now"

    @property
    def seconds_left(self) -> int:
        """Return for how long this still holds if nothing more is heard of them."""
        return max(int(LASTS.total_seconds()) - self.seconds, 0)


def others_writing(incident: Incident, *, by: User, at: datetime) -> list[Writer]:
    """Return who writes on the incident beside `by`, the latest first."""
    fresh = Presence.objects.fresh(at=at).filter(incident=incident).exclude(person=by)
    return [Writer(one.person_name, max(int((at - one.seen_at).total_seconds()), 0)) for one in fresh]
