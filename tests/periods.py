"""Limits count by periods of the clock: a test that spends one must not begin at the end of it."""

import time
from datetime import timedelta

ROOM = 15.0
"""Seconds that spending a limit takes at most."""


def well_within(period: timedelta) -> None:
    """Wait until at least ROOM of the current period of the clock is left."""
    left = period.total_seconds() - time.time() % period.total_seconds()
    if left < ROOM:
        time.sleep(left)
