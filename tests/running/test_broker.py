"""A broker that is gone or frozen holds up nobody: rings are best effort."""

import socket
import time
from collections.abc import Iterator

import pytest
from redis.exceptions import OutOfMemoryError

from incidents.notifications.doorbell import FAN_OUT, ring
from statuspage.celery import app
from tests.servers.finding import free_port
from tests.servers.worker import ring_at


@pytest.fixture(autouse=True)
def usual_broker() -> Iterator[None]:
    before = app.conf.broker_url
    yield
    ring_at(before)


def test_a_broker_that_is_gone_is_noticed_at_once() -> None:
    ring_at(f"redis://127.0.0.1:{free_port()}/0")
    started_at = time.monotonic()
    assert ring(FAN_OUT, event_id=1) is False
    assert time.monotonic() - started_at < 2.5


def test_a_frozen_broker_is_given_up_after_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        ring_at(f"redis://127.0.0.1:{frozen.getsockname()[1]}/0")
        started_at = time.monotonic()
        assert ring(FAN_OUT, event_id=1) is False
        assert time.monotonic() - started_at < 5


def test_a_broker_without_memory_does_not_end_a_worker() -> None:
    ring_at("redis://127.0.0.1:1/0")
    assert OutOfMemoryError in app.connection_for_read().connection_errors
