"""Turns: on SQLite one process sends at a time, and a turn that was broken off is noticed at once."""

import os
import signal
import time
from pathlib import Path

import pytest
from django.db import connection

from incidents.notifications.delivering import deliver_batch
from incidents.notifications.models import Delivery, Lane
from incidents.notifications.turns import turn, was_broken_off
from tests.build import make_page
from tests.notifications.delivered import told
from tests.servers.mail import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FIRST_TRIES = [Lane.CONSENT, Lane.NEWS]


@pytest.fixture
def one_at_a_time() -> bool:
    """Whether the database of this run has one writer."""
    return connection.vendor == "sqlite"


def kill_in_the_middle_of_a_turn() -> None:
    """Let a process end by SIGKILL while it sends."""
    heard, says = os.pipe()
    process = os.fork()
    if not process:
        with turn(FIRST_TRIES):
            os.write(says, b".")
            time.sleep(60)
        os._exit(0)
    os.read(heard, 1)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(heard)
    os.close(says)


def test_while_somebody_sends_nobody_else_does_on_sqlite(use_smtp_server: MailServer, one_at_a_time: bool) -> None:
    told(make_page(), readers=3)
    with turn(FIRST_TRIES) as is_had:
        assert is_had
        assert deliver_batch(lanes=FIRST_TRIES) == (0 if one_at_a_time else 3)
    deliver_batch(lanes=FIRST_TRIES)
    assert len(use_smtp_server.received) == 3


def test_second_tries_keep_no_news_waiting(use_smtp_server: MailServer) -> None:
    told(make_page(), readers=3)
    with turn([Lane.RETRY]):
        assert deliver_batch(lanes=FIRST_TRIES) == 3


def test_news_keeps_no_second_tries_waiting(use_smtp_server: MailServer) -> None:
    told(make_page(), readers=3)
    Delivery.objects.update(lane=Lane.RETRY)
    with turn(FIRST_TRIES):
        assert deliver_batch(lanes=[Lane.RETRY]) == 3


def test_a_turn_that_ended_in_order_is_none_that_was_broken_off() -> None:
    with turn(FIRST_TRIES):
        assert not was_broken_off()
    assert not was_broken_off()


def test_a_turn_whose_process_was_killed_is_told_of_once(use_smtp_server: MailServer, one_at_a_time: bool) -> None:
    kill_in_the_middle_of_a_turn()
    assert was_broken_off() == one_at_a_time
    assert not was_broken_off()
    told(make_page(), readers=3)
    assert deliver_batch(lanes=FIRST_TRIES) == 3


def test_whoever_sends_next_needs_no_notice_of_it(use_smtp_server: MailServer) -> None:
    kill_in_the_middle_of_a_turn()
    told(make_page(), readers=3)
    assert deliver_batch() == 3
    assert not was_broken_off()


def test_where_the_file_cannot_be_opened_mail_goes_out_without_turns(
    use_smtp_server: MailServer, one_at_a_time: bool
) -> None:
    told(make_page(), readers=3)
    if not one_at_a_time:
        assert deliver_batch() == 3
        return
    file = Path(f"{connection.settings_dict['NAME']}.news.lock")
    file.unlink(missing_ok=True)
    file.mkdir()
    try:
        assert deliver_batch() == 3
        assert not was_broken_off()
    finally:
        file.rmdir()
