"""The shipped nginx configuration serves the exported tree as the front serves memory."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest

from incidents.publishing.library import Library
from incidents.publishing.tree import file_name
from tests.faults.prober import wait_for_answer
from tests.running.running import ROOT, RunningSite, command_environment, running_site
from tests.servers.finding import free_port
from tests.servers.nginx import running_nginx, shipped_configuration

OWN = {
    "server",
    "date",
    "connection",
    "strict-transport-security",
    "etag",
    "last-modified",
    "accept-ranges",
    "transfer-encoding",
    "vary",
}
"""Headers each server makes in its own way."""


@dataclass
class Both:
    """A site, and nginx in front of it with the tree the site keeps."""

    site: RunningSite
    port: int
    tree: Path
    paths: list[str]
    nginx: "subprocess.Popen[bytes]"

    def ask(self, path: str, *, front: bool = False, **headers: str) -> tuple[int, Message, bytes]:
        port = self.site.port if front else self.port
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=given)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()


def published_whole(library: Library, tree: Path) -> list[str]:
    """Return the paths of the page once it is published in both languages, every file of the tree included."""
    deadline, known, missing = time.monotonic() + 360, -1, [""]
    while time.monotonic() < deadline:
        (code,) = library.pages_on_disk()
        documents = list(library.store_of(code).everything())
        # Nothing came for a while although there is German: then all has come.
        missing = [one.path for one in documents if not (tree / file_name(one)).exists()]
        if len(documents) == known and (tree / "de" / "uptime.html").exists() and not missing:
            return [one.path for one in documents]
        known = len(documents)
        time.sleep(3)
    raise AssertionError(f"After six minutes {known} documents were published and more to come, {missing} in the tree.")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("nginx")
    public, port = folder / "public", free_port()
    with running_site(folder / "data", PUBLISH_TO=str(public), LOG_LEVEL="WARNING") as site:
        wait_for_answer(site.port, "/sitemap.xml", 60)
        publish_in_german(folder / "data", site.port, PUBLISH_TO=str(public))
        paths = published_whole(Library(folder / "data" / "published"), public / "default")
        configuration = shipped_configuration(folder, port=port, tree=public / "default", behind=site.port)
        with running_nginx(folder, configuration, port=port) as nginx:
            yield Both(site, port, public / "default", paths, nginx)


def publish_in_german(folder: Path, port: int, **variables: str) -> None:
    """Let the page be published in a further language, as staff would, by a process of its own."""
    deed = (
        "from incidents.models import Page; from incidents.lib.clock import now; "
        "Page.objects.get().edit(by='test', at=now(), further_languages=['de'])"
    )
    environment = command_environment(folder, port, **variables)
    subprocess.run([sys.executable, ROOT / "manage.py", "shell", "-c", deed], env=environment, check=True)


def test_every_document_has_the_same_bytes_and_headers_as_from_the_front(both: Both) -> None:
    assert len(both.paths) > 100
    for path in both.paths:
        status, headers, body = both.ask(path)
        wanted_status, wanted, wanted_body = both.ask(path, front=True)
        assert (status, wanted_status) == (200, 200), path
        assert body == wanted_body, path
        told = {name.lower(): value for name, value in headers.items() if name.lower() not in OWN}
        expected = {name.lower(): value for name, value in wanted.items() if name.lower() not in OWN}
        assert told == expected, path
        assert headers["ETag"], path
        assert headers["Last-Modified"] == wanted["Last-Modified"], path


def test_packed_forms_and_304_come_from_files(both: Both) -> None:
    for packing in ("br", "gzip"):
        status, headers, body = both.ask("/", accept_encoding=packing)
        assert (status, headers["Content-Encoding"]) == (200, packing)
        assert body == both.ask("/", front=True, accept_encoding=packing)[2]
    etag = both.ask("/")[1]["ETag"]
    assert both.ask("/", if_none_match=etag)[0] == 304


def test_what_is_no_file_goes_to_the_app(both: Both) -> None:
    assert both.ask("/subscribe")[0] == 200
    assert both.ask("/subscribe/expectation")[1]["Cache-Control"] == "no-store"
    assert both.ask("/affects-me")[0] == 405, "made for POST"
    assert "Cookie" in str(both.ask("/console/sign-in")[1].get("Vary"))
    assert both.ask("/no-such-address")[0] == 404
    assert both.ask("/_headers")[0] == 404


def test_a_further_language_is_served_below_its_prefix(both: Both) -> None:
    assert {"/de", "/de/history", "/de/live/index", "/de/history.atom", "/de/index.md"} <= set(both.paths)
    assert b'<html lang="de"' in both.ask("/de")[2]
    assert b'<html lang="de"' in both.ask("/de/subscribe")[2]
    assert both.ask("/de/subscribe")[1]["Cache-Control"] == "no-store"
    assert b"frozen-and-found" in both.ask("/de/history/search?q=frozen-and-found")[2]
    assert b"frozen-and-found" not in both.ask("/de/history/search?q=something-else")[2]
    assert both.ask("/ja")[0] == 404


def test_two_searches_are_two_answers(both: Both) -> None:
    assert b"frozen-and-found" in both.ask("/history/search?q=frozen-and-found")[2]
    assert b"frozen-and-found" not in both.ask("/history/search?q=something-else")[2]
    assert both.ask("/components?q=api")[2] != both.ask("/components?q=nothing-like-it")[2]
    for address in ("/errors/search", "/de/errors/search"):
        assert both.ask(f"{address}?range=400-499")[2] != both.ask(f"{address}?q=nothing-like-it")[2], address


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("text/markdown", "text/markdown; charset=utf-8"),
        ("text/markdown, text/html, */*", "text/markdown; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("application/json, text/plain, */*", "application/json; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
    ],
)
def test_who_asks_for_another_form_of_a_page_gets_it_from_a_file(both: Both, accept: str, content_type: str) -> None:
    incident = next(one for one in both.paths if one.startswith("/incidents/") and "." not in one)
    for path in ("/", "/history", "/uptime", incident):
        status, headers, body = both.ask(path, accept=accept)
        wanted = both.ask(path, accept=accept, front=True)
        assert (status, headers["Content-Type"]) == (200, content_type), path
        assert body == wanted[2], path
        assert headers["Cache-Control"] == wanted[1]["Cache-Control"], path
        assert headers["Vary"] == "Accept, Accept-Encoding", path


def test_a_query_that_means_nothing_gets_the_file(both: Both) -> None:
    assert both.ask("/?utm_source=x")[2] == both.ask("/")[2]
    assert both.ask("/history?page=abc")[0] in (200, 404)


def test_with_the_app_dead_every_document_is_still_served(both: Both) -> None:
    both.site.process.kill()
    both.site.process.wait()
    for path in both.paths:
        assert both.ask(path)[0] == 200, path
