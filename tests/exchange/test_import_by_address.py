"""A page is read over the web: its public API first, then its history."""

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from incidents.exchange.statuspage.problems import NothingToImport
from incidents.exchange.statuspage.session import ExitCode
from incidents.models import Component, Delivery, Event, Incident, Page, Update
from tests.exchange import statuspage_json as made
from tests.exchange.running import all_rows, take

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Answer = Callable[[str], tuple[int, dict[str, str], bytes]]


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """Serve what `answer` returns for each path; yield the address and the paths asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def found(content: Any) -> tuple[int, dict[str, str], bytes]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return 200, {"Content-Type": "application/json"}, body


MISSING = 404, {"Content-Type": "text/html"}, b"<h1>Not found</h1>"


def months_of(path: str, months: dict[int, list[str]]) -> tuple[int, dict[str, str], bytes]:
    """Return a page of history: the codes on each page number, nothing on the others."""
    number = int(parse_qs(urlsplit(path).query)["page"][0])
    incidents = [{"code": code, "name": "x", "message": "x"} for code in months.get(number, [])]
    return found({"components": [], "months": [{"name": "May", "incidents": incidents}, {"name": "April"}]})


@pytest.fixture(autouse=True)
def loopback_is_open(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_ADDRESSES = ["127.0.0.1"]


def captured_page(folder: Path, months: dict[int, list[str]] | None = None) -> Answer:
    """Answer as the captured page would."""

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        if path.startswith("/history.json"):
            return months_of(path, months or {})
        named = re.fullmatch(r"/api/v2/(?:incidents/)?([\w-]+\.json)", path)
        file = folder / named.group(1) if named else folder / "missing"
        return found(file.read_bytes()) if file.is_file() else MISSING

    return answer


def test_discord_comes_in_by_its_address(discord: Path) -> None:
    with serving(captured_page(discord)) as (address, asked):
        code, _ = take(address)
    assert code == ExitCode.EVERYTHING_TAKEN
    assert (Incident.objects.count(), Update.objects.count(), Component.objects.count()) == (54, 184, 17)
    assert asked[:4] == [
        "/api/v2/summary.json",
        "/api/v2/components.json",
        "/api/v2/incidents.json",
        "/api/v2/scheduled-maintenances.json",
    ]
    assert not Delivery.objects.exists()
    assert not Event.objects.filter(notify=True).exists()


def test_the_address_and_the_files_give_the_same_rows(discord: Path) -> None:
    take(discord)
    before = all_rows()
    with serving(captured_page(discord)) as (address, _):
        _, text = take(f"{address}/api/v2/summary.json")
    assert "There is nothing new to take." in text
    assert all_rows() == before


def test_older_incidents_of_github_are_read_from_its_history(github: Path, tmp_path: Path) -> None:
    codes = [file.stem for file in sorted(github.glob("*.json"))[:30]]
    for code in codes:
        shutil.copy(github / f"{code}.json", tmp_path)
    page = json.loads((tmp_path / f"{codes[0]}.json").read_text())["page"]
    (tmp_path / "summary.json").write_text(json.dumps({"page": page, "components": [], "incidents": []}))
    for name in ("components", "incidents", "scheduled-maintenances"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"page": page, name.replace("-", "_"): []}))
    history = captured_page(tmp_path, {1: codes[:10], 3: codes[10:25], 7: codes[25:]})
    with serving(history) as (address, asked):
        assert take(address)[0] == ExitCode.EVERYTHING_TAKEN
        assert Incident.objects.count() == 30
        assert asked[-1] == "/history.json?page=11"

        del asked[:]
        _, text = take(address)
    assert "There is nothing new to take." in text
    # What was over when it was taken is not fetched again.
    assert not [path for path in asked if path.startswith("/api/v2/incidents/")]


def small_page(**special: Any) -> Answer:
    """Answer as a page with one incident would; `special` replaces the answers for names."""
    answers = {
        "summary": found({"page": made.page(), "components": [made.component()], "incidents": []}),
        "components": found({"page": made.page(), "components": [made.component()]}),
        "incidents": found({"page": made.page(), "incidents": [made.incident()]}),
        "scheduled-maintenances": found({"page": made.page(), "scheduled_maintenances": []}),
        "history": found({"months": []}),
        **special,
    }
    return lambda path: answers[path.rpartition("/")[2].partition(".")[0]]


def test_a_page_without_history_gives_what_it_has_and_says_so() -> None:
    with serving(small_page(history=MISSING)) as (address, _):
        code, text = take(address)
    assert code == ExitCode.EVERYTHING_TAKEN
    assert "history.json?page=1: The page answers with status 404. Older incidents are not read." in text
    assert Incident.objects.count() == 1


def test_a_document_that_fails_costs_only_itself() -> None:
    with serving(small_page(incidents=(500, {}, b""))) as (address, _):
        code, text = take(address)
    assert code == ExitCode.SOME_SKIPPED
    assert "api/v2/incidents.json: The page answers with status 500." in text
    assert Component.objects.count() == 1


def test_a_busy_page_is_asked_again() -> None:
    tries: list[str] = []
    usual = small_page()

    def answer(path: str) -> tuple[int, dict[str, str], bytes]:
        tries.append(path)
        return (429, {"Retry-After": "0"}, b"") if len(tries) < 3 else usual(path)

    with serving(answer) as (address, _):
        assert take(address)[0] == ExitCode.EVERYTHING_TAKEN
    assert tries[:3] == ["/api/v2/summary.json"] * 3


@pytest.mark.parametrize(
    ("summary", "sentence"),
    [
        (MISSING, "The page answers with status 404"),
        ((200, {}, b"<html>Sign in</html>"), "This is a web page, not an export"),
        ((301, {"Location": "https://elsewhere.example.com/"}, b""), "a redirect to elsewhere.example.com"),
        ((200, {}, b""), "is empty"),
    ],
)
def test_an_address_that_is_no_status_page_is_said(summary: Any, sentence: str) -> None:
    with serving(small_page(summary=summary)) as (address, _), pytest.raises(NothingToImport, match=sentence):
        take(address)
    assert not Page.objects.exists()


def test_an_address_inside_is_refused_unless_the_operator_opened_it(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_ADDRESSES = []
    inside = pytest.raises(NothingToImport, match="not a web server on the public internet")
    with serving(small_page()) as (address, asked), inside:
        take(address)
    assert asked == []
