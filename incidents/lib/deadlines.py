"""Deadlines: something is done when time is up, by one thread for all who wait."""

import heapq
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(order=True, slots=True)
class _Alarm:
    at: float
    number: int
    act: Callable[[], None] = field(compare=False)
    is_off: bool = field(default=False, compare=False)


class Watch:
    """Runs what was asked for when its time comes. A thread for each would cost more than a request does."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._alarms: list[_Alarm] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @contextmanager
    def after(self, seconds: float, act: Callable[[], None]) -> Iterator[None]:
        """Run the block; `act` is called in another thread if it takes longer than `seconds`.

        `act` must be short and must not raise.
        """
        alarm = self._set(seconds, act)
        try:
            yield
        finally:
            alarm.is_off = True

    def _set(self, seconds: float, act: Callable[[], None]) -> _Alarm:
        with self._changed:
            alarm = _Alarm(time.monotonic() + seconds, next(self._numbers), act)
            heapq.heappush(self._alarms, alarm)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
            if self._alarms[0] is alarm:
                self._changed.notify()
        return alarm

    def _watch(self) -> None:
        while True:
            for alarm in self._take_due():
                if not alarm.is_off:
                    alarm.act()

    def _take_due(self) -> list[_Alarm]:
        """Wait for the next alarm that is still on, and take all that are due."""
        with self._changed:
            while self._alarms and self._alarms[0].is_off:
                heapq.heappop(self._alarms)
            wait = self._alarms[0].at - time.monotonic() if self._alarms else None
            if wait is None or wait > 0:
                self._changed.wait(wait)
            due = []
            while self._alarms and self._alarms[0].at <= time.monotonic():
                due.append(heapq.heappop(self._alarms))
            return due


_watches: dict[int, Watch] = {}


def watch() -> Watch:
    """Return the watch of this process; a forked child has one of its own, for threads do not follow."""
    return _watches.setdefault(os.getpid(), Watch())
