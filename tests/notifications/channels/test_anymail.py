"""Providers by their HTTP interfaces, against a server that speaks Postmark's and Mailgun's; Amazon's refusals."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from anymail.backends.base import AnymailBaseBackend
from anymail.exceptions import AnymailAPIError
from django.db import connection

from incidents.notifications import leases
from incidents.notifications.channels.anymail import AnymailChannel
from incidents.notifications.channels.contract import (
    ChannelDown,
    Fault,
    Message,
    PermanentFailure,
    SendFailure,
    TemporaryFailure,
)
from incidents.notifications.delivering import channel_from_settings, deliver_batch
from incidents.notifications.fanout import fan_out, missing
from incidents.notifications.mail.message import Circular, Envelope, MessageTemplate
from incidents.notifications.mail.rendering import Rendered
from incidents.notifications.mail.return_path import tag_behind
from incidents.notifications.models import Delivery, DeliveryState
from tests.build import NOON, make_incident, make_page, make_subscriber
from tests.servers.finding import free_port
from tests.servers.provider import Provider, running_provider

POSTMARK_OK = {"ErrorCode": 0, "Message": "OK", "MessageID": "0a12", "To": "sam@example.com"}
MAILGUN_OK = {"id": "<0a12@mg.example.com>", "message": "Queued. Thank you."}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


def use(settings: Any, name: str, url: str, **more: str) -> None:
    settings.MAIL_IS_KEPT = False
    settings.MAIL_PROVIDER = name
    settings.MAIL_PROVIDER_BACKEND = f"anymail.backends.{name}.EmailBackend"
    keys = {"POSTMARK_SERVER_TOKEN": "very-secret", "MAILGUN_API_KEY": "very-secret", "MAILGUN_SENDER_DOMAIN": "mg.x"}
    api = {f"{name.upper()}_API_URL": url}
    settings.ANYMAIL = {"IGNORE_UNSUPPORTED_FEATURES": True, "REQUESTS_TIMEOUT": 2, **keys, **api, **more}


@pytest.fixture
def postmark(provider: Provider, settings: Any) -> Provider:
    use(settings, "postmark", provider.url)
    provider.usual = (200, POSTMARK_OK, {})
    return provider


@pytest.fixture
def mailgun(provider: Provider, settings: Any) -> Provider:
    use(settings, "mailgun", provider.url)
    provider.usual = (200, MAILGUN_OK, {})
    return provider


def message(recipient: str = "sam@example.com") -> Message:
    words = Rendered("Störung: 情報", "Ein Text\n", "<p>Ein Text</p>")
    template = MessageTemplate.make(words, page_name="Äcme", at=NOON, circular=Circular("0123", "x", "abc"))
    content = template.fill(Envelope("one@testserver", recipient, "https://status.example.com/unsubscribe/t"))
    return Message("4711", "bounces+b1-x@status.example.com", recipient, content)


def refused() -> SendFailure:
    with AnymailChannel() as channel, pytest.raises(SendFailure) as caught:
        channel.send(message())
    return caught.value


def test_postmark_gets_every_part_and_the_name_of_the_delivery(postmark: Provider) -> None:
    with AnymailChannel() as channel:
        assert channel.send(message()) == "postmark: sent 0a12"
    (request,) = postmark.requests
    fields = request["fields"]
    assert request["headers"]["X-Postmark-Server-Token"] == "very-secret"
    assert (fields["To"], fields["Subject"]) == ("sam@example.com", "Störung: 情報")
    assert (fields["TextBody"], fields["HtmlBody"]) == ("Ein Text\n", "<p>Ein Text</p>\n")
    headers = {header["Name"]: header["Value"] for header in fields["Headers"]}
    assert headers["List-Unsubscribe"] == "<https://status.example.com/unsubscribe/t>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Message-ID"] == "<one@testserver>"
    assert headers["References"] == "<incident-abc@testserver>"
    tag = tag_behind(fields["Metadata"]["delivery"])
    assert tag is not None
    assert tag.delivery_id == 4711
    assert fields["TrackOpens"] is False


def test_mailgun_gets_every_part_and_the_name_of_the_delivery(mailgun: Provider) -> None:
    with AnymailChannel() as channel:
        assert channel.send(message()) == "mailgun: queued <0a12@mg.example.com>"
    (request,) = mailgun.requests
    fields = request["fields"]
    assert request["path"] == "/mg.x/messages"
    assert (fields["to"], fields["subject"], fields["text"]) == ("sam@example.com", "Störung: 情報", "Ein Text\n")
    assert fields["h:List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    tag = tag_behind(fields["v:delivery"])
    assert tag is not None
    assert tag.delivery_id == 4711
    assert fields["o:tracking-clicks"] == "no"


def test_mailersend_which_keeps_nothing_else_gets_the_name_of_the_delivery_as_a_tag(
    provider: Provider, settings: Any
) -> None:
    use(settings, "mailersend", provider.url, MAILERSEND_API_TOKEN="very-secret")
    provider.usual = (202, {}, {"X-Message-Id": "0a12"})
    with AnymailChannel() as channel:
        assert channel.send(message()) == "mailersend: queued 0a12"
    (request,) = provider.requests
    (mark,) = request["fields"]["tags"]
    tag = tag_behind(mark)
    assert tag is not None
    assert tag.delivery_id == 4711


def test_several_messages_go_over_one_session(postmark: Provider) -> None:
    with AnymailChannel() as channel:
        channel.send(message())
        channel.send(message("ada@example.com"))
    assert [request["fields"]["To"] for request in postmark.requests] == ["sam@example.com", "ada@example.com"]


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (401, {"ErrorCode": 10, "Message": "Bad or missing API token"}, Fault.SENDER),
        (422, {"ErrorCode": 400, "Message": "The sender signature was not found for the From address"}, Fault.SENDER),
        (422, {"ErrorCode": 405, "Message": "You ran out of credits."}, Fault.SENDER),
        (
            422,
            {
                "ErrorCode": 406,
                "Message": "You tried to send to recipient(s) that have been marked as inactive."
                " Found inactive addresses: sam@example.com",
            },
            Fault.RECIPIENT_PERMANENT,
        ),
        (
            422,
            {"ErrorCode": 300, "Message": "Error parsing 'To': Illegal email address 'sam@example.com'."},
            Fault.RECIPIENT_PERMANENT,
        ),
        (413, "Payload too large", Fault.CONTENT),
        (429, {"ErrorCode": 429, "Message": "Rate limit exceeded"}, Fault.QUOTA),
        (500, "<html>Internal error</html>", Fault.CONNECTION),
        (503, {"ErrorCode": 100, "Message": "Maintenance"}, Fault.CONNECTION),
    ],
)
def test_postmark_s_refusals_are_told_apart(postmark: Provider, status: int, body: Any, fault: Fault) -> None:
    postmark.answer(status, body)
    failure = refused()
    assert failure.fault == fault
    assert "very-secret" not in failure.sentence
    lasting = {Fault.RECIPIENT_PERMANENT, Fault.CONTENT}
    assert isinstance(failure, PermanentFailure if fault in lasting else TemporaryFailure)


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (401, "Forbidden", Fault.SENDER),
        (402, {"message": "Payment required: your account is suspended"}, Fault.SENDER),
        (402, {"message": "Sending to at least one recipient failed"}, Fault.RECIPIENT_PERMANENT),
        (
            402,
            {"message": "552 5.7.0 This message was blocked because its content presents a potential security issue"},
            Fault.CONTENT,
        ),
        (404, {"message": "Domain not found: mg.x"}, Fault.SENDER),
        (
            400,
            {"message": "'to' parameter is not a valid address. please check documentation"},
            Fault.RECIPIENT_PERMANENT,
        ),
        (200, "Mailgun Magnificent API", Fault.SENDER),
    ],
)
def test_mailgun_s_refusals_are_told_apart(mailgun: Provider, status: int, body: Any, fault: Fault) -> None:
    mailgun.answer(status, body)
    failure = refused()
    assert failure.fault == fault
    assert "very-secret" not in failure.sentence


class Amazon(AnymailBaseBackend):  # type: ignore[misc] - anymail has no types
    """Amazon SES as anymail's own backend fails, which needs boto3: with the answer taken apart, or with none."""

    esp_name = "Amazon SES"
    answer: dict[str, Any] | None = None
    cause = ""

    def build_message_payload(self, message: Any, defaults: Any) -> Any:
        return None

    def post_to_esp(self, payload: Any, message: Any) -> Any:
        raise AnymailAPIError("", backend=self, response=self.answer) from OSError(self.cause)


@pytest.fixture
def amazon(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Amazon]:
    settings.MAIL_IS_KEPT = False
    settings.MAIL_PROVIDER = "ses"
    settings.MAIL_PROVIDER_BACKEND = f"{__name__}.Amazon"
    monkeypatch.setattr(Amazon, "answer", None)
    monkeypatch.setattr(Amazon, "cause", "")
    return Amazon


@pytest.mark.parametrize(
    ("status", "code", "words", "fault"),
    [
        (400, "MessageRejected", "Email address is not verified. The following identities failed", Fault.SENDER),
        (403, "UnrecognizedClientException", "The security token included in the request is invalid.", Fault.SENDER),
        (429, "TooManyRequestsException", "Maximum sending rate exceeded.", Fault.QUOTA),
        (500, "InternalFailure", "", Fault.CONNECTION),
    ],
)
def test_amazon_s_refusals_are_told_apart_and_its_words_kept(
    amazon: type[Amazon], status: int, code: str, words: str, fault: Fault
) -> None:
    headers = {"Retry-After": "7"}
    about = {"HTTPStatusCode": status, "HTTPHeaders": headers}
    amazon.answer = {"Error": {"Code": code, "Message": words}, "ResponseMetadata": about}
    failure = refused()
    assert (failure.fault, failure.retry_after) == (fault, timedelta(seconds=7))
    assert f"{code}: {words}".strip() in failure.sentence
    assert "cannot be reached" not in failure.sentence


@pytest.mark.parametrize(
    ("cause", "fault"),
    [
        ('Could not connect to the endpoint URL: "https://email.eu-west-1.amazonaws.com/"', Fault.CONNECTION),
        ('Read timeout on endpoint URL: "https://email.eu-west-1.amazonaws.com/"', Fault.CONNECTION),
        ("Unable to locate credentials", Fault.SENDER),
        ("Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY", Fault.SENDER),
    ],
)
def test_amazon_out_of_reach_and_no_key_for_it_are_told_apart(amazon: type[Amazon], cause: str, fault: Fault) -> None:
    amazon.cause = cause
    failure = refused()
    assert isinstance(failure, ChannelDown)
    assert failure.fault == fault
    assert cause in failure.sentence


def test_a_time_the_provider_asks_for_is_kept_to(postmark: Provider) -> None:
    postmark.answer(429, {"ErrorCode": 429, "Message": "Slow down"}, Retry_After="30")
    wait = refused().retry_after
    assert wait is not None
    assert wait.total_seconds() == 30


def test_a_provider_that_is_not_there_is_down(settings: Any) -> None:
    use(settings, "postmark", f"http://127.0.0.1:{free_port()}/")
    failure = refused()
    assert isinstance(failure, ChannelDown)
    assert failure.fault == Fault.CONNECTION


def test_an_answer_that_is_no_json_is_not_taken_for_a_success(postmark: Provider) -> None:
    postmark.answer(200, "<html>captive portal</html>")
    assert isinstance(refused(), TemporaryFailure)


@pytest.mark.django_db
def test_an_incident_reaches_a_reader_through_the_provider(postmark: Provider) -> None:
    page = make_page()
    make_subscriber(page)
    Delivery.objects.all().delete()
    make_incident(page)
    for event in list(missing()):
        fan_out(event_id=event.pk)
    assert isinstance(channel_from_settings(), AnymailChannel)
    deliver_batch()
    sent = Delivery.objects.get()
    assert sent.state == DeliveryState.SENT
    assert sent.last_answer == "postmark: sent 0a12"
    (request,) = postmark.requests
    tag = tag_behind(request["fields"]["Metadata"]["delivery"])
    assert tag is not None
    assert tag.delivery_id == sent.pk


@pytest.mark.parametrize("answer", ["[" * 100_000, "[null]", "\x00", '{"ErrorCode":300,"Message":"\\u0000 no"}'])
@pytest.mark.parametrize("status", [200, 422])
@pytest.mark.parametrize("name", ["postmark", "mandrill"])
def test_an_answer_of_an_odd_form_is_a_failure_in_words(
    name: str, status: int, answer: str, provider: Provider, settings: Any
) -> None:
    use(settings, name, provider.url, MANDRILL_API_KEY="very-secret")
    provider.answer(status, answer)
    failure = refused()
    assert failure.sentence.isprintable()
    assert failure.fault != Fault.RECIPIENT_PERMANENT


@pytest.mark.django_db(transaction=True)
def test_an_answer_of_an_odd_form_keeps_nobody_else_waiting(postmark: Provider) -> None:
    page = make_page()
    for name in ("ada", "sam"):
        make_subscriber(page, email=f"{name}@example.com")
    Delivery.objects.all().delete()
    make_incident(page)
    fan_out(event_id=missing().latest("pk").pk)
    postmark.answer(200, "[" * 100_000)
    deliver_batch()
    assert sorted(Delivery.objects.values_list("state", flat=True)) == [DeliveryState.RETRYING, DeliveryState.SENT]
    assert len(postmark.requests) == 2


@pytest.mark.django_db(transaction=True)
def test_nobody_takes_over_what_a_slow_provider_thinks_about(
    postmark: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(leases, "RENEW_EVERY", 0.3)
    postmark.seconds = 1.7
    page = make_page()
    make_subscriber(page)
    Delivery.objects.all().delete()
    make_incident(page)
    fan_out(event_id=missing().latest("pk").pk)
    taken_back: list[int] = []
    is_over = threading.Event()

    def sweep() -> None:
        while not is_over.wait(0.1):
            taken_back.append(leases.take_back())
        connection.close()

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    deliver_batch()
    is_over.set()
    sweeper.join()
    assert sum(taken_back) == 0
    assert (Delivery.objects.get().state, len(postmark.requests)) == (DeliveryState.SENT, 1)
