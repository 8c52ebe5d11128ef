"""Replacing files whole: first every draft safely on disk, then one rename each (rename is atomic, POSIX.1)."""

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from incidents.lib.failpoints import failpoint

PREFIX = ".draft-"
"""How the names of drafts begin; a killed process may leave some behind."""

_SYNC_THREADS = 8
"""The file system gathers waiting syncs into one commit of its journal: eight at once cost about as much as one."""


def replace_files(
    contents: Mapping[Path, bytes],
    times: Mapping[Path, int],
    before_each: Callable[[Path], None] | None = None,
) -> None:
    """Put each content in its place, with its time of change (seconds of the epoch) where one is given.

    `before_each` is called with a file right before it is replaced. Raises OSError; then no draft stays behind.
    """
    drafts: dict[Path, Path] = {}
    try:
        for folder in {file.parent for file in contents}:
            folder.mkdir(parents=True, exist_ok=True)
        for file, content in contents.items():
            drafts[file] = _written(file.parent, content, times.get(file))
        failpoint("drafts-written")
        sync_all(drafts.values())
        failpoint("drafts-synced")
        for number, (file, draft) in enumerate(drafts.items()):
            if before_each:
                before_each(file)
            draft.replace(file)
            failpoint("one-in-place" if number == 0 else "more-in-place")
        sync_all({file.parent for file in contents})
    except BaseException:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise


def sync_all(paths: Iterable[Path]) -> None:
    """Wait until files or folders are on disk."""
    waiting = list(paths)
    if len(waiting) == 1:
        _sync(waiting[0])
        return
    with ThreadPoolExecutor(_SYNC_THREADS) as threads:
        for _ in threads.map(_sync, waiting):
            pass


def _written(folder: Path, content: bytes, changed_at: int | None) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix=PREFIX)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        draft.chmod(0o644)
        if changed_at is not None:
            os.utime(draft, (changed_at, changed_at))
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
