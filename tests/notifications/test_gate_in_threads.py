"""A gate asked and told by several threads of one process: none waits for ever."""

import threading
import time
from typing import Any

import pytest
from django.db import connection

from incidents.notifications import breaker
from incidents.notifications.channels.answers import ENVELOPE, Answer, failure_of
from incidents.notifications.outcomes import Outcome
from tests.build import NOON

SLOWER = failure_of(Answer(421, "4.7.0 Slow down", ENVELOPE))


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_who_asks_and_who_notes_never_wait_for_each_other(settings: Any) -> None:
    settings.SEND_LEAST_PER_SECOND = 50
    until = time.monotonic() + 2

    def note_and_ask() -> None:
        while time.monotonic() < until:
            breaker.note("email", [Outcome(1, 1, 1, NOON, "", SLOWER), Outcome(1, 1, 1, NOON, "250 OK", None)])
            breaker.gate("email").may_begin()
        connection.close()

    threads = [threading.Thread(target=note_and_ask, daemon=True) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
