"""Staff hear of what is wrong by every way that may still work."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from incidents.lib.clock import now
from incidents.notifications.alarms import end_alarm, post_alarms, raise_alarm
from incidents.notifications.models import Alarm, Delivery
from incidents.notifications.watch import purge_task, watch_task
from tests.build import NOON, make_outsider, make_page, make_staff

pytestmark = pytest.mark.django_db


class Hook(HTTPServer):
    """Takes what is posted, and answers with `status`."""

    status = 200

    def __init__(self) -> None:
        self.texts: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.texts.append(json.loads(body)["text"])
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_parts: Any) -> None:
        """Say nothing."""


@pytest.fixture
def hook(settings: Any) -> Iterator[Hook]:
    server = Hook()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ALARM_URL = f"http://127.0.0.1:{server.server_port}/alarm"
    settings.OUTBOUND_ALLOWED_ADDRESSES = ["127.0.0.1"]
    settings.SITE_URL = "https://status.example.com"
    yield server
    server.shutdown()
    server.server_close()


def alarm(key: str = "x") -> Alarm | None:
    return raise_alarm(key=key, sentence="Email is paused.", fix="Correct EMAIL_URL.", path="/console/x", at=now())


def test_an_alarm_is_posted_once(hook: Hook) -> None:
    alarm()
    assert post_alarms(at=now()) == 1
    assert post_alarms(at=now()) == 0
    assert hook.texts == ["Email is paused.\nCorrect EMAIL_URL.\nhttps://status.example.com/console/x"]


def test_a_hook_that_refuses_is_tried_again_for_a_day(hook: Hook) -> None:
    alarm()
    hook.status = 500
    assert post_alarms(at=now()) == 0
    hook.status = 200
    assert post_alarms(at=now() + timedelta(hours=25)) == 0
    assert post_alarms(at=now()) == 1


def test_a_hook_nobody_answers_at_raises_nothing(settings: Any) -> None:
    settings.ALARM_URL = "http://127.0.0.1:9/none"
    alarm()
    assert post_alarms(at=now()) == 0


def test_the_same_matter_is_raised_once_until_it_is_over() -> None:
    make_page()
    make_staff()
    make_outsider()
    assert alarm() is not None
    assert alarm() is None
    assert [row.address for row in Delivery.objects.all()] == ["ada@example.com"]
    assert end_alarm("x", at=NOON)
    assert not end_alarm("x", at=NOON)
    assert alarm() is not None
    assert Alarm.objects.count() == 2


def test_an_alarm_is_kept_where_there_is_no_page_and_no_staff() -> None:
    assert alarm() is not None
    assert not Delivery.objects.exists()


def test_the_watch_and_the_purge_run_on_nothing() -> None:
    watch_task()
    purge_task()
    assert not Alarm.objects.exists()
