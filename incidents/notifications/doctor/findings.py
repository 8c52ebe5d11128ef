"""Findings: what was looked at, what came of it, and what to do."""

from dataclasses import dataclass
from enum import IntEnum


class Health(IntEnum):
    """How it is, the worst last; the exit code of `manage.py doctor` is 0, 1 or 2 by the worst there was."""

    GOOD = 0
    NOT_EXAMINED = 1
    DOUBTFUL = 2
    BAD = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `advice` says what to change, "" where nothing is to be."""

    subject: str
    health: Health
    sentence: str
    advice: str = ""


def good(subject: str, sentence: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(subject, Health.GOOD, sentence)


def doubtful(subject: str, sentence: str, advice: str) -> Finding:
    """Return that something works, but not as well as it could."""
    return Finding(subject, Health.DOUBTFUL, sentence, advice)


def bad(subject: str, sentence: str, advice: str) -> Finding:
    """Return that something does not work."""
    return Finding(subject, Health.BAD, sentence, advice)


def not_examined(subject: str, sentence: str) -> Finding:
    """Return that something could not or need not be looked at."""
    return Finding(subject, Health.NOT_EXAMINED, sentence)
