"""Documents on disk: each replaced whole or not at all, the version before kept beside it.

One folder per page. A document is one file (published.to_record), named by a digest of its path. Beside the
documents lies a small pointer: which generation this is, for which hosts, and what the last generations
changed; other processes of this machine look at nothing else to learn of a change.
"""

import fcntl
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from incidents.lib.failpoints import failpoint
from incidents.publishing.drafts import PREFIX, replace_files
from incidents.publishing.published import NotADocument, Published, from_record, to_record

GENERATIONS_TOLD = 60
"""How many generations back the pointer lists changes; who is further behind reads everything again."""

_PREVIOUS = ".previous"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What is in a folder. `changes` are pairs of a generation and the paths it changed, newest last."""

    page: str
    host: str = ""
    is_default: bool = False
    generation: int = 0
    seq: int = 0
    made_at: str = ""
    """ISO 8601 in UTC; empty before the first publishing."""
    changes: tuple[tuple[int, tuple[str, ...]], ...] = ()
    withdrawn: int = 0
    """The generation with which everything before was taken back; nothing up to it is ever shown again."""

    @property
    def moment(self) -> datetime | None:
        """When the generation was made."""
        return datetime.fromisoformat(self.made_at) if self.made_at else None

    def changed_since(self, generation: int) -> dict[str, int] | None:
        """Return the generation of each path that changed after `generation`, None where that is too long ago."""
        if generation < self.generation and (not self.changes or self.changes[0][0] > generation + 1):
            return None
        # The generation itself as well: its documents may have come in two writes.
        return {path: made for made, paths in self.changes if made >= generation for path in paths}


Beside = Callable[[Pointer, Sequence[Published]], None]


class Store:
    """The documents of one page on disk. Every method may meet a broken disk: writing raises OSError, reading never."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents = folder / "documents"
        self._pointer_path = folder / "pointer"

    def read(self, path: str) -> Published | None:
        """Return the document at `path`, the version before it where the file is damaged, else None."""
        file = self._file(path)
        for candidate in (file, file.with_name(file.name + _PREVIOUS)):
            try:
                document = from_record(candidate.read_bytes())
            except FileNotFoundError:
                # The version before exists only where there was a first one.
                continue
            except (OSError, NotADocument) as error:
                log.warning("%s of %s is damaged (%r)", candidate.name, path, error)
                continue
            if document.path == path:
                return document
        return None

    def everything(self) -> Iterator[Published]:
        """Yield every document that is not gone, in no order."""
        names = sorted({file.name.removesuffix(_PREVIOUS) for file in self.documents.glob("*") if not _is_draft(file)})
        for name in names:
            document = self._readable(self.documents / name)
            if document is not None and not document.is_gone:
                yield document

    def write(
        self,
        documents: Sequence[Published],
        pointer: Pointer,
        *,
        since: int | None = None,
        beside: Beside | None = None,
    ) -> Pointer:
        """Replace documents, then the pointer, and return it; nothing older ever replaces something newer.

        `documents` are all that changed after the generation `since` (one less than the pointer's where not
        given). The pointer's generation moves on only from there: with one left out in between, a publishing
        of another node that nobody fetched yet would never be missed.

        `beside` is called with the pointer that stood and with the documents, alone on this machine, before
        the pointer moves. Raises OSError where the disk refuses; then every path still has its former version.
        """
        with self.alone():
            standing = self.pointer() or Pointer(page=pointer.page)
            least = standing.withdrawn + 1
            newer = [one for one in documents if one.generation >= max(least, self._generation_at(one.path))]
            replace_files({self._file(one.path): to_record(one) for one in newer}, {}, _keep_previous)
            self._forget_former([one for one in newer if one.is_gone])
            failpoint("documents-on-disk")
            if beside:
                beside(standing, newer)
            follows = standing.generation >= (pointer.generation - 1 if since is None else since)
            reached = pointer if follows else replace(pointer, generation=min(standing.generation, pointer.generation))
            told = _with_changes(standing, reached, pointer.generation, [one.path for one in newer])
            replace_files({self._pointer_path: _sealed(told)}, {}, _keep_previous)
            failpoint("pointer-on-disk")
        return told

    def pointer(self) -> Pointer | None:
        """Return what is in the folder, the state before where the pointer is damaged, None where both are."""
        for candidate in (self._pointer_path, self._pointer_path.with_name("pointer" + _PREVIOUS)):
            try:
                return _unsealed(candidate.read_bytes())
            except FileNotFoundError:
                continue
            except (OSError, NotADocument) as error:
                log.warning("%s is damaged (%r)", candidate, error)
        return None

    def generation(self) -> int:
        """Return the generation in the folder, 0 where nothing readable is there."""
        pointer = self.pointer()
        return pointer.generation if pointer else 0

    def signature(self) -> tuple[int, int]:
        """Return a number pair that differs after every change; (0, 0) where nothing is there."""
        try:
            status = os.stat(self._pointer_path)  # noqa: PTH116 - five times a second for each page
        except OSError:
            return 0, 0
        return status.st_ino, status.st_mtime_ns

    def sweep_up(self, *beside: Path) -> None:
        """Remove drafts that killed processes left here and in folders `beside` that this lock guards too."""
        with self.alone():
            for folder in (self.folder, *beside):
                for file in folder.rglob(f"{PREFIX}*"):
                    file.unlink(missing_ok=True)

    def _forget_former(self, gone: Iterable[Published]) -> None:
        """Remove the versions before: what was taken from readers must not come back from a damaged file."""
        for document in gone:
            file = self._file(document.path)
            file.with_name(file.name + _PREVIOUS).unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove everything that was published here; what else lies in the folder stays. Raises OSError."""
        with self.alone():
            shutil.rmtree(self.documents)
            for file in (self._pointer_path, self._pointer_path.with_name("pointer" + _PREVIOUS)):
                file.unlink(missing_ok=True)
            (self.folder / "lock").unlink(missing_ok=True)
        with suppress(OSError):
            self.folder.rmdir()

    def withdraw(self, pointer: Pointer) -> None:
        """Remove every document, and say so to the other processes of this machine. Raises OSError."""
        with self.alone():
            shutil.rmtree(self.documents)
            self.documents.mkdir()
            replace_files({self._pointer_path: _sealed(pointer)}, {}, _keep_previous)
            self._pointer_path.with_name("pointer" + _PREVIOUS).unlink(missing_ok=True)

    def _file(self, path: str) -> Path:
        return self.documents / hashlib.sha256(path.encode()).hexdigest()[:40]

    def _readable(self, file: Path) -> Published | None:
        for candidate in (file, file.with_name(file.name + _PREVIOUS)):
            try:
                return from_record(candidate.read_bytes())
            except (OSError, NotADocument):
                continue
        return None

    def _generation_at(self, path: str) -> int:
        document = self._readable(self._file(path))
        return document.generation if document else 0

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other writers of this machine out; the kernel drops the lock of a process that dies."""
        self.documents.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _with_changes(standing: Pointer, pointer: Pointer, generation: int, paths: list[str]) -> Pointer:
    """Return `pointer` with the changes told so far and these; an older writer does not take the place back."""
    newest = pointer if pointer.generation >= standing.generation else standing
    changes = (*standing.changes, (generation, tuple(paths)))
    withdrawn = max(standing.withdrawn, pointer.withdrawn)
    return replace(newest, changes=tuple(sorted(changes)[-GENERATIONS_TOLD:]), withdrawn=withdrawn)


def _is_draft(file: Path) -> bool:
    return file.name.startswith(PREFIX)


def _keep_previous(file: Path) -> None:
    """Give the standing version a second name, so that there is always one whole version."""
    link = file.with_name(f"{PREFIX}{file.name}")
    link.unlink(missing_ok=True)
    try:
        link.hardlink_to(file)
    except FileNotFoundError:
        return
    link.replace(file.with_name(file.name + _PREVIOUS))


def _sealed(pointer: Pointer) -> bytes:
    about = asdict(pointer)
    if not pointer.withdrawn:
        # A release that knows no private pages, gone back to, would not know the word.
        del about["withdrawn"]
    content = json.dumps(about).encode()
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def _unsealed(record: bytes) -> Pointer:
    digest, _, content = record.partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != digest:
        raise NotADocument
    about = json.loads(content)
    changes = tuple((generation, tuple(paths)) for generation, paths in about.pop("changes"))
    return Pointer(**about, changes=changes)
