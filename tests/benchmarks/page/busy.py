"""How long readers of published pages wait while Django is kept busy in the same process."""

import http.client
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks.page.lines import at_most, only
from tests.benchmarks.page.serving import CORE_OF_LOAD, CORE_OF_SERVERS, Contender
from tests.running.running import running_site
from tests.servers.finding import die_with_parent
from tests.servers.nginx import find_wrk

GOAL = 50.0
"""Milliseconds within which 99 of 100 readers have their answer."""

BUSY_PATHS = ("/console/sign-in", "/no-such-page")
"""Made by Django each time: a form, and the state of every component for the page that says what is not there."""

CONNECTIONS = 4
"""For each of these; together more than the places behind the front."""

PATHS = ("/", "/api/v2/summary.json", "/history.atom", "/history")
BETWEEN = 0.002


def measured_while_busy(*, is_quick: bool) -> Iterator[str]:
    """Yield what readers wait with Django idle and with Django busy, and how busy it was."""
    seconds = 3 if is_quick else 15
    with tempfile.TemporaryDirectory(prefix="statuspage-bench-") as name, ExitStack() as stack:
        own_cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {CORE_OF_SERVERS})
        try:
            site = stack.enter_context(running_site(Path(name) / "site"))
        finally:
            os.sched_setaffinity(0, own_cores)
        os.sched_setaffinity(0, {CORE_OF_LOAD})
        stack.callback(os.sched_setaffinity, 0, own_cores)
        server = Contender("front", site.port, site.process.pid)
        idle = waits(site.port, seconds)
        before, began = server.seconds(), time.perf_counter()
        with load(site.address, seconds + 2):
            busy = waits(site.port, seconds)
            share = (server.seconds() - before) / (time.perf_counter() - began)
    yield only("share of its core the server used while Django was kept busy", share)
    yield only("published path, Django idle: p50", median(idle) * 1e3, " ms")
    yield only("published path, Django idle: p99", _p99(idle) * 1e3, " ms")
    yield only("published path, Django busy: p50", median(busy) * 1e3, " ms")
    yield at_most("published path, Django busy: p99", _p99(busy) * 1e3, GOAL, " ms")


def waits(port: int, seconds: float) -> list[float]:
    """Return the seconds each request of one reader took, over a connection that stays open."""
    reader = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    found: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        path = PATHS[len(found) % len(PATHS)]
        began = time.perf_counter()
        reader.request("GET", path, headers={"Accept-Encoding": "br"})
        answer = reader.getresponse()
        answer.read()
        found.append(time.perf_counter() - began)
        if answer.status != http.HTTPStatus.OK:
            raise AssertionError(f"{path}: {answer.status}")
        time.sleep(BETWEEN)
    reader.close()
    return found


@contextmanager
def load(address: str, seconds: float) -> Iterator[None]:
    """Keep Django busy while the block runs: several connections for each path, as fast as it answers."""
    options = [str(find_wrk()), "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s"]
    with ExitStack() as stack:
        for path in BUSY_PATHS:
            process = subprocess.Popen(
                [*options, address + path], stdout=subprocess.DEVNULL, preexec_fn=die_with_parent()
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
        # The first requests make Django import what it needs; that is no part of the measure.
        time.sleep(1)
        yield


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98]
