"""Liveness: a worker that takes nothing from a broker that takes everything ends; every other one stays."""

import pytest

from statuspage.liveness import DEAF_AFTER, Liveness

NOON = 1_000.0


@pytest.fixture
def liveness() -> Liveness:
    found = Liveness()
    found.heard = NOON
    return found


def test_a_worker_that_hears_nothing_while_the_broker_takes_everything_is_deaf(liveness: Liveness) -> None:
    liveness.took_canaries(NOON, was_taken=True)
    assert not liveness.is_deaf(NOON + DEAF_AFTER, is_busy=False)
    assert liveness.is_deaf(NOON + DEAF_AFTER + 1, is_busy=False)


def test_a_worker_whose_broker_is_away_is_not(liveness: Liveness) -> None:
    liveness.took_canaries(NOON, was_taken=True)
    liveness.took_canaries(NOON + 10, was_taken=False)
    assert not liveness.is_deaf(NOON + 10 * DEAF_AFTER, is_busy=False)


def test_a_broker_that_came_back_is_given_the_whole_time_again(liveness: Liveness) -> None:
    liveness.took_canaries(NOON, was_taken=False)
    liveness.took_canaries(NOON + 600, was_taken=True)
    assert not liveness.is_deaf(NOON + 600 + DEAF_AFTER, is_busy=False)
    assert liveness.is_deaf(NOON + 601 + DEAF_AFTER, is_busy=False)


def test_a_worker_with_its_hands_full_is_not_deaf(liveness: Liveness) -> None:
    liveness.took_canaries(NOON, was_taken=True)
    assert not liveness.is_deaf(NOON + 600, is_busy=True)
    assert not liveness.is_deaf(NOON + 600 + DEAF_AFTER, is_busy=False)
    assert liveness.is_deaf(NOON + 601 + DEAF_AFTER, is_busy=False)


def test_any_task_shows_that_a_worker_hears(liveness: Liveness) -> None:
    liveness.took_canaries(NOON, was_taken=True)
    liveness.heard_task()
    assert liveness.heard != NOON
