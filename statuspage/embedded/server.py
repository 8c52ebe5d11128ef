"""The web server: granian as supervisor of one child, which holds the background threads too."""

import gc
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from incidents.publishing.front import THREADS_FOR_READERS, WAITING_AT_MOST
from statuspage.embedded.answering import answer_before_wsgi
from statuspage.embedded.background import background_threads
from statuspage.embedded.instance import CannotStart

SECONDS_TO_STOP = 15
# A stop waits for requests that have begun; a client that sends half of one must not hold it up for long.
MILLISECONDS_FOR_A_REQUEST_HEAD = 5000
SECONDS_BETWEEN_STARTS = 2.0
STARTS_IN_A_ROW = 5
SECONDS_THAT_COUNT_AS_RUNNING = 60
# Each open connection is a file; many systems begin with 1,024 and allow far more to who asks.
FILES_AT_MOST = 65_536


def serve_as_child(*arguments: Any, **options: Any) -> None:
    """Answer requests until told to stop; what granian's child runs."""
    # Out of the terminal's group: Ctrl-C reaches the parent only, which then stops this child in order.
    os.setpgrp()
    stop_with_parent()
    allow_many_connections()
    django.setup()
    answer_before_wsgi()
    with background_threads():
        MPServer._spawn_wsgi_worker(*arguments, **options)
    # Else the interpreter looks through all modules once more for rings, half a second of computing, before it ends.
    gc.freeze()


def stop_with_parent() -> None:
    """Stop this process soon after its parent has gone in any way, so that no orphan keeps the port."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(SECONDS_TO_STOP)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def allow_many_connections() -> None:
    """Let this process hold as many connections as the system allows without asking its administrator."""
    standing, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_AT_MOST if allowed == resource.RLIM_INFINITY else min(allowed, FILES_AT_MOST)
    if standing != resource.RLIM_INFINITY and standing < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, allowed))


def serve(on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; a child that dies is replaced at once. Calls `on_ready` when it listens.

    Raises CannotStart where the server stops several times in a row soon after its start.
    """
    # A fresh interpreter for each child: forking a process with threads may copy a held lock.
    multiprocessing.set_start_method("spawn", force=True)
    failures = 0
    while failures < STARTS_IN_A_ROW:
        started_at = time.monotonic()
        server = build_server(on_ready if failures == 0 else None)
        try:
            server.serve(spawn_target=serve_as_child)
        except SystemExit:
            # Granian leaves when its child dies twice within seconds; whether that is the end is decided here.
            pass
        if server.interrupt_signal:
            return
        ran_well = time.monotonic() - started_at > SECONDS_THAT_COUNT_AS_RUNNING
        failures = 1 if ran_well else failures + 1
        time.sleep(SECONDS_BETWEEN_STARTS)
    raise CannotStart(f"The web server stopped {STARTS_IN_A_ROW} times in a row; the lines above say why.")


def build_server(on_ready: Callable[[], None] | None) -> MPServer:
    """Return the server of this installation, not yet started."""
    server = MPServer(
        target="statuspage.wsgi:application",
        address=settings.BIND_ADDRESS,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        # One way to speak and one accepting thread of its own: together a fifth less work for each request.
        http=HTTPModes.http1,
        runtime_mode=RuntimeModes.mt,
        workers=1,
        # Beyond the places in Django there are always threads left for readers of published pages.
        blocking_threads=settings.WEB_THREADS + WAITING_AT_MOST + THREADS_FOR_READERS,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=MILLISECONDS_FOR_A_REQUEST_HEAD),
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
    )
    if on_ready:
        server.on_startup(on_ready)
    return server
