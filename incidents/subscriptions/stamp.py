"""When a form was shown, signed into the form: no person fills one in within a second."""

from datetime import datetime, timedelta

from django.core import signing

QUICK = timedelta(seconds=1)

WEIGHT_OF_QUICK = 3
"""A form sent back that fast counts as so many requests of its network. It is not refused: a
program that fills in a form for a person is slowed down, not shut out."""

_signer = signing.Signer(salt="incidents.subscriptions.form")


def stamp(at: datetime) -> str:
    """Return the value of the form's hidden field."""
    return _signer.sign(str(int(at.timestamp() * 1000)))


def weight_of(value: str, *, at: datetime) -> int:
    """Return as how many requests a form with this stamp counts; what has none, or a false one, counts once.

    Pages may come from a cache, so that an old stamp says nothing.
    """
    try:
        shown = int(_signer.unsign(value)) / 1000
    except (signing.BadSignature, ValueError):
        return 1
    return WEIGHT_OF_QUICK if 0 <= at.timestamp() - shown < QUICK.total_seconds() else 1
