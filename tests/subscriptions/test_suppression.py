"""Who left is not mailed again, whatever happens to the database: the journal is applied to a restored one."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from incidents.notifications.models import Alarm, Delivery
from incidents.subscriptions.choices import ConsentAct, SubscriberState, Suppressing
from incidents.subscriptions.events import journal_failed
from incidents.subscriptions.models import (
    ConsentRecord,
    JournalFile,
    Subscriber,
    SubscriptionRequest,
    Suppression,
)
from incidents.subscriptions.recipients import recipients
from incidents.subscriptions.suppression.catching_up import catch_up, read_again
from incidents.subscriptions.suppression.journal import Line, digest_of
from incidents.subscriptions.suppression.keeping import is_suppressed, own_journal, unwritten, write_what_is_missing
from incidents.subscriptions.tidying import tidy
from incidents.timeline.models import Page
from tests.build import NOON, ask, make_page, make_subscriber, make_subscribers, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


class Rewound(Exception):
    """Takes the transaction back."""


@contextmanager
def rewound() -> Iterator[None]:
    """Put the database back afterwards to what it was before, as a restore does; the journal stays."""
    try:
        with transaction.atomic():
            yield
            raise Rewound
    except Rewound:
        pass


def knows(page: Page, address: str) -> bool:
    return is_suppressed(page=page, channel="email", address_key=address)


def leave_and_restore(*subscribers: Subscriber) -> None:
    """Let people leave, then restore the database from before."""
    catch_up(at=NOON)
    with rewound():
        for subscriber in subscribers:
            subscriber.leave(at=NOON)
    for subscriber in subscribers:
        subscriber.refresh_from_db()


def test_a_leave_is_in_the_file_and_in_the_database(settings: Any) -> None:
    subscriber = make_subscriber(make_page())
    subscriber.leave(at=NOON)
    assert subscriber.code in Path(settings.SUPPRESSION_JOURNAL).read_text()
    assert Suppression.objects.get().kind == Suppressing.LEFT
    assert knows(subscriber.page, "sam@example.com")
    assert not knows(subscriber.page, "else@example.com")


def test_who_left_after_the_backup_is_not_told_after_the_restore() -> None:
    page = make_page()
    gone = [make_subscriber(page, email=f"gone{number}@example.com") for number in range(5)]
    make_subscriber(page, email="stays@example.com")
    leave_and_restore(*gone)
    assert recipients(page=page).count() == 6
    assert catch_up(at=NOON + minutes(5)).ended == 5
    assert recipients(page=page).count() == 1
    assert ConsentRecord.objects.filter(act=ConsentAct.RESTORED_LEAVE).count() == 5


def test_catching_up_twice_does_nothing_more(django_assert_max_num_queries: Any) -> None:
    page = make_page()
    leave_and_restore(make_subscriber(page))
    catch_up(at=NOON)
    with django_assert_max_num_queries(1):
        assert catch_up(at=NOON).lines == 0
    assert read_again(at=NOON).ended == 0


def test_an_address_the_restored_database_knows_under_another_code_is_found() -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    leave_and_restore(subscriber)
    Subscriber.objects.update(code="another12345")
    assert catch_up(at=NOON).ended == 1
    assert Subscriber.objects.get().state == SubscriberState.LEFT


def test_who_agreed_again_after_leaving_stays() -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    subscriber.leave(at=NOON)
    request = ask(page, at=NOON + minutes(20))
    SubscriptionRequest.confirm(request.token, at=NOON + minutes(21))
    assert not knows(page, "sam@example.com")
    Suppression.objects.all().delete()
    JournalFile.objects.all().delete()
    assert catch_up(at=NOON + minutes(30)).ended == 0
    assert recipients(page=page).count() == 1
    assert not knows(page, "sam@example.com")


def test_an_erased_person_is_erased_again_after_the_restore() -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    catch_up(at=NOON)
    with rewound():
        subscriber.erase(at=NOON)
    assert catch_up(at=NOON).ended == 1
    assert not Subscriber.objects.exists()
    assert knows(page, "sam@example.com")


def test_erasing_takes_the_address_out_of_everything() -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    delivery = Delivery.objects.create(
        page=page,
        event=page.events.order_by("pk").first(),
        subscriber=subscriber,
        kind="incident_opened",
        address=subscriber.address,
        message_id="x@testserver",
    )
    subscriber.erase(at=NOON)
    delivery.refresh_from_db()
    assert (delivery.address, delivery.subscriber, delivery.state) == ("", None, "suppressed")
    assert not Subscriber.objects.exists()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own tables
            assert "sam@example.com" not in repr(cursor.fetchall()), table


def test_the_journals_of_other_machines_count_too(settings: Any, tmp_path: Path) -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    settings.SUPPRESSION_JOURNAL = tmp_path / "suppression-web2.journal"
    leave_and_restore(subscriber)
    settings.SUPPRESSION_JOURNAL = tmp_path / "suppression-web1.journal"
    assert catch_up(at=NOON).ended == 1
    assert knows(page, "sam@example.com")


@pytest.fixture
def no_folder(settings: Any, tmp_path: Path) -> Path:
    """A journal whose folder cannot be made: a file is in the way."""
    in_the_way = tmp_path / "in-the-way"
    in_the_way.write_text("")
    settings.SUPPRESSION_JOURNAL = in_the_way / "suppression.journal"
    return in_the_way


def test_without_a_journal_leaving_counts_staff_are_told_and_the_line_comes_later(
    no_folder: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    def tell(*, reason: str, **_signal: Any) -> None:
        told.append(reason)

    journal_failed.connect(tell, weak=False, dispatch_uid="test")
    page = make_page()
    subscriber = make_subscriber(page)
    with caplog.at_level(logging.CRITICAL):
        subscriber.leave(at=NOON)
    journal_failed.disconnect(dispatch_uid="test")
    assert subscriber.state == SubscriberState.LEFT
    assert knows(page, "sam@example.com")
    assert len(told) == 1
    assert "suppression.journal: " in told[0]
    assert told[0] in caplog.text
    assert unwritten() == 1
    assert Alarm.objects.get(over_at=None).path == "/console/subscribers"
    with pytest.raises(CommandError, match="1 leaves are in the database only"):
        call_command("suppressions")
    no_folder.unlink()
    assert tidy(at=NOON).unwritten == 0
    assert not Alarm.objects.filter(over_at=None).exists()
    assert subscriber.code in settings.SUPPRESSION_JOURNAL.read_text()
    assert write_what_is_missing() == 0


def test_the_command_applies_the_journal(capsys: pytest.CaptureFixture[str]) -> None:
    page = make_page()
    leave_and_restore(make_subscriber(page))
    call_command("suppressions", "--apply")
    assert "1 subscriptions ended" in capsys.readouterr().out
    assert recipients(page=page).count() == 0


def test_who_complained_is_never_mailed_again() -> None:
    page = make_page()
    subscriber = make_subscriber(page)
    subscriber.complain(at=NOON)
    before = Delivery.objects.count()
    ask(page, at=NOON + minutes(60))
    assert Delivery.objects.count() == before
    assert Subscriber.objects.get().state == SubscriberState.LEFT


def test_a_thousand_lines_are_applied_to_a_restored_database() -> None:
    page = make_page()
    make_subscribers(page, 1_000)
    for subscriber in Subscriber.objects.select_related("page"):
        salt = own_journal().salt()
        digest = digest_of(salt, channel="email", address_key=subscriber.address_key)
        own_journal().append(Line(NOON, Suppressing.LEFT, page.code, "email", salt, digest, subscriber.code))
    assert catch_up(at=NOON).ended == 1_000
    assert recipients(page=page).count() == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_one_record() -> None:
    subscriber = make_subscriber(make_page())

    def leave() -> None:
        Subscriber.objects.get(pk=subscriber.pk).leave(at=NOON)
        connection.close()

    threads = [threading.Thread(target=leave) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ConsentRecord.objects.filter(act=ConsentAct.LEFT).count() == 1
