"""From nothing to a running status page, and back."""

import gc
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import FrameType

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections

from incidents.publishing.library import the_library
from statuspage.embedded.instance import only_instance, require_free_port
from statuspage.embedded.preparation import FirstLogin, prepare
from statuspage.embedded.server import serve

SECONDS_TO_WAIT = 60.0

SET_UP = "/console/set-up/"
"""Where the link for the first login leads. Not asked of the addresses: with them this process loads every screen."""


class Stopped(BaseException):
    """SIGINT or SIGTERM came before the server was up; nothing is wrong."""


def start(*, say: Callable[[str], object], with_demo: bool) -> None:
    """Prepare and serve until SIGINT or SIGTERM; `say` gets each line for the operator.

    Raises CannotStart where another instance or another program is in the way.
    """
    signal.signal(signal.SIGINT, stop_preparing)
    signal.signal(signal.SIGTERM, stop_preparing)
    try:
        with only_instance(settings.DATA_DIR, local_address()):
            require_free_port(settings.BIND_ADDRESS, settings.PORT)
            login = prepared(say=say, with_demo=with_demo)
            serve(on_ready=lambda: announce_later(say, login))
    except Stopped:
        pass
    say("Stopped.")
    # As in the child: what is left goes with the process.
    gc.freeze()


def prepared(*, say: Callable[[str], object], with_demo: bool) -> FirstLogin | None:
    """Prepare the data and return the first login; without a database serve what was published before.

    Raises what the database raised where nothing was.
    """
    say("Preparing the database ...")
    try:
        return prepare(with_demo=with_demo)
    except DatabaseError as error:
        if not the_library().pages_on_disk():
            raise
        say(f"The database does not answer; readers get what was published before. ({error})")
        connections.close_all()
        return None


def stop_preparing(_number: int, _frame: FrameType | None) -> None:
    """Leave the preparation where it is; the server replaces this handler with its own."""
    raise Stopped


def local_address() -> str:
    """Return the address at which this machine reaches the page."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - what is compared with, not bound to
    return f"http://{everywhere.get(settings.BIND_ADDRESS, settings.BIND_ADDRESS)}:{settings.PORT}"


def announce_later(say: Callable[[str], object], login: FirstLogin | None) -> None:
    """Print the addresses once the page answers, without holding up the server that must start meanwhile."""

    def announce() -> None:
        if wait_until_it_answers():
            for line in lines_for_operator(login):
                say(line)

    threading.Thread(target=announce, name="announce", daemon=True).start()


def wait_until_it_answers() -> bool:
    """Return True once the page answers anything at all, False when that takes too long."""
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(local_address(), timeout=5).close()  # noqa: S310 - an address of our own
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def lines_for_operator(login: FirstLogin | None) -> list[str]:
    """Return what to print: where the page is, how to sign in for the first time, what else must run."""
    lines = [f"Status page   {local_address()}/", f"Console       {local_address()}/console/"]
    if login and login.token:
        lines.append(f"Set up        {local_address()}{SET_UP}{login.token}   (opens once)")
    elif login:
        lines.append(f"First login   {login.email}  the password in STATUSPAGE_ADMIN_PASSWORD")
    lines.append(f"Data          {settings.DATA_DIR}")
    if not settings.WORKER_IS_EMBEDDED:
        lines.append("Worker        runs apart: celery -A statuspage worker, celery -A statuspage beat")
    lines.append("Stop          Ctrl-C")
    return lines
