"""`manage.py post` from a shell, as somebody types it while everything burns: it works, or says what to do."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.library import Library
from incidents.timeline.models import Page
from tests.build import make_page
from tests.servers.finding import free_port

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]
NEW = ("--emergency", "--title", "API fails")


@pytest.fixture
def page(library: Library) -> Page:
    """A published page."""
    page = make_page(at=now() - timedelta(days=1))
    publisher.catch_up(page.pk, at=now())
    return page


def post(library: Library, *arguments: str | bytes, **variables: str) -> "subprocess.CompletedProcess[bytes]":
    """Return how the command ended, with a database that is not there."""
    environment = {
        **os.environ,
        "DATA_DIR": str(library.folder.parent),
        "SITE_URL": "http://127.0.0.1:8000",
        "DATABASE_URL": f"postgres://nobody@127.0.0.1:{free_port()}/nothing",
        **variables,
    }
    command = [sys.executable, "manage.py", "post", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=240)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


def waiting(library: Library, page: Page) -> list[dict[str, Any]]:
    return [json.loads(file.read_bytes()) for file in (library.folder / page.code / "emergency").glob("*.json")]


def test_b193_without_a_database_it_is_written_down(library: Library, page: Page) -> None:
    done = post(library, "We know.", *NEW)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Readers see it now." in done.stdout
    assert [one["body"] for one in waiting(library, page)] == ["We know."]


def test_b193_without_a_database_and_without_the_word_it_says_so(library: Library, page: Page) -> None:
    done = post(library, "We know.", "--title", "API fails")
    assert done.returncode == 3
    assert b"Use --emergency." in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert waiting(library, page) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((), b"required: text"), (("We know.",), b"Give --incident"), (("We know.", "--loud"), b"unrecognized")],
)
def test_b193_a_command_line_that_cannot_be_meant_is_explained(
    library: Library, page: Page, arguments: tuple[str, ...], words: bytes
) -> None:
    done = post(library, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert waiting(library, page) == []


def test_b193_ten_kilobytes_are_posted_and_far_more_are_refused(library: Library, page: Page) -> None:
    long = "We know. " * 1_137
    assert post(library, long, *NEW).returncode == 0
    assert [one["body"] for one in waiting(library, page)] == [long.strip()]
    done = post(library, "x" * 25_001, *NEW)
    assert done.returncode == 1
    assert b"25,000 is the most" in done.stderr
    assert len(waiting(library, page)) == 1


@pytest.mark.parametrize(
    "locale",
    [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C.UTF-8"}],
)
def test_b193_no_letter_is_lost_in_a_locale_that_does_not_know_it(
    library: Library, page: Page, locale: dict[str, str]
) -> None:
    done = post(library, "Störung in Zürich – 障害".encode(), "--emergency", "--title", "Größe".encode(), **locale)
    assert done.returncode == 0, done.stderr
    assert [(one["body"], one["title"]) for one in waiting(library, page)] == [("Störung in Zürich – 障害", "Größe")]


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C.UTF-8"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_b193_what_is_no_utf_8_is_refused_instead_of_posted_with_holes(
    library: Library, page: Page, locale: dict[str, str]
) -> None:
    done = post(library, "Störung".encode("latin-1"), *NEW, **locale)
    assert done.returncode == 2
    assert b"not UTF-8" in done.stderr
    assert waiting(library, page) == []


def test_b193_where_nothing_is_published_it_says_so(library: Library) -> None:
    done = post(library, "We know.", *NEW)
    assert done.returncode == 1
    assert b"is published on this machine" in done.stderr
