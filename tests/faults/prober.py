"""A prober outside the app: asks for every published address in turn, ten times a second, and keeps what it heard."""

import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

ALLOWED_SECONDS = 1.0
SECONDS_TO_ASK = 240
"""For every address, after the time meant for it, until it is given up."""


@dataclass
class Ledger:
    """What the prober heard."""

    answers: list[tuple[str, int]] = field(default_factory=list)
    """Path and status; 0 where nobody answered within a second."""
    slowest: float = 0.0
    """Seconds of the longest answer."""

    @property
    def failures(self) -> list[tuple[str, int]]:
        """Everything but 200 and 304."""
        return [one for one in self.answers if one[1] not in (200, 304)]

    def wait(self, seconds: float, paths: Sequence[str]) -> None:
        """Return when the seconds are over and each of the paths was asked for, on a slow machine a little later."""
        time.sleep(seconds)
        deadline = time.monotonic() + SECONDS_TO_ASK
        while set(paths) - {path for path, _ in list(self.answers)}:
            assert time.monotonic() < deadline, "the prober asks no more"
            time.sleep(0.1)

    def __str__(self) -> str:
        good = len(self.answers) - len(self.failures)
        share = 100 * good / len(self.answers) if self.answers else 0
        return f"{good} of {len(self.answers)} answered with 200 or 304 = {share:.3f} %, slowest {self.slowest:.3f} s"


@contextmanager
def probing(port: int, paths: Sequence[str], *, per_second: float = 10) -> Iterator[Ledger]:
    """Probe while the block runs."""
    ledger, stopping = Ledger(), threading.Event()
    etags: dict[str, str] = {}

    def probe() -> None:
        number = 0
        while not stopping.is_set():
            path = paths[number % len(paths)]
            # Every second round is a reader who has the page already.
            known = etags.get(path) if number // len(paths) % 2 else None
            began = time.monotonic()
            ledger.answers.append((path, ask(port, path, known, etags)))
            ledger.slowest = max(ledger.slowest, time.monotonic() - began)
            number += 1
            stopping.wait(1 / per_second)

    thread = threading.Thread(target=probe, daemon=True)
    thread.start()
    try:
        yield ledger
    finally:
        stopping.set()
        thread.join()


def ask(port: int, path: str, known: str | None, etags: dict[str, str]) -> int:
    """Return the status of one request, 0 for none within a second."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ALLOWED_SECONDS)
    try:
        connection.request("GET", path, headers={"If-None-Match": known} if known else {})
        answer = connection.getresponse()
        answer.read()
        etags[path] = answer.headers.get("ETag", "")
        return answer.status
    except OSError:
        return 0
    finally:
        connection.close()


def wait_for_answer(port: int, path: str, seconds: float) -> float:
    """Return after how many seconds a path answered 200. Raises AssertionError where it did not."""
    began = time.monotonic()
    while ask(port, path, None, {}) != 200:
        if time.monotonic() - began > seconds:
            raise AssertionError(f"{path} did not answer within {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - began
