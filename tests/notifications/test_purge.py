"""Finished deliveries go after a while; nothing is told again for it."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from incidents.lib.clock import now
from incidents.notifications import purging
from incidents.notifications.fanout import fan_out
from incidents.notifications.models import Delivery, FanOut
from incidents.notifications.purging import purge
from incidents.notifications.sweeping import sweep
from tests.build import make_page
from tests.notifications.delivered import leave, told

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def aged(days: int) -> None:
    Delivery.objects.update(created_at=F("created_at") - timedelta(days=days))


def test_what_is_finished_goes_after_thirty_days_and_what_waits_stays() -> None:
    _incident, event = told(make_page(), readers=8)
    states = ["sent", "bounced", "failed", "superseded", "suppressed", "queued", "retrying", "held"]
    leave(event, *states)
    aged(29)
    assert purge(at=now()) == 0
    aged(2)
    assert purge(at=now()) == 5
    assert set(Delivery.objects.values_list("state", flat=True)) == {"queued", "retrying", "held"}


def test_kept_mails_go_with_the_rows_of_their_readers(settings: Any, tmp_path: Path) -> None:
    settings.KEPT_MAIL_DIR = tmp_path
    for name, days in (("1.eml", 31), (".draft-x", 31), ("2.eml", 29)):
        file = tmp_path / name
        file.write_text("To: sam@example.com")
        moment = (now() - timedelta(days=days)).timestamp()
        os.utime(file, (moment, moment))
    purge(at=now())
    assert [file.name for file in tmp_path.iterdir()] == ["2.eml"]


def test_a_purge_never_tells_anybody_again() -> None:
    _incident, event = told(make_page())
    leave(event, *["sent"] * 4)
    aged(31)
    purge(at=now())
    sweep()
    assert fan_out(event_id=event.pk) == 4
    assert not Delivery.objects.exists()
    assert FanOut.objects.get().recipients == 4


def test_it_goes_in_bounded_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    _incident, event = told(make_page(), readers=7)
    leave(event, *["sent"] * 7)
    aged(31)
    monkeypatch.setattr(purging, "BATCH", 3)
    monkeypatch.setattr(purging, "BATCHES_AT_ONCE", 2)
    assert purge(at=now()) == 6
    assert purge(at=now()) == 1


def test_how_long_they_stay_is_a_setting(settings: Any) -> None:
    settings.DELIVERY_DAYS = 2
    _incident, event = told(make_page())
    leave(event, *["sent"] * 4)
    aged(3)
    assert purge(at=now()) == 4


def test_a_digest_and_its_members_go_too() -> None:
    _incident, event = told(make_page(), readers=2)
    rows = leave(event, "superseded", "sent")
    rows[0].digest = rows[1]
    rows[0].save()
    aged(31)
    assert purge(at=now()) == 2
