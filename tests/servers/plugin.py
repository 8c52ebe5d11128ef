"""Prepares the environment before Django reads its settings: a database server, a data folder, no strangers.

Loaded by name in pyproject.toml, because conftest.py would come too late for the settings.
"""

import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from tests.servers.finding import ServerMissing
from tests.servers.postgres import PostgresServer

# What a developer may have set for a site of theirs must not change what the tests see.
PRODUCT_VARIABLES = [
    "ALLOWED_HOSTS",
    "BIND_ADDRESS",
    "BOUNCE_ADDRESS",
    "BOUNCE_MAILBOX_URL",
    "BOUNCE_SECRET",
    "BROKER_URL",
    "DEBUG",
    "DKIM_SELECTORS",
    "EMAIL_URL",
    "LOG_LEVEL",
    "MAIL_FROM",
    "MAIL_LEGAL_LINE",
    "MAIL_REPLY_TO",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_ISSUER",
    "OIDC_MAIL_DOMAINS",
    "OIDC_NAME",
    "PORT",
    "PROVIDER_WEBHOOK_SECRET",
    "PUBLISH_TO",
    "SECRET_KEY_FALLBACKS",
    "SITE_URL",
    "STATUSPAGE_ADMIN_EMAIL",
    "STATUSPAGE_ADMIN_PASSWORD",
    "TRUSTED_PROXY_COUNT",
]
MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory."""
GIGABYTES_IN_MEMORY = 6
"""So much must be free there; a run needs about a third of it."""
NEW_OBJECTS = 10_000
"""So many more than were freed, and Python looks for garbage; by default 700, which took a twelfth of all time."""

server_of_this_run = pytest.StashKey[PostgresServer]()
data_folder = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--db`."""
    parser.addoption("--db", choices=["postgres", "sqlite"], default="postgres", help="database of this run")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the variables that statuspage/settings.py reads, and start PostgreSQL once for all workers."""
    for name in PRODUCT_VARIABLES:
        os.environ.pop(name, None)
    keep_compiled_modules()
    keep_files_in_memory()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])
    folder = tempfile.mkdtemp(prefix="statuspage-test-")
    early_config.stash[data_folder] = folder
    os.environ.update(DATA_DIR=folder, SECRET_KEY="only-for-tests-" + "x" * 40, SITE_URL="http://testserver")
    options = early_config.known_args_namespace
    if options.help or options.version or options.collectonly or options.db == "sqlite":
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/test.sqlite3"
        return
    if "TEST_DATABASE_URL" not in os.environ:
        try:
            server = PostgresServer()
        except ServerMissing as reason:
            shutil.rmtree(folder, ignore_errors=True)
            raise pytest.UsageError(str(reason)) from reason
        early_config.stash[server_of_this_run] = server
        # Workers of pytest-xdist inherit the environment, so they find the address and start nothing.
        os.environ["TEST_DATABASE_URL"] = server.url
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]


def keep_compiled_modules() -> None:
    """Let this process and those it starts write `__pycache__`, although many images forbid it.

    Else every worker rewrites the asserts of all tests, and each of hundreds of processes compiles the product anew.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def keep_files_in_memory() -> None:
    """Let temporary files of this run and its processes lie in memory where there is room: syncing them takes no time.

    No test cuts the power, which alone tells such a file from one on a disk. TMPDIR names another place.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and _gigabytes_free() > GIGABYTES_IN_MEMORY:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _gigabytes_free() -> float:
    return min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available) / 2**30


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end: the product's classes and six thousand tests."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this process started."""
    if server := config.stash.get(server_of_this_run, None):
        server.stop()
    if folder := config.stash.get(data_folder, None):
        shutil.rmtree(folder, ignore_errors=True)
