"""The file of the suppression journal: one line for each leave, fsynced before it counts as written.

    suppression-journal 1 <salt> <check>
    2026-11-21T12:00:00+00:00 left <page> <channel> <salt>.<digest> <subscriber> <check>

The digest is an HMAC of channel and address with a salt, as a rule that of the file: the file names
nobody, works without the secret key, and outlives a restored database. `check` is over the rest of
its line. A line that a crash tore off is skipped; the next one begins on a line of its own.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from incidents.subscriptions.choices import Suppressing

TITLE = "suppression-journal"
VERSION = "1"
SALT_OCTETS = 16
LONGEST_LINE = 1_024


class JournalUnwritable(Exception):
    """The line is not on disk; the words say why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry; `page` and `subscriber` are codes."""

    at: datetime
    kind: Suppressing
    page: str
    channel: str
    salt: str
    digest: str
    subscriber: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds from some octet on, up to `end`; `damaged` counts lines that cannot be believed."""

    lines: list[Line]
    end: int
    damaged: int


def digest_of(salt: str, *, channel: str, address_key: str) -> str:
    """Return what stands for an address in a file with `salt` (in hexadecimal)."""
    return hmac.new(bytes.fromhex(salt), f"{channel}\n{address_key}".encode(), hashlib.sha256).hexdigest()


def new_salt() -> str:
    """Return a fresh salt in hexadecimal."""
    return secrets.token_hex(SALT_OCTETS)


@dataclass(frozen=True, slots=True)
class Journal:
    """One file: written by the processes of one machine, read by everybody."""

    path: Path

    def append(self, line: Line) -> None:
        """Write a line and return once it is on disk. Raises JournalUnwritable."""
        try:
            with self._locked() as file:
                self._salt_in(file)
                _write_all(file, _after_torn_line(file) + _written(line))
                # Unlocked before the fsync: several writers share what one costs.
                fcntl.flock(file, fcntl.LOCK_UN)
                os.fsync(file)
        except OSError as error:
            raise JournalUnwritable(f"{self.path}: {error.strerror or error}") from error

    def salt(self) -> str:
        """Return the salt of the file, which is made where there is none. Raises JournalUnwritable."""
        try:
            with self._locked() as file:
                return self._salt_in(file)
        except OSError as error:
            raise JournalUnwritable(f"{self.path}: {error.strerror or error}") from error

    def size(self) -> int:
        """Return the octets of the file, 0 where there is none."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def known_salt(self) -> str:
        """Return the salt without making a file; "" where there is none, or its first line is damaged."""
        try:
            with self.path.open("rb") as file:
                return _salt_of(file.readline(LONGEST_LINE))
        except OSError:
            return ""

    def read(self, *, start: int, lines: int) -> Reading:
        """Return up to `lines` lines from octet `start` on; a last line without an end is left for later.

        Raises OSError.
        """
        with self.path.open("rb") as file:
            file.readline(LONGEST_LINE)
            file.seek(max(start, file.tell()))
            return _reading(file, lines)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """Open the file for appending, locked against other processes of this machine."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def _salt_in(self, file: int) -> str:
        """Return the salt of an open, locked file; an empty one gets its first line."""
        first = os.pread(file, LONGEST_LINE, 0)
        if first:
            salt = _salt_of(first.partition(b"\n")[0])
            if not salt:
                raise OSError(f"its first line is not that of a {TITLE}")
            return salt
        salt = new_salt()
        words = f"{TITLE} {VERSION} {salt}"
        _write_all(file, f"{words} {_check(words)}\n".encode())
        os.fsync(file)
        self._sync_folder()
        return salt

    def _sync_folder(self) -> None:
        """Make sure that a new file is still in its folder after a power cut."""
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def files_beside(path: Path) -> list[Journal]:
    """Return the journals to read: that of this machine and its neighbours' in the same folder."""
    return [Journal(found) for found in sorted({path, *path.parent.glob("suppression*.journal")}) if found.exists()]


def _write_all(file: int, octets: bytes) -> None:
    """Write at once or raise: a full disk takes a part and says so by the count only."""
    if os.write(file, octets) != len(octets):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _salt_of(first: bytes) -> str:
    words = first.decode("ascii", "replace").split()
    if len(words) != 4 or words[:2] != [TITLE, VERSION]:
        return ""
    return words[2] if hmac.compare_digest(_check(" ".join(words[:3])), words[3]) else ""


def _after_torn_line(file: int) -> bytes:
    size = os.fstat(file).st_size
    return b"\n" if size and os.pread(file, 1, size - 1) != b"\n" else b""


def _written(line: Line) -> bytes:
    digest = f"{line.salt}.{line.digest}"
    words = " ".join([line.at.isoformat(), line.kind.value, line.page, line.channel, digest, line.subscriber or "-"])
    return f"{words} {_check(words)}\n".encode()


def _reading(file: BinaryIO, most: int) -> Reading:
    lines: list[Line] = []
    damaged = 0
    end = file.tell()
    for raw in _whole_lines(file):
        end += len(raw)
        line = _line_of(raw)
        if line is not None:
            lines.append(line)
        elif raw.strip():
            damaged += 1
        if len(lines) == most:
            break
    return Reading(lines, end, damaged)


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    for raw in file:
        if not raw.endswith(b"\n"):
            return
        yield raw


def _line_of(raw: bytes) -> Line | None:
    words = raw.decode("ascii", "replace").split()
    if len(words) != 7 or not hmac.compare_digest(_check(" ".join(words[:6])), words[6]):
        return None
    at, kind, page, channel, salted, subscriber = words[:6]
    salt, _, digest = salted.partition(".")
    try:
        return Line(datetime.fromisoformat(at), Suppressing(kind), page, channel, salt, digest, subscriber.strip("-"))
    except ValueError:
        return None


def _check(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]
