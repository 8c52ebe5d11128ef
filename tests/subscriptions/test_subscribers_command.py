"""`manage.py subscribers`: the console's deeds for scripts."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.notifications.models import Delivery
from incidents.subscriptions.models import Subscriber, SubscriberImport
from incidents.subscriptions.suppression.keeping import is_suppressed
from tests.build import make_page, make_subscriber

pytestmark = pytest.mark.django_db


def test_somebody_is_invited_added_paused_removed_and_erased() -> None:
    page = make_page()
    call_command("subscribers", "add", "new@example.com")
    assert Delivery.objects.get().kind == "confirm"
    call_command("subscribers", "add", "sam@example.com", "--evidence", "form of May")
    sam = Subscriber.objects.get(address="sam@example.com")
    for deed in ("pause", "resume", "remove", "erase"):
        call_command("subscribers", deed, "Sam@example.com")
    assert not Subscriber.objects.filter(pk=sam.pk).exists()
    assert is_suppressed(page=page, channel="email", address_key="sam@example.com")
    with pytest.raises(CommandError, match="only its owner can come back"):
        call_command("subscribers", "add", "sam@example.com", "--evidence", "x")


def test_an_address_that_is_not_there_can_be_kept_out() -> None:
    page = make_page()
    call_command("subscribers", "erase", "stranger@example.com")
    assert is_suppressed(page=page, channel="email", address_key="stranger@example.com")


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(CommandError, match="There is no such page"):
        call_command("subscribers", "list")
    make_page()
    for arguments in (["remove", "sam@example.com"], ["add", "a@b"], ["add", "x", "--channel", "pigeon"]):
        with pytest.raises(CommandError):
            call_command("subscribers", *arguments)
    with pytest.raises(CommandError, match="No such file"):
        call_command("subscribers", "import", "/nowhere.csv", "--evidence", "x")
    assert not Subscriber.objects.exists()


def test_a_list_is_looked_at_taken_over_and_written_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = make_page()
    make_subscriber(page, email="old@example.com")
    file = tmp_path / "list.csv"
    file.write_text("email\nold@example.com\nnew@example.com\nbad\n")
    call_command("subscribers", "import", str(file), "--evidence", "form", "--dry-run")
    assert "1 new, 1 already there, 1 invalid; no mail is sent" in capsys.readouterr().out
    assert (Subscriber.objects.count(), SubscriberImport.objects.count()) == (1, 0)
    call_command("subscribers", "import", str(file), "--evidence", "form")
    assert "1 added" in capsys.readouterr().out
    call_command("subscribers", "list", "--state", "active")
    assert "active\temail\tnew@example.com" in capsys.readouterr().out
    call_command("subscribers", "export", "--to", str(tmp_path / "out.csv"))
    assert "new@example.com" in (tmp_path / "out.csv").read_text("utf-8-sig")
    assert page.events.filter(kind="subscribers.exported").count() == 1
