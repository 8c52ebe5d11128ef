"""The trial mail: sent at once, and the relay's exact words are shown."""

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.test import Client

from incidents.notifications.models import Alarm, Delivery
from incidents.timeline.models import Event, Page
from tests.build import PASSWORD, make_outsider
from tests.servers.finding import free_port
from tests.servers.mail import SECONDS_TO_START, MailServer

ADDRESS = "/console/page/trials"


def test_the_form_offers_the_address_of_whoever_asks(ada: Client, page: Page) -> None:
    assert 'value="ada@example.com"' in ada.get(ADDRESS).content.decode()


def test_a_mail_goes_out_and_the_answer_is_shown(ada: Client, page: Page, use_smtp_server: MailServer) -> None:
    answer = ada.post(ADDRESS, {"address": "sam@example.com"})
    assert answer.status_code == 200
    assert "The mail was taken" in answer.content.decode()
    assert "250 OK: kept" in answer.content.decode()
    (mail,) = use_smtp_server.received
    assert mail.message["Subject"] == "Trial mail from Acme status"
    assert "You are subscribed to nothing by it." in mail.text()


def test_b190_a_refusal_is_shown_exactly_with_what_to_change(
    ada: Client, page: Page, use_smtp_server: MailServer
) -> None:
    use_smtp_server.refuse(
        "sam@example.com", "553 5.7.1 <status@testserver>: Sender address rejected: not owned by user"
    )
    shown = ada.post(ADDRESS, {"address": "sam@example.com"}).content.decode()
    assert "The mail was not taken" in shown
    assert "553 5.7.1 &lt;status@testserver&gt;: Sender address rejected: not owned by user" in shown
    assert "MAIL_FROM" in shown


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_b190_a_wrong_password_is_told_in_the_relay_s_words_and_not_shown(
    ada: Client, page: Page, settings: Any
) -> None:
    with running_relay(settings, authenticator=lambda *_: AuthResult(success=False, handled=False)):
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "acme", "hunter2"
        shown = ada.post(ADDRESS, {"address": "sam@example.com"}).content.decode()
    assert "The mail was not taken" in shown
    assert "535 5.7.8" in shown
    assert "correct them in EMAIL_URL" in shown
    assert "hunter2" not in shown


def test_b190_a_certificate_nobody_vouches_for_is_told_in_words(
    ada: Client, page: Page, settings: Any, tmp_path: Path
) -> None:
    with running_relay(settings, tls_context=self_signed(tmp_path)):
        settings.EMAIL_USE_TLS = True
        shown = ada.post(ADDRESS, {"address": "sam@example.com"}).content.decode()
    assert "The mail was not taken" in shown
    assert "certificate" in shown


def test_b190_what_was_tried_counts_for_nothing_afterwards(
    ada: Client, page: Page, use_smtp_server: MailServer
) -> None:
    before = Event.objects.count()
    use_smtp_server.refuse("sam@example.com", "550 5.1.1 no such user")
    ada.post(ADDRESS, {"address": "sam@example.com"})
    ada.post(ADDRESS, {"address": "bob@example.com"})
    assert Event.objects.count() == before
    assert not Delivery.objects.exists()
    assert not Alarm.objects.exists()


@contextmanager
def running_relay(settings: Any, **options: Any) -> Iterator[None]:
    """Let a relay with these options be the one the settings name."""
    server = MailServer("127.0.0.1", free_port())
    options = {"hostname": server.host, "port": server.port, "auth_require_tls": False, **options}
    options["ready_timeout"] = SECONDS_TO_START
    controller = Controller(server, **options)
    controller.start()
    settings.MAIL_IS_KEPT = False
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    try:
        yield
    finally:
        controller.stop()


def self_signed(folder: Path) -> ssl.SSLContext:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "certificate")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    return context


def test_a_relay_that_is_not_there_is_told_in_words(ada: Client, page: Page, settings: Any) -> None:
    settings.MAIL_IS_KEPT = False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    answer = ada.post(ADDRESS, {"address": "sam@example.com"})
    assert answer.status_code == 200
    assert "The mail was not taken" in answer.content.decode()
    assert "cannot be reached" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["", "sam", "sam@localhost", "a@example.com, b@example.com", "a\r\nBcc: b@example.com"]
)
def test_what_is_no_address_is_refused_and_nothing_sent(
    ada: Client, page: Page, use_smtp_server: MailServer, address: str
) -> None:
    assert ada.post(ADDRESS, {"address": address}).status_code == 422
    assert use_smtp_server.received == []


def test_an_outsider_is_refused(page: Page, use_smtp_server: MailServer) -> None:
    eve = Client()
    assert eve.post(ADDRESS, {"address": "sam@example.com"}).status_code == 302
    make_outsider()
    eve.login(username="eve", password=PASSWORD)
    assert eve.post(ADDRESS, {"address": "sam@example.com"}).status_code == 403
    assert use_smtp_server.received == []
