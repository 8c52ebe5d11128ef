"""What a process of an installation under test can be. Imported only after Django was set up."""

import gc
import json
import os
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from celery.beat import Scheduler
from django.core.checks import run_checks
from django.db import connections
from django.template.loader import get_template

from statuspage.celery import QUEUES, app
from statuspage.embedded.background import Background
from tests.faults import deeds
from tests.running.running import ROOT

CHILDREN = int(os.environ.get("FAULT_CHILDREN", "2"))
"""Processes of a worker's pool."""

READ_AHEAD = (
    "celery.bin.celery",
    "celery.apps.worker",
    "celery.concurrency.prefork",
    "celery.contrib.migrate",
    "kombu.transport.redis",
    "incidents.notifications.lookout",
    "incidents.tasks",
    "smtplib",
    "imaplib",
)
"""What a worker imports only when it starts; here once before the first fork instead of after each kill."""


def read_ahead() -> None:
    """Load what every process would load by itself, so that one forked again is at work soon."""
    for name in READ_AHEAD:
        import_module(name)
    import_module("incidents.notifications.warming").warm_up()
    # Celery runs the checks at each start; they import every view.
    run_checks()
    templates = ROOT / "templates"
    for path in (templates / "email").rglob("*.*"):
        get_template(str(path.relative_to(templates)))
    connections.close_all()
    # A process forked from this one would copy every page its first collection writes into.
    gc.collect()
    gc.freeze()


def work(name: str, folder: Path) -> int:
    """Be a Celery worker, as the shipped service starts it."""
    queues = ["--queues", ",".join(QUEUES), "--concurrency", str(CHILDREN)]
    alone = ["--without-gossip", "--without-mingle"]
    app.worker_main(["worker", "--hostname", f"{name}@test", "--loglevel", "WARNING", *queues, *alone])
    return 0


def tick(name: str, folder: Path) -> int:
    """Be Celery's beat."""
    app.Beat(scheduler_cls=Scheduler, loglevel="WARNING", pidfile=None, quiet=True).run()
    return 0


def work_and_tick(name: str, folder: Path) -> int:
    """Be the background threads of `manage.py run`, without its web server."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    background = Background()
    background.start()
    while not stopping.wait(0.2):
        pass
    background.stop()
    return 0


def lend_a_hand(name: str, folder: Path) -> int:
    """Do what a view would do, one JSON line after another, and tell how long each took."""
    path = folder / f"{name}.socket"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile("rw") as stream:
                for line in stream:
                    print(json.dumps(obey(json.loads(line))), file=stream, flush=True)


def obey(order: dict[str, Any]) -> dict[str, Any]:
    """Do one deed of deeds.py; what it raises is part of the answer."""
    # As at the beginning of a request.
    connections.close_all()
    began, at = time.monotonic(), time.time()
    try:
        result = getattr(deeds, order["do"])(**order.get("with", {}))
    except Exception as error:  # noqa: BLE001 - the test judges it
        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}", "seconds": time.monotonic() - began, "at": at}
    finally:
        connections.close_all()
    return {"result": result, "seconds": time.monotonic() - began, "at": at}


ROLES: dict[str, Callable[[str, Path], int]] = {
    "worker": work,
    "beat": tick,
    "embedded": work_and_tick,
    "hand": lend_a_hand,
}
