"""The servers every other test relies on work for real."""

import smtplib
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page

from statuspage.celery import app
from tests.servers.mail import MailServer
from tests.servers.worker import RunningWorker


@pytest.mark.both_databases
@pytest.mark.django_db
def test_the_database_is_the_one_the_run_asked_for(pytestconfig: pytest.Config) -> None:
    assert connection.vendor == {"postgres": "postgresql", "sqlite": "sqlite"}[pytestconfig.getoption("--db")]


@pytest.mark.both_databases
@pytest.mark.django_db
def test_sqlite_keeps_a_write_ahead_log_and_syncs_fully() -> None:
    if connection.vendor != "sqlite":
        assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]
        return
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
        assert cursor.execute("SELECT sqlite_version()").fetchone()[0].split(".") >= ["3", "51", "3"]


def test_the_mail_server_keeps_what_it_receives(smtp_server: MailServer) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Größe"
    mail.set_content("hello")
    with smtplib.SMTP(smtp_server.host, smtp_server.port) as client:
        client.send_message(mail, "from@example.com", ["sam@example.com"])
    (received,) = smtp_server.to("sam@example.com")
    assert received.message["Subject"] == "Größe"
    assert received.text() == "hello\n"


def test_the_mail_server_refuses_whom_it_is_told_to(smtp_server: MailServer) -> None:
    smtp_server.refuse("gone@example.com", "550 5.1.1 no such user")
    with smtplib.SMTP(smtp_server.host, smtp_server.port) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail("from@example.com", ["gone@example.com"], b"Subject: x\r\n\r\nhello")
    assert smtp_server.received == []


def test_the_browser_opens_the_live_server(live_server: object, page: Page) -> None:
    answer = page.goto(f"{live_server}/static/css/tokens.css")
    assert answer is not None
    assert answer.status == 200


def test_a_worker_on_a_real_broker_runs_a_task_that_the_test_rings(celery_worker_process: RunningWorker) -> None:
    @app.task(name="tests.unknown_to_the_worker")
    def ring() -> None: ...

    ring.delay()
    celery_worker_process.wait_for("unregistered task of type 'tests.unknown_to_the_worker'")
