import gzip
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from time import sleep
from typing import Any

import brotli
import pytest

from incidents.lib.clock import now
from incidents.publishing.front import Front
from incidents.publishing.library import SILENCE_ALLOWED, Library
from incidents.publishing.store import Pointer, Store
from tests.publishing.published import Reader
from tests.publishing.test_store import BODY, a_document


@pytest.fixture
def shown(library: Library) -> Library:
    """A library with a first page and two pages of history."""
    documents = [a_document("/"), a_document("/history"), a_document("/history?page=2", body=b"older" * 99)]
    put(library, *documents)
    return library


def put(library: Library, *documents: Any, host: str = "", page: str = "acme", **pointer: Any) -> None:
    about = {"is_default": not host, "made_at": now().isoformat(), "generation": documents[0].generation, **pointer}
    library.store_of(page).write(documents, Pointer(page=page, host=host, **about))
    library.look_around()


def test_a_published_path_is_answered_without_the_application_behind(shown: Library, reader: Reader) -> None:
    reply = reader.get("/")
    assert (reply.status, reply.body) == (200, BODY)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["content-length"] == str(len(BODY))
    assert reply.headers["x-own"] == "yes"
    assert reply.headers["vary"] == "Accept-Encoding"
    assert "stale-if-error" in reply.headers["cache-control"]
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    assert "set-cookie" not in reply.headers


def test_l04_an_idle_poll_takes_at_most_400_bytes(shown: Library, reader: Reader) -> None:
    etag = reader.get("/").headers["etag"]
    reply = reader.get("/", if_none_match=etag)
    assert (reply.status, reply.body) == (304, b"")
    lines = [f"{name}: {value}" for name, value in reply.headers.items()]
    # What servers add themselves: granian a date and its name, nginx a little more.
    sent = "\r\n".join(["HTTP/1.1 304 Not Modified", *lines, "date: Sat, 21 Nov 2026 14:43:46 GMT", "server: granian"])
    assert len(sent) + 4 <= 400, sent


@pytest.mark.parametrize("path", ["/console/", "/nothing", "/history?page=9", "/history?page=x"])
def test_any_other_path_goes_behind(shown: Library, reader: Reader, path: str) -> None:
    assert reader.get(path).status == 299


@pytest.mark.parametrize(("path", "to"), [("/history/", "/history"), ("/history/?page=2&x=1", "/history?page=2&x=1")])
def test_a_slash_too_many_leads_to_the_published_path(shown: Library, reader: Reader, path: str, to: str) -> None:
    reply = reader.get(path)
    assert (reply.status, reply.headers["location"], reply.body) == (301, to, b"")


@pytest.mark.parametrize("path", ["/nothing/", "//evil.example/", "//history/", "/history//"])
def test_a_slash_behind_nothing_published_goes_behind(shown: Library, reader: Reader, path: str) -> None:
    assert reader.get(path).status == 299


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_any_other_method_goes_behind(shown: Library, reader: Reader, method: str) -> None:
    assert reader.get("/", method=method).status == 299


def test_head_has_the_headers_and_no_body(shown: Library, reader: Reader) -> None:
    head, get = reader.get("/", method="HEAD"), reader.get("/")
    assert head.body == b""
    assert head.headers == get.headers


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("", ""),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("*", "br"),
        ("identity, *;q=0", ""),
        ("br;q=nonsense, gzip", "gzip"),
        ("identity;q=1, br;q=0.1", ""),
    ],
)
def test_the_packing_is_the_one_the_reader_likes_best(shown: Library, reader: Reader, accepted: str, sent: str) -> None:
    reply = reader.get("/", accept_encoding=accepted)
    assert reply.headers.get("content-encoding", "") == sent
    unpack = {"": bytes, "br": brotli.decompress, "gzip": gzip.decompress}[sent]
    assert unpack(reply.body) == BODY
    assert reply.headers["content-length"] == str(len(reply.body))


def test_each_packing_has_a_validator_of_its_own(shown: Library, reader: Reader) -> None:
    etags = {reader.get("/", accept_encoding=one).headers["etag"] for one in ("", "br", "gzip")}
    assert len(etags) == 3
    assert all(etag.startswith('"') and etag.endswith('"') for etag in etags)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_a_reader_who_has_it_gets_304(shown: Library, reader: Reader, form: str) -> None:
    etag = reader.get("/").headers["etag"]
    reply = reader.get("/", if_none_match=form.format(etag))
    assert (reply.status, reply.body) == (304, b"")
    assert reply.headers["etag"] == etag
    assert {"cache-control", "vary", "etag"} <= set(reply.headers)
    assert "content-length" not in reply.headers


def test_a_reader_who_has_another_version_gets_the_new_one(shown: Library, reader: Reader) -> None:
    assert reader.get("/", if_none_match='"other"').status == 200
    # The validator decides alone where one is sent (RFC 9110, 13.2.2).
    later = "Sat, 21 Nov 2037 12:00:00 GMT"
    assert reader.get("/", if_none_match='"other"', if_modified_since=later).status == 200


def test_a_time_of_change_is_a_validator_too(shown: Library, reader: Reader) -> None:
    modified = reader.get("/").headers["last-modified"]
    assert reader.get("/", if_modified_since=modified).status == 304
    assert reader.get("/", if_modified_since="Fri, 20 Nov 2026 12:00:00 GMT").status == 200
    assert reader.get("/", if_modified_since="yesterday").status == 200


def test_history_has_pages_and_every_other_query_means_nothing(shown: Library, reader: Reader) -> None:
    assert reader.get("/history?page=2").body == b"older" * 99
    assert reader.get("/history?page=1").body == BODY
    assert reader.get("/history?open=1").body == BODY
    assert reader.get("/?cachebuster=1").body == BODY


def test_a_page_answers_at_its_host_only_and_the_default_at_ours(shown: Library, reader: Reader, settings: Any) -> None:
    put(shown, a_document("/", body=b"theirs" * 99), host="other.example", page="theirs")
    settings.ALLOWED_HOSTS = ["testserver"]
    assert reader.get("/", host="other.example").body == b"theirs" * 99
    assert reader.get("/", host="OTHER.example:8000").body == b"theirs" * 99
    assert reader.get("/", host="testserver").body == BODY
    assert reader.get("/", host="evil.example").status == 299
    assert reader.get("/", host="").status == 299


def test_a_change_on_disk_is_seen_at_the_next_look(shown: Library, reader: Reader) -> None:
    assert reader.get("/").body == BODY
    Store(shown.folder / "acme").write(
        [a_document("/", body=b"changed" * 99, generation=2)],
        Pointer(page="acme", is_default=True, generation=2, made_at=now().isoformat()),
    )
    assert reader.get("/").body == BODY
    shown.look_around()
    assert reader.get("/").body == b"changed" * 99


def test_a_document_that_is_gone_goes_behind(shown: Library, reader: Reader) -> None:
    assert reader.get("/").status == 200
    gone = a_document("/", generation=2)
    object.__setattr__(gone, "is_gone", True)
    put(shown, gone)
    assert reader.get("/").status == 299


def test_a_new_process_starts_from_disk_alone(shown: Library) -> None:
    fresh = Library(shown.folder)
    fresh.look_around()
    assert Reader(fresh).get("/history").body == BODY


def test_after_five_silent_minutes_readers_are_told_that_they_read_a_saved_copy(
    shown: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = b'<body><main id="main" class="column">\n<h1>All good</h1>' + b" " * 400
    put(shown, a_document("/", body=page, generation=2))
    reader = Reader(shown)
    shown.hear_from_database()
    shown.look_around()
    assert b"saved copy" not in reader.get("/").body
    before = reader.get("/").headers["etag"]
    shown._heard -= SILENCE_ALLOWED.total_seconds() + 1
    shown.look_around()
    told = reader.get("/")
    moment = f"{shown._heard_at:%H:%M} UTC"
    assert "You are reading a saved copy from <time" in told.body.decode()
    assert moment in told.body.decode()
    assert told.headers["etag"] != before
    assert brotli.decompress(reader.get("/", accept_encoding="br").body) == told.body
    shown.hear_from_database()
    shown.look_around()
    assert reader.get("/").headers["etag"] == before


def test_a_start_without_a_database_marks_an_old_copy_at_once(library: Library) -> None:
    old = (now() - timedelta(hours=2)).isoformat()
    page = b'<main id="main">\n' + b"x" * 400
    put(library, a_document("/", body=page), made_at=old)
    fresh = Library(library.folder)
    fresh.look_around()
    assert b"saved copy" in Reader(fresh).get("/").body


def test_what_the_disk_refused_is_served_from_memory(shown: Library, reader: Reader) -> None:
    new = a_document("/", body=b"unsaved" * 99, generation=7)
    shown.place("acme", [new], saved=False)
    assert reader.get("/").body == b"unsaved" * 99
    shown.look_around()
    assert reader.get("/").body == b"unsaved" * 99


def test_an_older_version_never_comes_back_into_memory(shown: Library, reader: Reader) -> None:
    shown.place("acme", [a_document("/", body=b"new" * 200, generation=9)], saved=True)
    shown.place("acme", [a_document("/", body=b"old" * 200, generation=8)], saved=True)
    assert reader.get("/").body == b"new" * 200


def test_two_hundred_and_fifty_six_readers_of_a_changed_page_make_no_work(shown: Library, reader: Reader) -> None:
    reader.get("/")
    reads: list[str] = []
    shelf = shown.shelf_at("testserver")

    class Counting(Store):
        def read(self, path: str) -> Any:
            reads.append(path)
            return super().read(path)

    shelf.store = Counting(shelf.store.folder)
    start = Barrier(257)
    bodies: list[bytes] = []

    def read() -> None:
        start.wait()
        body = BODY
        while body == BODY:
            body = reader.get("/").body
            bodies.append(body)
            sleep(0.01)

    threads = [Thread(target=read) for _ in range(256)]
    for thread in threads:
        thread.start()
    start.wait()
    put(shown, a_document("/", body=b"changed" * 99, generation=2))
    for thread in threads:
        thread.join()
    assert reads == ["/"]
    assert len(bodies) >= 256
    assert set(bodies) <= {BODY, b"changed" * 99}
    assert reader.get("/").body == b"changed" * 99


def test_a_busy_application_behind_leaves_published_paths_alone(shown: Library) -> None:
    entered, go_on = Barrier(3), Barrier(3)

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        entered.wait()
        go_on.wait()
        start_response("200 OK", [])
        return [b"slow"]

    reader = Reader(shown)
    reader.front = Front(slow, shown, at_once=2)
    threads = [Thread(target=reader.get, args=("/console/",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    entered.wait()
    assert reader.get("/").status == 200
    go_on.wait()
    for thread in threads:
        thread.join()


def test_too_many_for_the_application_behind_are_told_to_come_again(
    shown: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.publishing.front._PATIENCE", 0.01)
    reader = Reader(shown)
    reader.front = Front(reader._behind, shown, at_once=1)
    reader.front._places.acquire()
    reply = reader.get("/console/")
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")


def test_a_rubbish_folder_among_the_pages_harms_nobody(shown: Library, reader: Reader) -> None:
    (shown.folder / "rubbish").mkdir()
    Path(shown.folder / "rubbish" / "pointer").write_bytes(b"\x00")
    (shown.folder / "stray").write_text("x")
    shown.look_around()
    assert reader.get("/").status == 200
