"""Fixtures that every room's tests may use: real servers, a browser, a Celery worker."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import expect

from incidents.notifications import breaker
from incidents.notifications.links import close_idle_links
from incidents.notifications.smtp.fleets import close_idle
from tests.servers.answering import wait_until_answered, watch_requests
from tests.servers.chromium import FLAGS, install_chromium
from tests.servers.emptying import empty_quickly
from tests.servers.mail import MailServer, running_mail_server
from tests.servers.static import find_static_files_once
from tests.servers.valkey import running_valkey
from tests.servers.worker import RunningWorker, running_worker

# Playwright's synchronous interface keeps an event loop in the test's thread, which Django mistakes for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Processes that tests start write who left into a file of their own as well, not into that of the checkout.
os.environ.setdefault("SUPPRESSION_JOURNAL", str(Path(tempfile.mkdtemp()) / "suppression.journal"))


SECONDS_TO_SHOW = 30
"""Until a screen that does not come is given up; Playwright's own five pass on a busy machine without any fault."""

# What is tried is the same in each run, and how long it takes says nothing of what is right.
hypothesis_settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def pytest_configure(config: pytest.Config) -> None:
    """Hash passwords cheaply (the real hash costs 0.3 s of a core for each login), look for static files once, and give
    a busy machine time.
    """
    hypothesis_settings.load_profile("steady")
    watch_requests()
    expect.set_options(timeout=SECONDS_TO_SHOW * 1_000)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    find_static_files_once()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On SQLite use a file, as an installation does: the in-memory database knows neither WAL nor busy writers."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database; sessions that killed workers left behind end before it is dropped.

    PostgreSQL notices a client that was killed only when it next writes to it.
    """
    with django_db_blocker.unblock():
        empty_quickly()
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def apart_from_the_world(settings: Any, tmp_path: Path) -> None:
    """Each test writes a suppression journal of its own and asks no name server about anybody's domain."""
    settings.SUPPRESSION_JOURNAL = tmp_path / "suppression.journal"
    settings.MAIL_DOMAINS_ARE_CHECKED = False


@pytest.fixture(autouse=True)
def no_request_under_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let what browsers still said when they were closed be answered before the database is emptied."""
    has_server = "live_server" in request.fixturenames
    if has_server:
        # Asked for first and here alone, so that it is left last, and tests without a database need none.
        request.getfixturevalue("_django_db_helper")
    yield
    if has_server:
        wait_until_answered()


@pytest.fixture
def smtp_server() -> Iterator[MailServer]:
    """A mail server that receives for real. Point settings at it with `use_smtp_server`."""
    with running_mail_server() as server:
        yield server


@pytest.fixture
def use_smtp_server(smtp_server: MailServer, settings: Any) -> MailServer:
    """The mail server, with Django's settings pointing at it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = smtp_server.host
    settings.EMAIL_PORT = smtp_server.port
    settings.MAIL_IS_KEPT = False
    return smtp_server


@pytest.fixture(autouse=True)
def gates_of_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what the tests before learned of channels: pages and events have the same keys again on SQLite."""
    monkeypatch.setattr(breaker, "_gates", {})


@pytest.fixture(autouse=True)
def no_connections_left() -> Iterator[None]:
    """Take leave of relays after each test, as a worker does after a few seconds."""
    yield
    close_idle(after=0)
    close_idle_links(after=0)


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """The address of a Redis-protocol broker."""
    if given := os.environ.get("TEST_BROKER_URL"):
        yield given
        return
    with running_valkey() as url:
        yield url


@pytest.fixture
def celery_worker_process(transactional_db: None, valkey_url: str, smtp_server: MailServer) -> Iterator[RunningWorker]:
    """A Celery worker and beat in a process of their own, on Valkey, the test database and the mail server.

    While it runs, tasks that the test's own process rings go to the same broker.
    """
    with running_worker(valkey_url, smtp_server.url) as worker:
        yield worker


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser's binary."""
    return install_chromium()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium_path: Path) -> dict[str, Any]:
    """Launch the browser that was found (pytest-playwright asks for this fixture by name)."""
    return {**browser_type_launch_args, "executable_path": str(chromium_path), "args": FLAGS}
