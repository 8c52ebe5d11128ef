"""Deadlines: one thread acts for everybody whose time is up."""

import threading
import time

from incidents.lib.deadlines import Watch, watch


def test_what_takes_too_long_is_acted_on() -> None:
    acted = threading.Event()
    with Watch().after(0.05, acted.set):
        assert acted.wait(2)


def test_what_is_done_in_time_is_left_alone() -> None:
    acted = threading.Event()
    watch = Watch()
    with watch.after(0.05, acted.set):
        pass
    with watch.after(0.2, lambda: None):
        time.sleep(0.1)
    assert not acted.is_set()


def test_an_earlier_deadline_set_later_comes_first() -> None:
    order: list[str] = []
    watch = Watch()
    with watch.after(0.3, lambda: order.append("late")):
        with watch.after(0.05, lambda: order.append("early")):
            time.sleep(0.15)
        time.sleep(0.3)
    assert order == ["early", "late"]


def test_a_process_has_one_watch() -> None:
    assert watch() is watch()
