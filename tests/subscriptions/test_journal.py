"""The suppression journal: on disk before the answer, readable whatever happened to its end."""

import os
import resource
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidents.subscriptions.choices import Suppressing
from incidents.subscriptions.suppression.journal import Journal, JournalUnwritable, Line, digest_of, files_beside
from tests.build import NOON


def line(journal: Journal, address: str = "sam@example.com", *, at: datetime = NOON) -> Line:
    salt = journal.salt()
    digest = digest_of(salt, channel="email", address_key=address)
    return Line(at, Suppressing.LEFT, "page12345678", "email", salt, digest, "code12345678")


def written(journal: Journal) -> list[Line]:
    return journal.read(start=0, lines=10_000).lines


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "suppression.journal")


def test_a_line_is_read_back_as_it_was_written(journal: Journal) -> None:
    journal.append(line(journal))
    assert written(journal) == [line(journal)]


def test_the_file_names_nobody(journal: Journal) -> None:
    journal.append(line(journal, "samantha@example.com"))
    # Longer than what comes about in a digest by chance.
    assert not any(name in journal.path.read_bytes() for name in (b"samantha", b"example"))
    assert journal.path.stat().st_mode & 0o077 == 0


def test_two_files_name_the_same_address_differently(tmp_path: Path) -> None:
    one, other = Journal(tmp_path / "suppression-1.journal"), Journal(tmp_path / "suppression-2.journal")
    assert line(one).digest != line(other).digest
    assert {found.path for found in files_beside(one.path)} == {one.path, other.path}


def test_a_torn_last_line_is_left_alone_and_the_next_one_stands_by_itself(journal: Journal) -> None:
    journal.append(line(journal, "a@example.com"))
    journal.append(line(journal, "b@example.com"))
    whole = journal.path.read_bytes()
    for length in range(whole.rindex(b"\n", 0, -1) + 2, len(whole) - 1):
        journal.path.write_bytes(whole[:length])
        assert written(journal) == [line(journal, "a@example.com")]
        journal.append(line(journal, "c@example.com"))
        assert written(journal) == [line(journal, "a@example.com"), line(journal, "c@example.com")]


def test_a_changed_octet_is_noticed_anywhere_in_a_line(journal: Journal) -> None:
    journal.append(line(journal))
    whole = journal.path.read_bytes()
    start = whole.index(b"\n") + 1
    for place in range(start, len(whole) - 1):
        journal.path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        reading = journal.read(start=0, lines=10)
        assert (reading.lines, reading.damaged > 0) == ([], True)


def test_reading_goes_on_where_it_stopped(journal: Journal) -> None:
    for number in range(5):
        journal.append(line(journal, f"a{number}@example.com"))
    first = journal.read(start=0, lines=2)
    rest = journal.read(start=first.end, lines=10)
    assert [*first.lines, *rest.lines] == written(journal)
    assert journal.read(start=rest.end, lines=10).lines == []


def test_many_writers_lose_no_line(journal: Journal) -> None:
    def write(writer: int) -> None:
        for number in range(25):
            journal.append(line(journal, f"w{writer}n{number}@example.com"))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(written(journal)) == 200
    assert journal.read(start=0, lines=1_000).damaged == 0


def test_a_disk_with_room_for_half_a_line_is_said_in_words(journal: Journal) -> None:
    """The limit on the size of files does to one process what a full disk does to all: a part is written."""
    journal.append(line(journal, "a@example.com"))
    heard, said = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_FSIZE, (journal.size() + 20, journal.size() + 20))
        try:
            journal.append(line(journal, "b@example.com"))
        except JournalUnwritable as reason:
            os.write(said, str(reason).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert b"No space left on device" in os.read(heard, 1_000)
    journal.append(line(journal, "c@example.com"))
    assert written(journal) == [line(journal, "a@example.com"), line(journal, "c@example.com")]


def test_another_file_in_its_place_is_not_written_to(journal: Journal) -> None:
    journal.path.write_text("a diary\n")
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(JournalUnwritable, match="first line"):
        journal.append(Line(moment, Suppressing.LEFT, "p", "email", "00", "11", "c"))
    assert journal.path.read_text() == "a diary\n"


def test_a_line_is_on_disk_before_the_call_returns(journal: Journal, tmp_path: Path) -> None:
    """A process that ends without any good-bye right after the call has lost nothing."""
    made = line(journal)
    child = os.fork()
    if not child:
        journal.append(made)
        os._exit(0)
    os.waitpid(child, 0)
    assert written(journal) == [made]
