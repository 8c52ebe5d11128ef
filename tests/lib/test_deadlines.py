"""Deadlines: one thread acts for everybody whose time is up."""

import threading

from incidents.lib.deadlines import Watch, watch

SECONDS_TO_ACT = 30
"""Until it is given up."""


def test_what_takes_too_long_is_acted_on() -> None:
    acted = threading.Event()
    with Watch().after(0.05, acted.set):
        assert acted.wait(SECONDS_TO_ACT)


def test_what_is_done_in_time_is_left_alone() -> None:
    acted = threading.Event()
    watch, after = Watch(), threading.Event()
    with watch.after(1, acted.set):
        pass
    with watch.after(1.1, after.set):
        assert after.wait(SECONDS_TO_ACT)
    assert not acted.is_set()


def test_an_earlier_deadline_set_later_comes_first() -> None:
    late, early = threading.Event(), threading.Event()
    watch = Watch()
    with watch.after(2, late.set):
        with watch.after(0.05, early.set):
            assert early.wait(SECONDS_TO_ACT)
            assert not late.is_set()
        assert late.wait(SECONDS_TO_ACT)


def test_a_process_has_one_watch() -> None:
    assert watch() is watch()
