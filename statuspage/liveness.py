"""Whether this worker still takes tasks: judged by what it took, not by whether it runs.

A consumer can lose its queue and stay connected, and then looks alive to everybody. Each worker
sends a canary to each of its queues through the broker and counts any task as a sign. While the
broker takes canaries and none comes out, the worker ends, and its supervisor starts it anew.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from celery import signals
from celery.app.base import Celery
from celery.worker import state

from incidents.notifications.doorbell import CANARY
from incidents.notifications.stopping import is_stopping
from statuspage import worker_processes

CANARY_EVERY = 10.0
"""Seconds between canaries."""

DEAF_AFTER = 60.0
"""Seconds without any task, while the broker took every canary, after which a worker ends."""

SECONDS_TO_END = 15.0
"""How long it may take to end in order; a consumer that hangs never does."""

EXIT_CODE = 70
"""EX_SOFTWARE: supervisors that restart after failures only see one."""

log = logging.getLogger(__name__)


class Liveness:
    """What a worker knows of itself. Times are of time.monotonic()."""

    def __init__(self) -> None:
        self.heard = time.monotonic()
        self.sent_since: float | None = None
        """Since when the broker has taken every canary; None while it does not."""

    def took_canaries(self, moment: float, *, was_taken: bool) -> None:
        """Remember whether the broker took a canary for every queue."""
        if not was_taken:
            self.sent_since = None
        elif self.sent_since is None:
            self.sent_since = moment

    def heard_task(self, **_signal: Any) -> None:
        """Remember that a task came out of the broker."""
        self.heard = time.monotonic()

    def is_deaf(self, moment: float, *, is_busy: bool) -> bool:
        """Say whether tasks go in and none comes out. A worker with its hands full takes none, rightly."""
        if is_busy:
            self.heard = moment
        return self.sent_since is not None and moment - max(self.heard, self.sent_since) > DEAF_AFTER


def connect(app: Celery) -> None:
    """Watch the worker this process may become."""
    liveness = Liveness()
    signals.task_received.connect(liveness.heard_task, weak=False)

    def begin(**_signal: Any) -> None:
        # It is said again after each reconnection.
        signals.worker_ready.disconnect(begin)
        queues = list(app.amqp.queues.consume_from)
        keep_watching(lambda: watch(app, queues, liveness))

    signals.worker_ready.connect(begin, weak=False)


def watch(app: Celery, queues: Sequence[str], liveness: Liveness) -> None:
    """Send canaries and end the worker where none comes out."""
    moment = time.monotonic()
    liveness.took_canaries(moment, was_taken=send_canaries(app, queues))
    if liveness.is_deaf(moment, is_busy=bool(len(state.active_requests))):
        log.critical("no task came for %g s although the broker takes them: starting anew", DEAF_AFTER)
        end_worker()


def send_canaries(app: Celery, queues: Sequence[str]) -> bool:
    """Put a canary into each queue; return whether the broker took them all."""
    try:
        for queue in queues:
            app.send_task(CANARY, queue=queue, expires=DEAF_AFTER, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 - each transport has errors of its own; deaf is only who hears nothing of a broker that works
        log.warning("the broker takes no canary (%s)", error)
        return False
    return True


def keep_watching(look: Callable[[], object]) -> None:
    """Call `look` every few seconds in a thread, until the worker stops."""

    def keep() -> None:
        while not is_stopping():
            look()
            time.sleep(CANARY_EVERY)

    threading.Thread(target=keep, name="liveness", daemon=True).start()


def end_worker() -> None:
    """End this worker with its pool: in order where it can, and at once where it cannot."""
    state.should_stop = EXIT_CODE  # type: ignore[assignment]  # celery-types knows its first value only, None
    worker_processes.tell_processes()
    time.sleep(SECONDS_TO_END)
    for process in worker_processes.pool_processes():
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue
    os._exit(EXIT_CODE)
