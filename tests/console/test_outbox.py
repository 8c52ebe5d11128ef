"""Outbox, subscribers and history: what was told to whom, and who did what."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.notifications.models import Delivery
from incidents.timeline.models import Component, Event, Page
from tests.build import make_incident, make_page, make_subscriber

MAIL = b"""Subject: Identified: API\r
From: status@example.com\r
To: sam@example.com\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary="b"\r
\r
--b\r
Content-Type: text/plain; charset="utf-8"\r
\r
Plain words.\r
--b\r
Content-Type: text/html; charset="utf-8"\r
\r
<style>p { color: red }</style><p>Rich words.</p><script>alert(1)</script>\r
--b--\r
"""


@pytest.fixture
def delivery(page: Page, tmp_path: Path, settings: Any) -> Delivery:
    settings.KEPT_MAIL_DIR = tmp_path
    incident = make_incident(page, at=now())
    subscriber = make_subscriber(page)
    delivery = Delivery.objects.create(
        page=page,
        event=Event.objects.get(kind="incident.opened"),
        incident=incident,
        subscriber=subscriber,
        kind="incident_opened",
        address=subscriber.address,
        message_id="<1@example.com>",
        state="sent",
        sent_at=now(),
    )
    (tmp_path / f"{delivery.pk}.eml").write_bytes(MAIL)
    return delivery


def test_the_outbox_lists_messages_in_words(ada: Client, delivery: Delivery) -> None:
    text = ada.get("/console/outbox").content.decode()
    assert "Incident opened: Elevated error rates on the API" in text
    assert "sam@example.com" in text


def test_a_kept_mail_is_shown_as_text_headers_and_in_a_frame(ada: Client, delivery: Delivery) -> None:
    text = ada.get(f"/console/outbox/{delivery.pk}").content.decode()
    assert "Plain words." in text
    assert "Identified: API" in text
    assert f'sandbox src="/console/outbox/{delivery.pk}/html"' in text
    assert "Rich words." not in text


def test_the_frame_can_run_nothing(ada: Client, delivery: Delivery) -> None:
    frame = ada.get(f"/console/outbox/{delivery.pk}/html")
    policy = frame["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script-src" not in policy
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in frame["Cache-Control"]


def test_a_mail_that_was_not_kept_says_so(ada: Client, delivery: Delivery, tmp_path: Path) -> None:
    (tmp_path / f"{delivery.pk}.eml").unlink()
    assert "no copy is kept here" in ada.get(f"/console/outbox/{delivery.pk}").content.decode()
    assert ada.get(f"/console/outbox/{delivery.pk}/html").status_code == 404


def test_messages_of_another_page_do_not_exist(ada: Client, delivery: Delivery) -> None:
    other = make_page(name="Other", host="other.example", at=delivery.page.created_at)
    ada.post("/console/page/choice", {"page": other.code})
    assert ada.get(f"/console/outbox/{delivery.pk}").status_code == 404
    assert ada.get(f"/console/outbox/{delivery.pk}/html").status_code == 404
    assert "sam@example.com" not in ada.get("/console/outbox").content.decode()


def test_history_tells_who_did_what(ada: Client, page: Page, api: Component) -> None:
    ada.post(f"/console/components/{api.code}/status", {"status": "major_outage"})
    make_incident(page, at=now())
    text = ada.get("/console/history").content.decode()
    assert "Component state set: Operational → Major outage" in text
    assert "Incident opened: Elevated error rates on the API" in text
    assert text.index("Incident opened") < text.index("Component state set")
    assert ">ada<" in text
