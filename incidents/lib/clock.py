"""The clock at the edge: views, tasks and commands read it once and pass `at=` inwards."""

from datetime import datetime, timezone


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(tz=timezone.utc)
