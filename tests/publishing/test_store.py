from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidents.publishing.published import NotADocument, Published, etag_of, from_record, packed, to_record
from incidents.publishing.store import Pointer, Store

BODY = b"<p>All systems operational</p>" * 40


def a_document(path: str = "/", *, body: bytes = BODY, generation: int = 1) -> Published:
    smaller, zipped = packed(body, "text/html; charset=utf-8")
    return Published(
        path=path,
        content_type="text/html; charset=utf-8",
        body=body,
        etag=etag_of(body),
        page_seq=generation,
        generation=generation,
        made_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
        brotli=smaller,
        gzip=zipped,
        headers=(("X-Own", "yes"),),
    )


def pointer(generation: int) -> Pointer:
    return Pointer(page="acme", is_default=True, generation=generation, made_at="2026-11-21T12:00:00+00:00")


def stored(folder: Path, *documents: Published) -> Store:
    store = Store(folder)
    store.write(documents, pointer(max(one.generation for one in documents)), since=0)
    return store


def the_file(store: Store) -> Path:
    (file,) = [one for one in store.documents.iterdir() if not one.name.endswith(".previous")]
    return file


def test_a_document_comes_back_as_it_was(tmp_path: Path) -> None:
    assert stored(tmp_path, a_document()).read("/") == a_document()
    assert Store(tmp_path).read("/other") is None


def test_the_pointer_tells_what_changed_since_a_generation(tmp_path: Path) -> None:
    store = stored(tmp_path, a_document(generation=1))
    store.write([a_document("/history", generation=2)], pointer(2))
    told = store.pointer()
    assert told is not None
    assert told.generation == 2
    assert told.changed_since(2) == {"/history": 2}
    assert told.changed_since(0) == {"/": 1, "/history": 2}


def test_who_is_too_far_behind_is_told_to_read_everything(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for generation in range(1, 70):
        store.write([a_document(generation=generation)], pointer(generation))
    told = store.pointer()
    assert told is not None
    assert told.changed_since(2) is None
    assert told.changed_since(68) == {"/": 69}


def test_the_pointer_waits_for_a_generation_that_was_left_out(tmp_path: Path) -> None:
    store = stored(tmp_path, a_document(generation=1))
    told = store.write([a_document("/history", generation=3)], pointer(3))
    assert told.generation == 1
    # Readers have what came already, and other processes hear of it.
    assert told.changed_since(1) == {"/": 1, "/history": 3}
    told = store.write([a_document("/uptime", generation=2), a_document("/history", generation=3)], pointer(3), since=1)
    assert told.generation == 3


def test_what_is_gone_does_not_come_back_from_a_damaged_file(tmp_path: Path) -> None:
    store = stored(tmp_path, a_document(generation=1))
    store.write([replace(a_document(generation=2), is_gone=True, body=b"")], pointer(2))
    the_file(store).write_bytes(b"rubbish")
    assert store.read("/") is None
    assert BODY not in b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_an_older_version_never_replaces_a_newer_one(tmp_path: Path) -> None:
    store = stored(tmp_path, a_document(body=b"new" * 200, generation=5))
    told = store.write([a_document(body=b"old" * 200, generation=4)], pointer(4))
    assert told.generation == 5
    found = store.read("/")
    assert found is not None
    assert found.body.startswith(b"new")


@pytest.mark.parametrize("damage", [b"", b"statuspage document 1 ", b"\x00" * 500, bytes(range(256)) * 8])
def test_a_damaged_file_gives_the_version_before(tmp_path: Path, damage: bytes) -> None:
    store = stored(tmp_path, a_document(generation=1))
    store.write([a_document(body=b"second" * 99, generation=2)], pointer(2))
    the_file(store).write_bytes(damage)
    found = store.read("/")
    assert found is not None
    assert found.body == BODY


def test_a_file_cut_off_anywhere_is_noticed() -> None:
    record = to_record(a_document())
    for length in (*range(0, 200, 7), len(record) // 2, len(record) - 1):
        with pytest.raises(NotADocument):
            from_record(record[:length])
    with pytest.raises(NotADocument):
        from_record(record[:-1] + b"x")


def test_the_next_write_heals_a_damaged_file(tmp_path: Path) -> None:
    store = stored(tmp_path, a_document(generation=1))
    the_file(store).write_bytes(b"rubbish")
    store.write([a_document(body=b"third" * 99, generation=3)], pointer(3))
    found = store.read("/")
    assert found is not None
    assert found.body == b"third" * 99


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff" * 90])
def test_a_damaged_pointer_gives_the_one_before(tmp_path: Path, damage: bytes) -> None:
    store = stored(tmp_path, a_document(generation=1))
    store.write([a_document("/history", generation=2)], pointer(2))
    (tmp_path / "pointer").write_bytes(damage)
    told = store.pointer()
    assert told is not None
    assert told.generation == 1


def test_everything_is_readable_and_what_is_gone_is_left_out(tmp_path: Path) -> None:
    store = stored(tmp_path, a_document("/a"), a_document("/b"))
    store.write([replace(a_document("/b", generation=2), is_gone=True, body=b"")], pointer(2))
    assert [one.path for one in store.everything()] == ["/a"]


def test_drafts_of_a_killed_process_are_swept_up(tmp_path: Path) -> None:
    store = stored(tmp_path, a_document())
    (store.documents / ".draft-left").write_bytes(b"half")
    assert [one.path for one in store.everything()] == ["/"]
    store.sweep_up()
    assert not (store.documents / ".draft-left").exists()
    assert store.read("/") is not None


def test_the_signature_changes_with_every_write(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.signature() == (0, 0)
    seen = {stored(tmp_path, a_document(generation=number)).signature() for number in range(1, 9)}
    assert len(seen) == 8
