"""The clock at the edge: views, tasks and commands read it once and pass `at=` inwards."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(tz=UTC)
