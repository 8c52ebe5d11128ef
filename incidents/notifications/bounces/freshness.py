"""Whether a provider's signed report is new: an old one may have been overheard and sent again by somebody else."""

import json
from datetime import datetime, timedelta

OLDEST = timedelta(hours=12)
"""Mailgun repeats for eight hours what was not taken in, signed as it was the first time."""

AHEAD = timedelta(minutes=10)
"""How far clocks may differ."""


def is_stale(report: bytes, *, at: datetime) -> bool:
    """Say whether Mailgun signed `report` too long before `at`, or long after; False for what cannot be read."""
    try:
        signed = float(json.loads(report)["signature"]["timestamp"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return not (at - OLDEST).timestamp() <= signed <= (at + AHEAD).timestamp()
