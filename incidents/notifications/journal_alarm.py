"""Staff are told when who left is known to the database alone."""

from typing import Any

from incidents.lib.clock import now
from incidents.notifications.alarms import end_alarm, raise_alarm

KEY = "suppression_journal"


def tell_of_journal(*, reason: str, **_signal: Any) -> None:
    """Raise the alarm, once for as long as it lasts."""
    raise_alarm(
        key=KEY,
        sentence=f"The suppression journal cannot be written: {reason}.",
        fix="Make room on its disk or mend its rights. Who leaves meanwhile is in the database only; a backup"
        " that is restored would forget them. The missing lines are written by themselves afterwards.",
        at=now(),
        path="/console/subscribers",
    )


def end_journal_alarm(**_signal: Any) -> None:
    """The missing lines are written."""
    end_alarm(KEY, at=now())
