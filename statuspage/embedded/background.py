"""The Celery worker and its schedule as threads of the web process."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from celery.beat import Scheduler, Service
from celery.worker import WorkController, state
from django.conf import settings

from incidents.notifications.stopping import start_delivering, stop_delivering
from statuspage.celery import QUEUES, app
from statuspage.liveness import keep_watching, send_canaries

logger = logging.getLogger(__name__)

TASK_THREADS = 2
SECONDS_TO_DRAIN = 10.0
SECONDS_BEFORE_RESTART = 1.0


@app.task(name="statuspage.wake_up")
def wake_up() -> None:
    """Do nothing: any message ends the worker's wait for one, which lasts up to two seconds."""


@contextmanager
def background_threads() -> Iterator[None]:
    """Run worker and schedule while the block runs; at its end let the tasks that run now finish.

    Does nothing where BROKER_URL names a real broker: then workers are processes of their own.
    """
    if not settings.WORKER_IS_EMBEDDED:
        yield
        return
    background = Background()
    background.start()
    try:
        yield
    finally:
        background.stop()


class Background:
    """The two threads, each started again when it ends without being told to."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.schedule: Service | None = None
        self._takes_tasks = threading.Event()
        self._deciding = threading.Lock()
        self.worker = threading.Thread(target=self._keep_running, args=(self._work,), name="worker", daemon=True)
        self.ticker = threading.Thread(target=self._keep_running, args=(self._tick,), name="schedule", daemon=True)

    def start(self) -> None:
        """Start both threads."""
        start_delivering()
        self.worker.start()
        # Its broker is our own memory: it cannot be lost, but staff should see that tasks are taken.
        keep_watching(lambda: send_canaries(app, QUEUES))
        self.ticker.start()

    def stop(self) -> None:
        """Stop both; wait for running tasks, but not for ever: the sweep finds again what was cut off.

        A worker that is still being made, with half of Django's modules to read, has none and is not waited for.
        """
        with self._deciding:
            self.stopping.set()
        stop_delivering()
        # As Celery's own signal handler does; worker.stop() from another thread would race with its loop.
        state.should_stop = 0  # type: ignore[assignment]  # celery-types knows its first value only, None
        if self.schedule:
            self.schedule.stop()
        if self._takes_tasks.is_set():
            # The worker waits once more after it has seen the flag.
            wake_up.delay()
            wake_up.delay()
            self.worker.join(SECONDS_TO_DRAIN)

    def _keep_running(self, function: Callable[[], None]) -> None:
        name = threading.current_thread().name
        while not self.stopping.is_set():
            try:
                function()
            except Exception:
                logger.exception("The background thread %s failed.", name)
            if not self.stopping.wait(SECONDS_BEFORE_RESTART):
                logger.error("The background thread %s ended; starting it again.", name)

    def _work(self) -> None:
        # WorkController, not the command line's Worker: that one installs signal handlers, which only the main
        # thread of a process may do.
        worker = WorkController(app=app, pool_cls="threads", concurrency=TASK_THREADS, queues=QUEUES)
        with self._deciding:
            if self.stopping.is_set():
                return
            self._takes_tasks.set()
        worker.start()

    def _tick(self) -> None:
        # The plain scheduler keeps its state in memory; the default one writes a file into the working directory.
        self.schedule = Service(app, max_interval=1, scheduler_cls=Scheduler)
        self.schedule.start()
