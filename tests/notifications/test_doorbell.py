"""The doorbell: a dead or frozen broker is somebody else's trouble, within a second and a half."""

import socket
import time
from collections.abc import Iterator

import pytest

from incidents.notifications import doorbell
from incidents.notifications.doorbell import FAN_OUT, ring
from statuspage.celery import app
from tests.servers.finding import free_port
from tests.servers.worker import ring_at


@pytest.fixture
def usual_broker() -> Iterator[None]:
    usual = app.conf.broker_url
    yield
    ring_at(usual)


def seconds_to_ring(broker_url: str, *, times: int = 1) -> float:
    ring_at(broker_url)
    began = time.monotonic()
    assert [ring(FAN_OUT, event_id=number) for number in range(times)] == [False] * times
    return time.monotonic() - began


def seconds_at_frozen(*, times: int = 1) -> float:
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        return seconds_to_ring(f"redis://127.0.0.1:{frozen.getsockname()[1]}/0", times=times)


# Of each the quickest of three: a busy machine only ever adds, and the first in a process imports the driver.


def test_a_broker_that_is_not_there_costs_no_time(usual_broker: None) -> None:
    assert min(seconds_to_ring(f"redis://127.0.0.1:{free_port()}/0") for _ in range(3)) < 1


def test_a_frozen_broker_costs_little_time(usual_broker: None) -> None:
    assert min(seconds_at_frozen() for _ in range(3)) < 1.5


def test_many_rings_wait_for_a_frozen_broker_no_longer_than_one(usual_broker: None) -> None:
    assert min(seconds_at_frozen(times=9) for _ in range(3)) < 2


def test_a_broker_that_was_silent_is_rung_again_after_its_rest(
    usual_broker: None, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = 3
    monkeypatch.setitem(doorbell._resting, valkey_url, time.monotonic() + rest)
    ring_at(valkey_url)
    assert ring(FAN_OUT, event_id=0) is False
    time.sleep(rest)
    assert ring(FAN_OUT, event_id=0) is True


def test_a_living_broker_takes_the_ring(usual_broker: None, valkey_url: str) -> None:
    ring_at(valkey_url)
    assert ring(FAN_OUT, event_id=0) is True
