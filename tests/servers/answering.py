"""Requests that the server of a test is answering: they end before the database is emptied under them.

A browser that is closed sends what it still has to say, such as a draft. A request that met an empty database, or was
cut off from it by pytest-django in the middle of a transaction, would leave its locks to the tests after it.
"""

import threading
import time
from typing import Any

from django.core.signals import request_finished, request_started

SECONDS_TO_END = 60
SECONDS_TO_COME = 0.03
"""In which a request that was sent has begun."""

_answering: set[int] = set()


def watch_requests() -> None:
    """Know from now on which threads answer."""
    request_started.connect(_begun, dispatch_uid="tests begun")
    request_finished.connect(_ended, dispatch_uid="tests ended")


def wait_until_answered() -> None:
    """Return once no thread answers a request; the test's own thread does not count."""
    time.sleep(SECONDS_TO_COME)
    deadline = time.monotonic() + SECONDS_TO_END
    while _answering & {thread.ident for thread in threading.enumerate()} and time.monotonic() < deadline:
        time.sleep(0.005)


def _begun(**_: Any) -> None:
    if threading.current_thread() is not threading.main_thread():
        _answering.add(threading.get_ident())


def _ended(**_: Any) -> None:
    _answering.discard(threading.get_ident())
