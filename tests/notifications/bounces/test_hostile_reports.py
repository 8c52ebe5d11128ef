"""Returned mail made to break its reader: parsed safely or set aside, and never a reason to drop anybody."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some

from incidents.notifications.bounces.reports import READ_LIMIT, ReportKind, read_report
from incidents.notifications.bounces.taking import PARKED_LIMIT, take_mail
from incidents.notifications.mail.return_path import return_address
from incidents.notifications.models import Delivery, DeliveryState, Taken
from incidents.subscriptions.models import Subscriber
from tests.build import NOON
from tests.notifications.bounces.messages import dsn


def nested(depth: int, kind: str) -> bytes:
    levels = []
    for level in range(depth):
        boundary = f'; boundary="b{level}"' if kind.startswith("multipart") else ""
        levels.append(f"Content-Type: {kind}{boundary}\r\n\r\n" + (f"--b{level}\r\n" if boundary else ""))
    return "".join(levels).encode() + dsn("bounces@status.example.com")


@pytest.fixture
def parking(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "returned-mail"


@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "multipart/report"])
@pytest.mark.parametrize("depth", [50, 5_000])
def test_deep_nesting_is_read_or_set_aside_at_once(kind: str, depth: int) -> None:
    started = time.thread_time()
    assert read_report(nested(depth, kind)).kind in {ReportKind.OTHER, ReportKind.UNREADABLE}
    assert time.thread_time() - started < 2


@pytest.mark.django_db
def test_a_report_with_ten_megabytes_behind_it_counts_as_usual(delivery: Delivery) -> None:
    raw = dsn(return_address(delivery.pk)) + b"x" * 10_000_000
    assert take_mail(raw, at=NOON) == Taken.BOUNCED
    assert not Subscriber.objects.get().is_active


@pytest.mark.django_db
def test_a_report_behind_ten_megabytes_is_not_waited_for(delivery: Delivery) -> None:
    report = dsn(return_address(delivery.pk))
    head, _, rest = report.partition(b"I'm sorry")
    assert take_mail(head + b"x" * 10_000_000 + rest, at=NOON) == Taken.AUTOMATIC
    assert Subscriber.objects.get().is_active


@pytest.mark.django_db
def test_octets_that_are_no_utf_8_do_no_harm(delivery: Delivery) -> None:
    raw = dsn(return_address(delivery.pk), diagnostic="smtp; 550 5.1.1 PLACE").replace(b"PLACE", b"\xff\xfe\xe4 \x00")
    assert take_mail(raw, at=NOON) == Taken.BOUNCED
    delivery.refresh_from_db()
    assert "\x00" not in delivery.last_answer
    assert delivery.state == DeliveryState.BOUNCED


@pytest.mark.django_db
def test_what_nobody_can_read_is_set_aside_for_a_person(delivery: Delivery, parking: Path) -> None:
    raw = nested(200, "multipart/mixed")
    assert take_mail(raw, at=NOON) == Taken.PARKED
    assert take_mail(raw, at=NOON) == Taken.PARKED
    (kept,) = parking.iterdir()
    assert kept.read_bytes() == raw[:READ_LIMIT]
    assert parking.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_no_more_is_set_aside_than_a_person_can_look_at(bounce_address: str, parking: Path) -> None:
    parking.mkdir()
    for number in range(PARKED_LIMIT):
        (parking / f"{number}.eml").touch()
    assert take_mail(b"Subject: hello\r\n\r\nx", at=NOON) == Taken.PARKED
    assert len(list(parking.iterdir())) == PARKED_LIMIT


@given(some.binary(max_size=2_000))
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_octets_are_read_without_an_error(raw: bytes) -> None:
    assert read_report(raw).kind in set(ReportKind)


@given(some.integers(0, 1_600), some.integers(1, 40), some.binary(max_size=30))
@hypothesis_settings(max_examples=150, deadline=None)
def test_a_damaged_report_is_read_without_an_error(place: int, length: int, instead: bytes) -> None:
    raw = dsn("bounces@status.example.com")
    assert read_report(raw[:place] + instead + raw[place + length :]).kind in set(ReportKind)
