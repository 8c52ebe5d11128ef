"""Server CPU per request against nginx serving the same bytes as files, side by side on one core."""

import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from tests.benchmarks.page.lines import at_least, only
from tests.running.running import ROOT, command_environment, running_site
from tests.servers.finding import free_port
from tests.servers.nginx import find_wrk, running_nginx, shipped_configuration

CORE_OF_SERVERS, CORE_OF_LOAD = 0, 1
ROUNDS = 3
SLICES = 4
QUICK_SLICES = 2
"""Seconds of a round, each of which every server gets in turn: on a busy machine whole rounds differ by a sixth."""

CONNECTIONS = 32

GOALS = {"html": 0.35, "html br": 0.50, "304": 0.40, "json": 0.50}
GOAL_OF_FILES = 0.95

BASELINE = """
upstream nobody {{ server 127.0.0.1:1; }}
types {{ text/html html; application/json json; }}
sendfile on; tcp_nopush on; gzip_static on; brotli_static on;
open_file_cache max=1000 inactive=60s; open_file_cache_valid 30s;
server {{
    listen 127.0.0.1:{port}; root {tree};
{headers}
    location = / {{ try_files /index.html =404; }}
    location / {{ try_files $uri =404; }}
}}
"""


@dataclass(frozen=True)
class Contender:
    """A server under load."""

    name: str
    port: int
    process: int

    def seconds(self) -> float:
        """Return the CPU time it and its children have used."""
        root = psutil.Process(self.process)
        times = [one.cpu_times() for one in [root, *root.children(recursive=True)]]
        return sum(one.user + one.system for one in times)

    def etag(self, path: str) -> str:
        """Return the validator it gives for a path."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return str(answer.headers["ETag"])


@dataclass(frozen=True)
class Run:
    """What a server did under load, in one slice or in a whole round."""

    computed: float = 0.0
    """Seconds of CPU."""
    requests: int = 0
    seconds: float = 0.0

    @property
    def cost(self) -> float:
        """Microseconds of CPU for a request."""
        return self.computed / self.requests * 1e6

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    def __add__(self, other: "Run") -> "Run":
        return Run(self.computed + other.computed, self.requests + other.requests, self.seconds + other.seconds)


def measured_serving(*, is_quick: bool) -> Iterator[str]:
    """Yield the ratios for HTML plain, HTML brotli, 304 and JSON."""
    slices = QUICK_SLICES if is_quick else SLICES
    with tempfile.TemporaryDirectory(prefix="statuspage-bench-") as folder, ExitStack() as stack:
        contenders = started(Path(folder), stack)
        runs: dict[tuple[str, str], list[Run]] = {}
        for _ in range(ROUNDS):
            for case in GOALS:
                for name, run in one_round(contenders, case, slices=slices).items():
                    runs.setdefault((case, name), []).append(run)
        for case, goal in GOALS.items():
            bare = runs[case, "nginx"]
            yield only(f"nginx, files, {case}: CPU per request", median(run.cost for run in bare), " us")
            for contender, wanted in (("front", goal), ("shipped nginx", GOAL_OF_FILES)):
                own = runs[case, contender]
                # Each round against its own neighbour: what else the machine does hits both alike.
                cpu = median(one.cost / other.cost for one, other in zip(bare, own, strict=True))
                rate = median(other.rate / one.rate for one, other in zip(bare, own, strict=True))
                yield at_least(f"{contender} against nginx, {case}: CPU per request", cpu, wanted)
                yield only(f"{contender} against nginx, {case}: requests a second", rate)


def started(folder: Path, stack: ExitStack) -> list[Contender]:
    """Start the product and two nginx, all pinned to one core and serving the same bytes."""
    own_core = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CORE_OF_SERVERS})
    try:
        site = stack.enter_context(running_site(folder / "site"))
        tree = folder / "tree"
        exported(folder / "site", site.port, tree)
        bare, shipped = free_port(), free_port()
        headers = "".join(f'    add_header {name} "{value}";\n' for name, value in own_headers(site.port))
        (folder / "bare").mkdir()
        (folder / "shipped").mkdir()
        configuration = BASELINE.format(port=bare, tree=tree, headers=headers)
        first = stack.enter_context(running_nginx(folder / "bare", configuration, port=bare))
        configuration = shipped_configuration(folder / "shipped", port=shipped, tree=tree, behind=site.port)
        second = stack.enter_context(running_nginx(folder / "shipped", configuration, port=shipped))
    finally:
        os.sched_setaffinity(0, own_core)
    return [
        Contender("nginx", bare, first.pid),
        Contender("front", site.port, site.process.pid),
        Contender("shipped nginx", shipped, second.pid),
    ]


def exported(data: Path, port: int, tree: Path) -> None:
    """Write the published documents of the running site as files."""
    command = [sys.executable, str(ROOT / "manage.py"), "publish", "--to", str(tree)]
    environment = command_environment(data, port)
    subprocess.run(command, env=environment, check=True, capture_output=True)


def own_headers(port: int) -> list[tuple[str, str]]:
    """Return the headers the front sends beyond those nginx makes itself, so that both send the same."""
    made_by_nginx = {"content-type", "content-length", "etag", "last-modified", "server", "date", "connection"}
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
        return [(name, value) for name, value in answer.headers.items() if name.lower() not in made_by_nginx]


def one_round(contenders: list[Contender], case: str, *, slices: int) -> dict[str, Run]:
    """Load the servers in turn, each for a second, forth and back, and return for each what it did altogether."""
    told = {one.name: Run() for one in contenders}
    for number in range(slices):
        for one in contenders if number % 2 else reversed(contenders):
            told[one.name] += loaded(one, case)
    return told


def loaded(contender: Contender, case: str) -> Run:
    """Load a server with one kind of request for a second."""
    path = "/api/v2/summary.json" if case == "json" else "/"
    headers = {
        "html": [],
        "html br": ["Accept-Encoding: br"],
        "304": [f"If-None-Match: {contender.etag(path)}"],
        "json": [],
    }[case]
    given = [argument for header in headers for argument in ("-H", header)]
    target = f"http://127.0.0.1:{contender.port}{path}"
    load = [str(find_wrk()), "-t1", f"-c{CONNECTIONS}", "-d1s", *given, target]
    before = contender.seconds()
    done = subprocess.run(
        ["taskset", "-c", str(CORE_OF_LOAD), *load], check=True, capture_output=True, text=True
    ).stdout
    spent = contender.seconds() - before
    found = re.search(r"(\d+) requests in ([\d.]+)s", done)
    if found is None or ("Non-2xx" in done and case != "304"):
        raise AssertionError(f"{contender.name}, {case}: {done}")
    return Run(computed=spent, requests=int(found.group(1)), seconds=float(found.group(2)))
