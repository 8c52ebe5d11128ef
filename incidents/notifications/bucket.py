"""The token bucket of a channel: halves when the other side asks to slow down, and grows back by itself.

Pure calculations; the row they are about is ChannelState.
"""

import math

from django.conf import settings

DOUBLES_EVERY = 3.0
"""Seconds: from the floor of one message a second to a thousand in half a minute."""

NO_LIMIT = 10_000.0
"""A rate that grew beyond this limits nothing any more; no relay was seen to take more from one sender."""

BURST_SECONDS = 0.5
"""How much unused rate is kept: a silence must not end in a flood."""

GRANT_SECONDS = 0.25
"""How much a worker takes for itself at once, so that the row is not asked for every message."""


def floor() -> float:
    """Return the messages a second a channel is never slowed below."""
    return float(settings.SEND_LEAST_PER_SECOND)


def ceiling() -> float | None:
    """Return the messages a second a channel never exceeds; None where the operator set no limit."""
    return float(settings.SEND_MOST_PER_SECOND) or None


def rate_now(rate: float | None, seconds: float) -> float | None:
    """Return the rate `seconds` after it was `rate`; None for as fast as it goes."""
    most = ceiling()
    if rate is None:
        return most
    # The exponent is bounded: a channel that was slowed a year ago would overflow a float.
    grown = rate * math.pow(2.0, min(max(seconds, 0.0) / DOUBLES_EVERY, 64.0))
    if most is not None:
        return min(grown, most)
    return None if grown > NO_LIMIT else grown


def halved(rate: float | None, observed: float) -> float:
    """Return half of `rate`, or of what was `observed` where there was no limit; not below the floor."""
    return max((min(rate, NO_LIMIT) if rate is not None else observed) / 2, floor())


def refilled(tokens: float, rate: float, seconds: float) -> float:
    """Return the tokens in the bucket `seconds` after there were `tokens`."""
    return min(max(tokens, 0.0) + rate * max(seconds, 0.0), max(1.0, rate * BURST_SECONDS))


def granted(tokens: float, rate: float) -> int:
    """Return how many of the tokens a worker takes at once; 0 where less than one is there."""
    return int(min(tokens, max(1.0, rate * GRANT_SECONDS)))
