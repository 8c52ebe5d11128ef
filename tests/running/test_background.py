"""Worker and schedule as threads of the web process."""

import time
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from celery.worker import state

from incidents.notifications.stopping import start_delivering
from statuspage.embedded import background
from statuspage.embedded.background import SECONDS_TO_DRAIN, Background

SECONDS_TO_HAPPEN = 60


@pytest.fixture
def told_to_go_on() -> Iterator[None]:
    """What a stop tells the whole process is taken back."""
    yield
    start_delivering()
    state.should_stop = None


def test_a_stop_does_not_wait_for_a_worker_that_is_still_being_made(
    monkeypatch: pytest.MonkeyPatch, told_to_go_on: None
) -> None:
    being_made, may_go_on, has_begun = Event(), Event(), Event()

    class SlowlyMade:
        """Celery's worker on a busy machine: it reads half of all modules while it is made."""

        def __init__(self, **_options: Any) -> None:
            being_made.set()
            may_go_on.wait(SECONDS_TO_HAPPEN)

        def start(self) -> None:
            has_begun.set()

    monkeypatch.setattr(background, "WorkController", SlowlyMade)
    both = Background()
    both.worker.start()
    assert being_made.wait(SECONDS_TO_HAPPEN)
    began = time.monotonic()
    both.stop()
    took = time.monotonic() - began
    may_go_on.set()
    both.worker.join(SECONDS_TO_HAPPEN)
    assert took < SECONDS_TO_DRAIN / 2
    assert not both.worker.is_alive()
    assert not has_begun.is_set(), "nothing is begun after the stop"
