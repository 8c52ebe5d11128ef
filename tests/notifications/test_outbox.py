"""The outbox: without a relay mail is kept, and can be read."""

from typing import Any

import pytest

from incidents.notifications.delivering import deliver_batch
from incidents.notifications.models import Delivery
from incidents.notifications.outbox import kept_mail
from tests.build import ask, make_page

pytestmark = pytest.mark.django_db


def test_a_mail_is_kept_and_read_back(settings: Any, tmp_path: Any) -> None:
    settings.MAIL_IS_KEPT, settings.KEPT_MAIL_DIR = True, tmp_path / "mail"
    ask(make_page(name="Äcme"), email="jörg@exämple.com")
    assert deliver_batch() == 1
    delivery = Delivery.objects.get()
    assert delivery.state == "sent"
    assert "no relay is set (EMAIL_URL)" in delivery.last_answer
    kept = kept_mail(delivery)
    assert kept is not None
    assert kept.subject == "Confirm your subscription to Äcme status"
    assert ("Message-ID", f"<{delivery.message_id}>") in kept.headers
    assert "/subscribe/confirm/" in kept.text
    assert kept.html.startswith("<!doctype html>")
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


def test_a_mail_that_was_not_kept_is_none(settings: Any, tmp_path: Any) -> None:
    settings.KEPT_MAIL_DIR = tmp_path
    ask(make_page())
    assert kept_mail(Delivery.objects.get()) is None


def test_a_folder_that_cannot_be_written_puts_mail_off(settings: Any, tmp_path: Any) -> None:
    settings.MAIL_IS_KEPT, settings.KEPT_MAIL_DIR = True, tmp_path / "mail"
    ask(make_page())
    # A folder stands where the message is to be written, so that it can be kept by nobody, root included.
    (tmp_path / "mail" / f"{Delivery.objects.get().pk}.eml" / "x").mkdir(parents=True)
    deliver_batch()
    assert Delivery.objects.get().state == "retrying"
    assert "cannot be written" in Delivery.objects.get().last_answer
