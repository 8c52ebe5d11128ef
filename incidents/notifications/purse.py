"""The purse of a process: the tokens it took out of its channel's bucket and has not spent yet."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import DatabaseError, transaction

from incidents.notifications import bucket
from incidents.notifications.channel_row import read
from incidents.notifications.models import ChannelState

UNBOUNDED = 1_000
"""More at once than any channel has connections."""

ASK_EVERY = 0.05
"""Seconds between readings of the row while a permit or a token is waited for."""

log = logging.getLogger(__name__)


class Purse:
    """Spent from under the gate's lock. `rate` says how many tokens a second there are, None for no limit."""

    def __init__(self, channel: str, *, rate: Callable[[], float | None]) -> None:
        self.channel = channel
        self._rate = rate
        self._tokens = 0
        self._asked = float("-inf")

    def empty(self) -> None:
        """Forget what it holds: the rate is another now."""
        self._tokens = 0

    def put_back(self) -> None:
        """Take back the token of a message that was not begun after all."""
        self._tokens += self._rate() is not None

    def spend(self) -> bool:
        """Take a token for one message; say whether there was one."""
        if self._tokens >= 1:
            self._tokens -= 1
            return True
        if self._rate() is None:
            return True
        if time.monotonic() - self._asked < ASK_EVERY:
            return False
        self._asked = time.monotonic()
        self._tokens = self._taken()
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _taken(self) -> int:
        try:
            with transaction.atomic():
                state, at = read(self.channel, is_locked=True)
                rate = self._rate()
                if rate is None:
                    return UNBOUNDED
                tokens = bucket.refilled(state.tokens, rate, (at - (state.tokens_at or at)).total_seconds())
                taken = bucket.granted(tokens, rate)
                if taken or state.tokens_at is None:
                    ChannelState.objects.filter(pk=self.channel).update(tokens=tokens - taken, tokens_at=at)
                return taken
        except DatabaseError as error:
            log.warning("no tokens for %s could be had: %s", self.channel, error)
            return 0
