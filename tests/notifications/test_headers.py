"""The header of a mail: what programs on the way and at the reader's side are told."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from incidents.notifications.channels.contract import Message
from incidents.notifications.fanout import fan_out, missing
from incidents.notifications.mail.header import address_line, plain_line, text_line
from incidents.notifications.mail.message import Circular, Envelope, MessageTemplate
from incidents.notifications.mail.rendering import Rendered
from incidents.notifications.mail.return_path import leaving_address, return_address, tags_in
from incidents.notifications.models import Delivery
from incidents.notifications.writing import Writer
from incidents.subscriptions.models import Subscriber
from tests.build import NOON, ask, make_incident, make_page, make_subscriber

BREAKS = ["\r", "\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\u2028", "\u2029", "\x00"]
WORDS = Rendered("Subject", "text\n", "<p>html</p>")


@pytest.fixture
def bounces(settings: Any) -> str:
    settings.BOUNCE_ADDRESS = "bounces@status.example.com"
    settings.BOUNCE_SECRET = "secret"
    return "bounces@status.example.com"


def written() -> list[tuple[Delivery, Message, EmailMessage]]:
    for event in list(missing()):
        fan_out(event_id=event.pk)
    rows = list(Delivery.objects.order_by("pk").select_related("event", "page", "subscriber"))
    writer = Writer(rows, at=NOON)
    messages = [writer.write(row) for row in rows]
    parsed = [message_from_bytes(message.content, policy=policy.default) for message in messages]
    return list(zip(rows, messages, parsed, strict=True))


def news() -> tuple[Delivery, Message, EmailMessage]:
    page = make_page()
    make_subscriber(page)
    Delivery.objects.all().delete()
    make_incident(page)
    (only,) = written()
    return only


@pytest.mark.django_db
def test_x01_news_says_that_a_program_wrote_it_to_many() -> None:
    delivery, _, mail = news()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Precedence"] == "bulk"
    assert mail["X-Auto-Response-Suppress"] == "DR, RN, NRN, OOF, AutoReply"
    assert mail["List-Id"] == f'"Acme status" <{delivery.page.code}.testserver>'
    assert mail["Feedback-ID"].endswith(f":{delivery.page.code}:incident_opened:statuspage")
    assert mail["Content-Language"] == "en"
    assert mail["Reply-To"] is None


@pytest.mark.django_db
def test_without_a_mailbox_for_bounces_mail_comes_back_to_the_sender() -> None:
    _, message, mail = news()
    assert message.sender == "status@testserver"
    assert "mailto:" not in mail["List-Unsubscribe"]


@pytest.mark.django_db
def test_every_delivery_has_a_return_path_of_its_own(bounces: str) -> None:
    delivery, message, _ = news()
    assert re.fullmatch(r"bounces\+b[0-9a-z]+-[a-z2-7]{16}@status\.example\.com", message.sender)
    assert len(message.sender.partition("@")[0]) <= 64
    (tag,) = tags_in(message.sender)
    assert tag.delivery_id == delivery.pk


@pytest.mark.django_db
def test_a_reader_may_leave_by_mail_where_somebody_reads_it(bounces: str) -> None:
    delivery, _, mail = news()
    assert delivery.subscriber is not None
    https, mailto = mail["List-Unsubscribe"].split(", ")
    assert https.startswith("<http://testserver/unsubscribe/")
    address = re.fullmatch(r"<mailto:(\S+)\?subject=unsubscribe>", mailto)
    assert address is not None
    (tag,) = tags_in(address[1])
    assert (tag.subscriber_code, tag.consents) == (delivery.subscriber.code, 1)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.django_db
@pytest.mark.parametrize("rule", ["typed", "locked"])
def test_an_address_that_several_read_is_not_left_by_one_click(bounces: str, rule: str) -> None:
    page = make_page()
    make_subscriber(page)
    Subscriber.objects.update(leaving=rule)
    Delivery.objects.all().delete()
    make_incident(page)
    ((*_, mail),) = written()
    assert re.fullmatch(r"<http://testserver/unsubscribe/\S+>", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] is None


@pytest.mark.django_db
def test_a_confirmation_is_no_circular(bounces: str) -> None:
    ask(make_page())
    ((_, message, mail),) = written()
    for name in ("List-Id", "Precedence", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"):
        assert mail[name] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "+b" in message.sender


@pytest.mark.django_db
def test_x01_all_mails_of_an_incident_are_one_thread_and_each_has_its_own_id() -> None:
    page = make_page()
    make_subscriber(page)
    Delivery.objects.all().delete()
    incident = make_incident(page)
    incident.resolve(body="Fixed.", by="test", at=NOON)
    mails = [mail for *_, mail in written()]
    assert len({mail["Message-ID"] for mail in mails}) == 2
    assert {mail["References"] for mail in mails} == {f"<incident-{incident.code}@testserver>"}
    again = [mail["Message-ID"] for *_, mail in written()]
    assert again == [mail["Message-ID"] for mail in mails]


@pytest.mark.django_db
def test_answers_go_where_the_operator_says(settings: Any) -> None:
    settings.MAIL_REPLY_TO = "help@example.com"
    assert news()[2]["Reply-To"] == "help@example.com"


def test_a_tag_outlives_a_change_of_the_key_and_of_its_letters(settings: Any, bounces: str) -> None:
    address = return_address(4711)
    leave = leaving_address("0123456789bc", 3)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key" * 6
    assert [tag.delivery_id for tag in tags_in(address.upper())] == [4711]
    assert [(tag.subscriber_code, tag.consents) for tag in tags_in(leave)] == [("0123456789bc", 3)]
    settings.SECRET_KEY_FALLBACKS = []
    assert list(tags_in(address)) == []


@pytest.mark.parametrize("change", [("+b", "+b1"), ("@status", "@evil.status"), ("-", "-a"), ("bounces", "xbounces")])
def test_a_tag_that_was_changed_names_nothing(bounces: str, change: tuple[str, str]) -> None:
    assert list(tags_in(return_address(4711).replace(*change, 1))) == []


def test_a_bounce_tag_is_no_leave_tag(bounces: str) -> None:
    assert list(tags_in(return_address(4711).replace("+b", "+u"))) == []


@pytest.mark.parametrize("sign", BREAKS)
def test_no_source_of_a_header_gets_a_second_line_in(sign: str, settings: Any) -> None:
    bad = f"a{sign}Bcc: eve@example.com"
    with pytest.raises(ValueError, match="line breaks"):
        text_line("Subject", bad)
    with pytest.raises(ValueError, match="line breaks"):
        plain_line("To", bad)
    for pair in ((bad, "status@example.com"), ("Acme", bad)):
        with pytest.raises(ValueError, match="line breaks"):
            address_line("From", *pair)
    with pytest.raises(ValueError, match="line breaks"):
        MessageTemplate.make(Rendered(bad, "x", "x"), page_name="Acme", at=NOON)
    for circular in (Circular(bad, "x"), Circular("x", bad), Circular("x", "x", bad)):
        with pytest.raises(ValueError, match="line breaks"):
            MessageTemplate.make(WORDS, page_name="Acme", at=NOON, circular=circular)
    template = MessageTemplate.make(WORDS, page_name="Acme", at=NOON)
    for envelope in (Envelope(bad, "x"), Envelope("x", bad), Envelope("x", "x", bad), Envelope("x", "x", "x", bad)):
        with pytest.raises(ValueError, match="line breaks"):
            template.fill(envelope)


@pytest.mark.parametrize("name", ["Ünïted 情報", "=?utf-8?q?x?=", 'The "Acme" \\ Company', "👩‍🔬 می‌خواهم"])
def test_any_name_of_a_page_arrives_as_it_is_written(name: str) -> None:
    content = MessageTemplate.make(WORDS, page_name=name, at=NOON, circular=Circular("0123", "x")).fill(
        Envelope("id", "sam@example.com")
    )
    mail = message_from_bytes(content, policy=policy.default)
    assert mail["From"].addresses[0].display_name == f"{name} status"
    assert mail["From"].addresses[0].addr_spec == "status@testserver"
    assert content.partition(b"\r\n\r\n")[0].isascii()
