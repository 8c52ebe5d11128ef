"""The mails of the flood stop, and letters to staff and owners, as they travel."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.db.models.functions import Now

from incidents.lib.clock import now
from incidents.notifications.alarms import raise_alarm
from incidents.notifications.delivering import deliver_batch
from incidents.notifications.fanout import fan_out
from incidents.notifications.flood import release
from incidents.notifications.models import Delivery, DeliveryState, MailKind
from incidents.notifications.writing import EDITION_LIMIT, Writer
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import Incident, Page
from tests.build import NOON, make_incident, make_page, make_staff, make_subscriber, make_subscribers, minutes
from tests.servers.mail import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(settings: Any) -> Page:
    settings.FLOOD_MAILS, settings.FLOOD_MINUTES = 1, 10
    page = make_page()
    make_subscriber(page)
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=Now())
    return page


def freeze(page: Page) -> None:
    fan_out(event_id=page.events.latest("seq").pk)
    Delivery.objects.filter(state=DeliveryState.QUEUED).update(state=DeliveryState.SENT, sent_at=Now())


def digest(page: Page, *, updates: int = 5, body: str = "Update number {}.") -> Delivery:
    """Return the digest of so many updates over twelve minutes, after the first was told at once."""
    incident = make_incident(page, title="Elevated error rates on the API")
    freeze(page)
    for number in range(updates):
        at = NOON + minutes(5 + 12 * number / (updates - 1))
        incident.post_update(body=body.format(number), by="test", at=at)
        freeze(page)
    Delivery.objects.filter(state=DeliveryState.HELD).update(next_try_at=Now())
    assert release() >= 1
    return Delivery.objects.filter(kind=MailKind.DIGEST)[0]


def written(delivery: Delivery) -> EmailMessage:
    content = Writer([delivery], at=now()).write(delivery).content
    return message_from_bytes(content, policy=policy.default)


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body(preferencelist=(kind,))  # type: ignore[arg-type]  # one kind is a fine list
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_a_digest_says_how_many_in_which_time(page: Page) -> None:
    assert written(digest(page))["Subject"] == "5 updates in 12 minutes: Elevated error rates on the API"


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_it_tells_all_of_them_newest_first(page: Page, kind: str) -> None:
    text = part(written(digest(page)), kind)
    places = [text.index(f"Update number {number}.") for number in (4, 3, 2, 1, 0)]
    assert places == sorted(places)
    assert "Some requests fail." not in text


def test_it_can_be_left_as_any_other_mail(page: Page) -> None:
    message = written(digest(page))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = part(message, "plain")
    assert "You follow everything" in text
    assert "Unsubscribe from all:" in text
    assert "There were many updates in a short time, so these come together." in text


def test_several_incidents_are_named(page: Page) -> None:
    make_incident(page, title="Search is slow")
    freeze(page)
    for title in ("Login fails", "Imports hang"):
        make_incident(page, title=title, at=NOON + minutes(2))
        freeze(page)
    Delivery.objects.filter(state=DeliveryState.HELD).update(next_try_at=Now())
    release()
    message = written(Delivery.objects.get(kind=MailKind.DIGEST))
    assert message["Subject"] == "2 updates in 1 minute: Imports hang, Login fails"
    assert "Investigating: Imports hang" in part(message, "plain")


def test_a_long_digest_stays_small_and_says_what_is_left_out(page: Page) -> None:
    delivery = digest(page, updates=20, body="Ünïcödé words that go on and on. " * 60 + "{}")
    content = Writer([delivery], at=now()).write(delivery).content
    assert len(content) < EDITION_LIMIT + 2_500
    assert "8 earlier updates are on the page." in part(message_from_bytes(content, policy=policy.default), "plain")


def test_many_readers_share_one_edition(page: Page, django_assert_max_num_queries: Any) -> None:
    make_subscribers(page, 20)
    digest(page)
    rows = list(Delivery.objects.filter(kind=MailKind.DIGEST).select_related("subscriber", "event"))
    assert len(rows) == 21
    with django_assert_max_num_queries(70):
        writer = Writer(rows, at=now())
        assert len({writer.write(row).content for row in rows}) == 21


def test_an_update_taken_back_after_the_digest_was_put_together_is_left_out(page: Page) -> None:
    delivery = digest(page)
    third = Incident.objects.get().updates.get(body="Update number 2.")
    third.remove(reason="Wrong", by="test", at=NOON + minutes(20))
    message = written(delivery)
    assert message["Subject"].startswith("4 updates")
    assert "Update number 2." not in part(message, "plain")


def two_incidents(page: Page) -> list[Incident]:
    """Return two incidents of which one digest tells, the newer carrying the other."""
    make_incident(page, title="Search is slow")
    freeze(page)
    incidents = []
    for number, title in enumerate(("Login fails", "Imports hang"), start=2):
        incidents.append(make_incident(page, title=title, at=NOON + minutes(number)))
        freeze(page)
    incidents[-1].post_update(body="Imports still hang.", by="test", at=NOON + minutes(4))
    freeze(page)
    Delivery.objects.filter(state=DeliveryState.HELD).update(next_try_at=Now())
    assert release() == 1
    return incidents


def sent_to_sam(server: MailServer) -> str:
    while deliver_batch():
        pass
    return "".join(mail.text() for mail in server.to("sam@example.com") if "come together" in mail.text())


@pytest.mark.both_databases
def test_the_rest_is_told_where_the_newest_was_taken_back(page: Page, use_smtp_server: MailServer) -> None:
    *_others, newest = two_incidents(page)
    newest.updates.get(body="Imports still hang.").remove(reason="Wrong", by="test", at=NOON + minutes(5))
    text = sent_to_sam(use_smtp_server)
    assert "Login fails" in text
    assert "Imports hang" in text
    assert "Imports still hang." not in text


@pytest.mark.both_databases
def test_the_rest_is_told_where_the_newest_incident_is_wanted_no_more(page: Page, use_smtp_server: MailServer) -> None:
    *_others, newest = two_incidents(page)
    Subscriber.objects.get().leave_incident(newest, at=NOON + minutes(5))
    while deliver_batch():
        pass
    (mail,) = use_smtp_server.to("sam@example.com")
    assert "Login fails" in mail.text()
    assert "Imports" not in mail.text()


@pytest.mark.both_databases
def test_nothing_is_told_where_nothing_of_it_is_wanted(page: Page, use_smtp_server: MailServer) -> None:
    for incident in two_incidents(page):
        Subscriber.objects.get().leave_incident(incident, at=NOON + minutes(5))
    while deliver_batch():
        pass
    assert use_smtp_server.to("sam@example.com") == []
    assert Delivery.objects.get(kind=MailKind.DIGEST).state == DeliveryState.SUPPRESSED


def test_a_digest_is_one_mail(page: Page, use_smtp_server: MailServer) -> None:
    digest(page)
    while deliver_batch():
        pass
    (mail,) = use_smtp_server.to("sam@example.com")
    assert "Update number 0." in mail.text()
    assert set(Delivery.objects.exclude(event=None).values_list("state", flat=True)) == {"sent", "superseded"}


def test_staff_are_mailed_of_an_alarm_with_the_fix(page: Page, use_smtp_server: MailServer, settings: Any) -> None:
    make_staff()
    settings.SITE_URL = "https://status.example.com"
    raise_alarm(key="x", sentence="Email is paused.", fix="Correct EMAIL_URL.", at=NOON, path="/console/deliveries")
    while deliver_batch():
        pass
    (mail,) = use_smtp_server.to("ada@example.com")
    assert mail.message["Subject"] == "Email is paused."
    assert "Correct EMAIL_URL." in mail.text()
    assert "Noticed on Nov 21, 2026 - 12:00 UTC." in mail.text()
    assert "https://status.example.com/console/deliveries" in mail.text("html")
    assert mail.message["Auto-Submitted"] == "auto-generated"


def test_an_alarm_that_is_over_when_its_mail_goes_out_says_so(page: Page, use_smtp_server: MailServer) -> None:
    make_staff()
    alarm = raise_alarm(key="x", sentence="Email is paused.", fix="", at=NOON)
    assert alarm is not None
    alarm.over_at = NOON + minutes(40)
    alarm.save()
    deliver_batch()
    assert "It has been over since Nov 21, 2026 - 12:40 UTC." in use_smtp_server.to("ada@example.com")[0].text()


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        (MailKind.PROBE, "Does Acme status still reach you?", "If you read it, it does"),
        (MailKind.ENDPOINT_FAILING, "Your Acme status endpoint fails", "tried for a day in all"),
        (
            MailKind.ENDPOINT_OFF,
            "Your Acme status endpoint was switched off",
            "The reason: The endpoint is gone for good.",
        ),
    ],
)
def test_owners_of_addresses_get_letters(
    page: Page, use_smtp_server: MailServer, kind: MailKind, subject: str, words: str
) -> None:
    sam = Subscriber.objects.get()
    Subscriber.objects.update(disabled_reason="The endpoint is gone for good: HTTP 410 “secret”")
    Delivery.objects.create(
        page=page, subscriber=sam, kind=kind, address=sam.address, message_id="p1@example.com", created_at=now()
    )
    deliver_batch()
    (mail,) = use_smtp_server.to("sam@example.com")
    assert mail.message["Subject"] == subject
    assert words in " ".join(mail.text().split())
    assert "secret" not in mail.text()
    assert "/subscriptions/" in mail.text() or "/subscription" in mail.text()
