"""Two web servers with folders of their own on one PostgreSQL: each shows what was posted on the other."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg
import pytest

from incidents.publishing.library import Library
from tests.faults.prober import wait_for_answer
from tests.running.running import ROOT, command_environment
from tests.servers.finding import die_with_parent, free_port
from tests.servers.postgres import PostgresServer

POSTS = 20 if float(os.environ.get("FAULT_SECONDS", "8")) >= 60 else 5
ALLOWED_SECONDS = 1.0


@dataclass
class Node:
    """A machine: a folder, a web server, and a process that posts there."""

    folder: Path
    database_url: str
    port: int = field(default_factory=free_port)
    server: "subprocess.Popen[bytes] | None" = None

    @property
    def environment(self) -> dict[str, str]:
        return command_environment(
            self.folder,
            self.port,
            DATABASE_URL=self.database_url,
            # A broker that nobody runs: nothing of this needs one.
            BROKER_URL="redis://127.0.0.1:1/0",
            SECRET_KEY="the same on all nodes, as docs/settings.md says",
            SITE_URL="http://127.0.0.1",
            LOG_LEVEL="ERROR",
        )

    def start(self) -> None:
        """Start granian as deploy/systemd does, with one process."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self.port)]
        threads = ["--blocking-threads", "8", "--no-ws", "statuspage.wsgi:application"]
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [*command, *threads],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent(),
                process_group=0,
            )
        wait_for_answer(self.port, "/sitemap.xml", 240)

    def kill(self) -> None:
        """Kill the server and the child of it that answers, as a machine that dies takes both."""
        if self.server is not None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()

    def poster(self) -> "subprocess.Popen[str]":
        """Return a process of this machine that posts each line it is given."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.posting", "post-lines"],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent(),
        )

    def shows(self, text: str) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=20) as answer:
            return text in answer.read().decode()

    def documents(self) -> dict[str, str]:
        """Return the validator of each document in this machine's folder."""
        library = Library(self.folder / "published")
        return {one.path: one.etag for code in library.pages_on_disk() for one in library.store_of(code).everything()}


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Node]]:
    """Two machines that serve one published page with an open incident."""
    folder, database = tmp_path_factory.mktemp("nodes"), PostgresServer()
    with psycopg.connect(f"{database.url.rpartition('/')[0]}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE statuspage")
    both = [Node(folder / name, database.url) for name in ("a", "b")]
    for node in both:
        node.folder.mkdir()
    prepare = [sys.executable, "-m", "tests.faults.posting", "prepare"]
    subprocess.run(prepare, env=both[0].environment, cwd=ROOT, check=True, timeout=240)
    with ExitStack() as ending:
        ending.callback(database.stop)
        for node in both:
            ending.callback(node.kill)
            node.start()
        yield both


def told(poster: "subprocess.Popen[str]", text: str) -> None:
    say(poster, text)
    wait_until_posted(poster)


def say(poster: "subprocess.Popen[str]", text: str) -> None:
    assert poster.stdin is not None
    poster.stdin.write(f"{text}\n")
    poster.stdin.flush()


def wait_until_posted(poster: "subprocess.Popen[str]") -> None:
    assert poster.stdout is not None
    assert poster.stdout.readline() == "posted\n"


def seconds_until_shown(nodes: list[Node], text: str) -> list[float]:
    """Return for each node after how long it showed the text; asks until all do."""
    began = time.monotonic()
    seen: dict[int, float] = {}
    while len(seen) < len(nodes):
        for node in nodes:
            if node.port not in seen and node.shows(text):
                seen[node.port] = time.monotonic() - began
        assert time.monotonic() - began < 60, f"{text} is not shown"
        time.sleep(0.005)
    return [seen[node.port] for node in nodes]


def test_both_show_an_update_within_a_second_also_after_one_was_killed(nodes: list[Node]) -> None:
    first, second = nodes
    waits: list[tuple[float, float]] = []
    dice = Random(4)
    with first.poster() as a, second.poster() as b:
        posters = [a, b]
        for number in range(POSTS):
            time.sleep(dice.uniform(0.5, 2.5))
            here, there = (number % 2), (number + 1) % 2
            told(posters[here], f"Note number {number}.")
            seen = seconds_until_shown(nodes, f"Note number {number}.")
            waits.append((seen[here], seen[there]))
        same, other = (max(column) for column in zip(*waits, strict=True))
        print(f"{POSTS} posts: shown where it was posted after {same:.3f} s at most, on the other after {other:.3f} s")
        assert same < ALLOWED_SECONDS
        assert other < ALLOWED_SECONDS

        second.kill()
        told(a, "Posted while one was away.")
        second.start()
        (after,) = seconds_until_shown([second], "Posted while one was away.")
        print(f"killed and started: shows what it missed {after:.3f} s after its first answer")
        assert after < ALLOWED_SECONDS


def test_posts_at_the_same_moment_leave_both_with_the_same_documents(nodes: list[Node]) -> None:
    first, second = nodes
    with first.poster() as a, second.poster() as b:
        for number in range(5):
            for poster in (a, b):
                say(poster, f"Together {number}.")
            for poster in (a, b):
                wait_until_posted(poster)
    deadline = time.monotonic() + 60
    while first.documents() != second.documents() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert first.documents() == second.documents()
