"""`manage.py doctor`: the machine, what comes back, a mail that arrived, a trial mail, and the exit codes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dns.resolver
import pytest
from django.core.management import CommandError, call_command

from incidents.lib.clock import now
from incidents.notifications.canaries import hear
from incidents.notifications.doctor.findings import Finding, Health
from incidents.notifications.doctor.installation import examine_installation
from incidents.notifications.doctor.received import examine_received
from incidents.notifications.doctor.returning import examine_returning
from incidents.notifications.models import Canary, ReturnTally, Taken
from tests.build import make_page
from tests.servers.finding import free_port
from tests.servers.mail import MailServer
from tests.servers.zone import running_names

pytestmark = pytest.mark.django_db
NEWS = b"""DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=s1;
 h=From:Subject:Date%s; bh=x; b=y
Authentication-Results: mx.example.net; spf=pass; dkim=%s header.d=testserver; dmarc=pass
From: Acme status <status@testserver>
List-Unsubscribe: <https://status.example.com/unsubscribe/x>
List-Unsubscribe-Post: List-Unsubscribe=One-Click

x
"""
BOTH = b":List-Unsubscribe:\r\n List-Unsubscribe-Post"


def worst(findings: Any) -> Health:
    return max(finding.health for finding in findings)


def about(subject: str, findings: Any) -> Finding:
    return next(finding for finding in findings if finding.subject == subject)


@pytest.fixture(autouse=True)
def no_strange_name_servers() -> Iterator[None]:
    with running_names() as names:
        dns.resolver.override_system_resolver(names.resolver())
        dns.resolver.default_resolver = names.resolver()
        yield
        dns.resolver.restore_system_resolver()
        dns.resolver.default_resolver = None


@pytest.mark.both_databases
def test_a_sound_machine_is_told_to_be_one(settings: Any) -> None:
    settings.BROKER_URL = "memory://localhost/"
    make_page()
    hear("one@host", "news")
    findings = list(examine_installation())
    assert worst(findings) == Health.GOOD
    assert {finding.subject for finding in findings} == {
        *("Database", "Tables", "Clock", "Broker", "Workers", "Disk", "Journal"),
        "Host of Acme",
    }


def test_a_queue_nobody_takes_tasks_from_is_named() -> None:
    assert about("Workers", examine_installation()).health == Health.DOUBTFUL
    Canary.objects.create(worker="one@host", queue="hooks", heard_at=now() - timedelta(hours=2))
    silent = about("Workers", examine_installation())
    assert (silent.health, "hooks was taken 2 hours ago" in silent.sentence) == (Health.BAD, True)


def test_a_host_that_is_not_answered_is_named(settings: Any) -> None:
    make_page()
    settings.SITE_URL = "https://status.acme.example"
    host = about("Host of Acme", examine_installation())
    assert host.health == Health.BAD
    assert "ALLOWED_HOSTS" in host.advice


def test_a_broker_that_is_away_is_named(settings: Any) -> None:
    settings.BROKER_URL = f"redis://:hunter2@127.0.0.1:{free_port()}/0"
    broker = about("Broker", examine_installation())
    assert broker.health == Health.BAD
    assert "127.0.0.1 does not answer" in broker.sentence
    assert "hunter2" not in repr(broker)


def test_a_journal_that_cannot_be_written_is_named(settings: Any, tmp_path: Path) -> None:
    settings.SUPPRESSION_JOURNAL = tmp_path / "missing" / "journal"
    journal = about("Journal", examine_installation())
    assert journal.health == Health.BAD
    assert "cannot be written" in journal.sentence


def test_bounces_that_nobody_reads_are_named(settings: Any) -> None:
    assert about("Bounce address", examine_returning()).health == Health.DOUBTFUL
    settings.BOUNCE_ADDRESS = "bounces@status.example.com"
    assert about("Bounce address", examine_returning()).health == Health.BAD
    settings.BOUNCE_SECRET = "open sesame"
    assert about("Bounce address", examine_returning()).health == Health.GOOD


def test_a_bounce_mailbox_that_cannot_be_read_is_named(settings: Any) -> None:
    settings.BOUNCE_MAILBOX = {
        "scheme": "imap",
        "host": "127.0.0.1",
        "port": free_port(),
        "user": "bounces",
        "password": "hunter2",
        "folder": "INBOX",
    }
    mailbox = about("Bounce mailbox", examine_returning())
    assert mailbox.health == Health.BAD
    assert "hunter2" not in repr(mailbox)


def test_what_was_set_aside_is_pointed_to() -> None:
    ReturnTally.add(Taken.PARKED, at=now())
    ReturnTally.add(Taken.FORGED, at=now())
    returned = about("Returned mail", examine_returning())
    assert returned.health == Health.DOUBTFUL
    assert "1 bounces without our signature, ignored" in returned.sentence


def test_one_click_needs_an_address_over_tls(settings: Any) -> None:
    assert about("One-click leave", examine_returning()).health == Health.BAD
    settings.SITE_URL = "https://status.example.com"
    settings.DKIM_SELECTORS = ["s1"]
    assert about("One-click leave", examine_returning()).health == Health.GOOD


@pytest.mark.parametrize(
    ("raw", "health", "words"),
    [
        (NEWS % (b"testserver", BOTH, b"pass"), Health.GOOD, "included"),
        (NEWS % (b"testserver", b":List-Unsubscribe", b"pass"), Health.BAD, "does not cover list-unsubscribe-post"),
        (NEWS % (b"example.net", BOTH, b"pass"), Health.BAD, "signed by example.net, not by testserver"),
        (NEWS % (b"testserver", BOTH, b"fail"), Health.BAD, "dkim=fail"),
        (b"Subject: x\r\n\r\nx", Health.BAD, "no DKIM signature"),
        (b"\xff\x00", Health.BAD, "no DKIM signature"),
        (b"", Health.BAD, "no DKIM signature"),
    ],
)
def test_a_mail_that_arrived_shows_whether_its_signature_covers_leaving(raw: bytes, health: Health, words: str) -> None:
    findings = list(examine_received(raw))
    assert worst(findings) == health
    assert any(words in finding.sentence for finding in findings)


def test_the_exit_code_says_how_bad_it_is(tmp_path: Path, capsys: Any) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(NEWS % (b"testserver", BOTH, b"pass"))
    call_command("doctor", received=mail)
    mail.write_bytes(b"Subject: x\r\n\r\nx")
    with pytest.raises(CommandError) as caught:
        call_command("doctor", received=mail)
    assert caught.value.returncode == 2
    assert "BAD  DKIM: This mail carries no DKIM signature." in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be read") as caught:
        call_command("doctor", received=tmp_path / "missing")
    assert caught.value.returncode == 2


def test_the_whole_examination_ends_in_notes_on_a_newcomer_s_machine(settings: Any, capsys: Any) -> None:
    settings.SITE_URL = "https://status.example.com"
    settings.BROKER_URL = "memory://localhost/"
    with pytest.raises(CommandError) as caught:
        call_command("doctor")
    assert caught.value.returncode == 1
    assert "note Relay: EMAIL_URL is not set" in capsys.readouterr().out


def test_a_trial_mail_is_sent_now_and_the_answer_told(use_smtp_server: MailServer, capsys: Any) -> None:
    make_page()
    call_command("doctor", send_test="sam@example.com")
    assert capsys.readouterr().out == "Taken: 250 OK: kept\n"
    (mail,) = use_smtp_server.received
    assert mail.recipients == ["sam@example.com"]
    assert mail.message["Subject"] == "Trial mail from Acme status"
    assert mail.message["List-Unsubscribe"] is None


def test_a_refusal_of_the_trial_is_told_exactly_with_advice(use_smtp_server: MailServer) -> None:
    use_smtp_server.refuse("sam@example.com", "550 5.7.60 Client does not have permissions to send as this sender")
    with pytest.raises(CommandError) as caught:
        call_command("doctor", send_test="sam@example.com")
    assert "550 5.7.60 Client does not have permissions to send as this sender" in str(caught.value)
    assert "MAIL_FROM" in str(caught.value)
    assert caught.value.returncode == 2


@pytest.mark.parametrize("address", ["", "sam", "sam@example.com, eve@example.com", "sam@example.com\nBcc: eve@x.org"])
def test_what_is_no_address_is_refused(use_smtp_server: MailServer, address: str) -> None:
    with pytest.raises(CommandError):
        call_command("doctor", send_test=address)
    assert use_smtp_server.received == []
