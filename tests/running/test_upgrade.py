"""From one release to the next on the same data: the new page with its style at once, on both databases."""

import os
import re
import shutil
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from incidents.publishing.library import Library
from tests.running.running import ROOT, RunningSite, running_site
from tests.servers.postgres import PostgresServer

PARTS = ("incidents", "statuspage", "templates", "static", "requirements")
MARK = "made by the next release"


@pytest.fixture(params=["sqlite", "postgresql"])
def variables(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The settings of an installation: none, or those of a PostgreSQL of its own."""
    if request.param == "sqlite":
        yield {}
        return
    database = PostgresServer()
    with psycopg.connect(f"{database.url.rpartition('/')[0]}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE statuspage")
    try:
        yield {"DATABASE_URL": database.url}
    finally:
        database.stop()


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """A second checkout with another frame of its pages and another style sheet."""
    checkout = tmp_path / "next"
    for name in PARTS:
        shutil.copytree(ROOT / name, checkout / name)
    shutil.copy(ROOT / "manage.py", checkout)
    frame = checkout / "templates/public/base.html"
    frame.write_text(frame.read_text().replace("</body>", f"<!-- {MARK} --></body>"))
    with (checkout / "static/css/public.css").open("a") as sheet:
        sheet.write("\n/* next */\n")
    return checkout


def read(site: RunningSite, path: str) -> str:
    with urllib.request.urlopen(site.address + path, timeout=60) as answer:  # noqa: S310 - our own
        return str(answer.read().decode())


def style_sheet(page: str) -> str:
    found = re.search(r'href="(/static/css/public\.[0-9a-f]+\.css)"', page)
    assert found is not None
    return found[1]


def former_pages(folder: Path) -> list[str]:
    """Return the paths of the pages on disk that the former release made."""
    library = Library(folder / "published")
    pages = [one for code in library.pages_on_disk() for one in library.store_of(code).everything()]
    assert len(pages) > 50
    # The frame for other people's pages has a template of its own, which the next release leaves as it is.
    framed = [one for one in pages if b'<main id="main"' in one.body]
    return [one.path for one in framed if MARK.encode() not in one.body]


def wait_until_renewed(folder: Path, seconds: float = 240) -> float:
    """Return after how many seconds no page of the former release is left."""
    began = time.monotonic()
    while former_pages(folder):
        assert time.monotonic() - began < seconds, former_pages(folder)
        time.sleep(0.2)
    return time.monotonic() - began


def test_the_next_release_shows_its_page_to_the_first_reader_and_heals_after_a_kill(
    tmp_path: Path, next_release: Path, variables: dict[str, str]
) -> None:
    folder = tmp_path / "data"
    with running_site(folder, **variables) as site:
        former = style_sheet(read(site, "/"))
        assert MARK not in read(site, "/")
        site.stop()
    with running_site(folder, root=next_release, **variables) as site:
        page = read(site, "/")
        assert MARK in page
        assert style_sheet(page) != former
        assert "/* next */" in read(site, style_sheet(page))
        # Pages not made again yet, and readers with an open page, still ask for it.
        assert site.status_of(former) == 200
        os.kill(site.child(), signal.SIGKILL)
        print(f"every page made again after {wait_until_renewed(folder):.1f} s, the web process killed meanwhile")
        assert MARK in read(site, "/")


def test_without_a_database_the_next_release_serves_what_was_published_before(
    tmp_path: Path, next_release: Path
) -> None:
    folder = tmp_path / "data"
    with running_site(folder) as site:
        site.stop()
    gone = {"DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/nothing"}
    with running_site(folder, root=next_release, **gone) as site:
        page = read(site, "/")
        assert MARK not in page
        assert site.status_of(style_sheet(page)) == 200
