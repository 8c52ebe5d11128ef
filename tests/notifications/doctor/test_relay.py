"""What the doctor says after a visit to relays of different manners."""

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from incidents.notifications.doctor.findings import Finding, Health
from incidents.notifications.doctor.relay import examine_relay, visit
from incidents.notifications.smtp.session import Relay
from tests.servers.finding import free_port
from tests.servers.mail import SECONDS_TO_START, MailServer

SECONDS = 30
"""Until a relay is given up that is to answer."""


class Picky(MailServer):
    """Refuses a sender."""

    answer = "250 OK"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.answer


@contextmanager
def running_relay(handler: Any = None, **options: Any) -> Iterator[Relay]:
    controller = Controller(
        handler or Picky("127.0.0.1", 0),
        hostname="127.0.0.1",
        port=free_port(),
        ready_timeout=SECONDS_TO_START,
        **options,
    )
    controller.start()
    try:
        yield Relay("127.0.0.1", controller.port, seconds=SECONDS)
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder: Path = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    files = ["-keyout", str(folder / "key"), "-out", str(folder / "certificate")]
    subprocess.run([*command, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    return context


def told(relay: Relay) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for finding in visit(relay):
        if finding.subject not in found or finding.health > found[finding.subject].health:
            found[finding.subject] = finding
    return found


def test_a_relay_that_takes_our_mail_is_well_and_gets_none() -> None:
    handler = Picky("127.0.0.1", 0)
    with running_relay(handler, enable_SMTPUTF8=True) as relay:
        found = told(relay)
    assert found["Relay"].health == found["TLS"].health == found["Sender"].health == Health.GOOD
    assert found["Sender"].sentence == "The relay takes mail from status@testserver: 250 OK"
    assert handler.received == []


def test_what_a_relay_lacks_is_told_with_what_it_costs() -> None:
    with running_relay(enable_SMTPUTF8=False) as relay:
        sentences = [finding.sentence for finding in visit(relay) if finding.health == Health.DOUBTFUL]
    assert any("SMTPUTF8" in sentence and "cannot be reached" in sentence for sentence in sentences)
    assert any("PIPELINING" in sentence for sentence in sentences)


def test_a_sender_the_relay_does_not_take_is_told_in_its_words() -> None:
    handler = Picky("127.0.0.1", 0)
    handler.answer = "553 5.7.1 Sender address rejected: not owned by user acme"
    with running_relay(handler) as relay:
        sender = told(relay)["Sender"]
    assert sender.health == Health.BAD
    assert "553 5.7.1 Sender address rejected: not owned by user acme" in sender.sentence
    assert "MAIL_FROM" in sender.advice


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_told_without_it() -> None:
    def refuse(*arguments: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    options = {"authenticator": refuse, "auth_require_tls": False}
    with running_relay(**options) as relay:
        found = told(Relay(relay.host, relay.port, user="acme", password="hunter2", seconds=SECONDS))
    assert found["Sign-in"].health == Health.BAD
    assert "535" in found["Sign-in"].sentence
    assert "hunter2" not in repr(found)
    assert "Sender" not in found


def test_a_certificate_nobody_vouches_for_is_refused_by_name(certificate: ssl.SSLContext) -> None:
    with running_relay(tls_context=certificate) as relay:
        found = told(Relay(relay.host, relay.port, upgrades_to_tls=True, seconds=SECONDS))
    assert found["TLS"].health == Health.BAD
    assert "self-signed certificate" in found["TLS"].sentence
    assert "Sender" not in found


def test_tls_that_was_asked_for_and_is_not_offered_ends_the_visit() -> None:
    with running_relay() as relay:
        found = told(Relay(relay.host, relay.port, upgrades_to_tls=True, seconds=SECONDS))
    assert "does not offer STARTTLS" in found["TLS"].sentence
    assert "Sender" not in found


def test_tls_that_is_offered_and_not_used_is_noted(certificate: ssl.SSLContext) -> None:
    with running_relay(tls_context=certificate) as relay:
        tls = told(relay)["TLS"]
    assert tls.health == Health.DOUBTFUL
    assert "smtp+tls://" in tls.advice


def test_a_relay_that_is_not_there_is_told() -> None:
    found = told(Relay("127.0.0.1", free_port(), seconds=SECONDS))
    assert set(found) == {"Relay"}
    assert found["Relay"].health == Health.BAD
    assert found["Relay"].sentence.endswith("cannot be reached: Connection refused")


def test_a_host_that_can_be_no_name_is_told() -> None:
    finding = told(Relay("relay..example.com", 25, seconds=3))["Relay"]
    assert finding.health == Health.BAD
    assert finding.sentence.startswith("relay..example.com:25 cannot be reached")


def test_without_a_relay_there_is_no_visit(settings: Any) -> None:
    settings.MAIL_IS_KEPT = True
    (only,) = examine_relay()
    assert "EMAIL_URL is not set" in only.sentence
