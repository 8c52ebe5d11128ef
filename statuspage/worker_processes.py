"""What each process of a Celery worker does besides its tasks: it looks for work by itself, and it stops in order.

The broker is a doorbell. While it is dead, frozen, full or has lost what it held, no task comes; a thread in every
process looks into the database instead, every few seconds in which no task ran, and first when the process starts.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from celery import signals
from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.module_loading import import_string

from incidents.notifications.stopping import SECONDS_TO_FINISH, is_stopping, start_delivering, stop_delivering

LOOK_EVERY = 5.0
"""Seconds without a task after which a process looks by itself."""

# By name, because models can be imported only in a process in which Django was set up.
LOOKS = ("incidents.notifications.lookout.look",)
BREAKS = "incidents.notifications.turns.was_broken_off"
"""Says that another process ended in the middle of its work: then nobody waits."""
WARM_UPS = ("incidents.notifications.warming.warm_up", "incidents.notifications.warming.spare_what_stays")

log = logging.getLogger(__name__)


class Lookout:
    """The thread of one process."""

    def __init__(self) -> None:
        self._busy = 0
        self._worked = float("-inf")
        self._thread: threading.Thread | None = None
        self.process = 0
        """The pool's process it is in, where that does one task at a time; 0 elsewhere."""

    def start(self) -> None:
        """Look from now on; once is enough."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._keep_looking, name="lookout", daemon=True)
        self._thread.start()

    def end(self, **_signal: Any) -> None:
        """Finish what is under way: the process ends after this."""
        stop_delivering()
        if self._thread is not None:
            self._thread.join(SECONDS_TO_FINISH + 1)

    def task_began(self, **_signal: Any) -> None:
        """Let the task do the work."""
        self._busy += 1
        if self.process == os.getpid():
            # billiard sets a handler of its own after begin_process(), which would end a task in mid-message.
            signal.signal(signal.SIGTERM, stop_in_order)

    def task_ended(self, **_signal: Any) -> None:
        """Count the time from here."""
        self._busy -= 1
        self._worked = time.monotonic()

    def _keep_looking(self) -> None:
        looks: list[Callable[[], None]] = [import_string(name) for name in LOOKS]
        was_broken_off: Callable[[], bool] = import_string(BREAKS)
        while not is_stopping():
            if not self._busy and (time.monotonic() - self._worked >= LOOK_EVERY or was_broken_off()):
                self._look(looks)
                self._worked = time.monotonic()
            time.sleep(LOOK_EVERY / 20)
        connections.close_all()

    def _look(self, looks: list[Callable[[], None]]) -> None:
        close_old_connections()
        for look in looks:
            try:
                look()
            except Exception:
                log.exception("looking for work failed; it is tried again in %s s", LOOK_EVERY)


_lookout = Lookout()
_workers: list[Any] = []
_own: list[int] = []
"""The worker's own process, from which those of its pool are forked."""


def connect() -> None:
    """Follow the life of the worker this process may become."""
    signals.worker_init.connect(remember_worker)
    signals.worker_process_init.connect(begin_process)
    signals.worker_ready.connect(begin_threads)
    signals.worker_process_shutdown.connect(_lookout.end)
    signals.worker_shutting_down.connect(tell_processes)
    signals.task_prerun.connect(_lookout.task_began)
    signals.task_postrun.connect(_lookout.task_ended)


def remember_worker(sender: Any, **_signal: Any) -> None:
    """Keep the worker, whose pool knows its processes, and read what they all need before they are forked."""
    _workers[:], _own[:] = [sender], [os.getpid()]
    if not settings.WORKER_IS_EMBEDDED:
        for name in WARM_UPS:
            import_string(name)()


def begin_process(**_signal: Any) -> None:
    """Look for work (in each process of a worker's pool)."""
    start_delivering()
    _lookout.process = os.getpid() if os.getpid() not in _own else 0
    _lookout.start()


def begin_threads(sender: Any, **_signal: Any) -> None:
    """Look for work in this process, where its pool is one of threads; the embedded worker has a schedule beside it."""
    if type(sender.pool).__module__.endswith(".thread") and not settings.WORKER_IS_EMBEDDED:
        start_delivering()
        _lookout.start()


def stop_in_order(_number: int, _frame: FrameType | None) -> None:
    """Begin no more messages; the pool ends this process when its task has ended.

    A service manager signals every process of a service: by default that would end this one in mid-message.
    """
    stop_delivering()


def tell_processes(**_signal: Any) -> None:
    """Pass the word to stop on to the pool's processes, or to this one where it has none."""
    stop_delivering()
    for process in pool_processes():
        try:
            os.kill(process, signal.SIGTERM)
        except ProcessLookupError:
            continue


def pool_processes() -> list[int]:
    """Return the processes of this worker's pool; none where it is one of threads."""
    known = [process for worker in _workers for process in (worker.pool.info or {}).get("processes", [])]
    return [process for process in known if isinstance(process, int)]
