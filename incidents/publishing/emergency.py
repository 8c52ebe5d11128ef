"""Updates posted while the database is away: kept beside the published documents until it takes them in, once."""

import hashlib
import json
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from incidents.publishing.marks import EmergencyPost

_SUFFIX = ".json"
_PLAIN = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,99}")

log = logging.getLogger(__name__)


class EmergencyFolder:
    """The waiting posts of one page; the folder's time of change tells readers whether to look again."""

    _known: dict[Path, tuple[int, list[EmergencyPost]]] = {}

    def __init__(self, page_folder: Path) -> None:
        self.folder = page_folder / "emergency"

    def keep(self, post: EmergencyPost) -> Path:
        """Write a post down for good and return its file. Raises OSError where the disk refuses."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".draft-")
        with os.fdopen(handle, "w") as file:
            json.dump({**asdict(post), "posted_at": post.posted_at.isoformat()}, file)
            file.flush()
            os.fsync(file.fileno())
        return Path(draft).replace(self._file(post))

    def posts(self) -> list[EmergencyPost]:
        """Return the waiting posts, newest first."""
        try:
            changed = os.stat(self.folder).st_mtime_ns  # noqa: PTH116 - five times a second for each page
        except OSError:
            return []
        known = self._known.get(self.folder)
        if known is None or known[0] != changed:
            found = sorted(self._read(), key=lambda post: post.posted_at, reverse=True)
            known = self._known[self.folder] = (changed, found)
        return known[1]

    def forget(self, post: EmergencyPost) -> None:
        """Take a post away: the database has it."""
        self._file(post).unlink(missing_ok=True)

    def set_aside(self, post: EmergencyPost) -> None:
        """Keep a post that the app refused under another name, for staff to read."""
        file = self._file(post)
        file.replace(file.with_suffix(".refused"))

    def _file(self, post: EmergencyPost) -> Path:
        # Whoever posts chooses the key; only a plain one can be a name.
        name = post.key if _PLAIN.fullmatch(post.key) else hashlib.sha256(post.key.encode()).hexdigest()[:40]
        return self.folder / f"{name}{_SUFFIX}"

    def _read(self) -> Iterator[EmergencyPost]:
        for file in self.folder.glob(f"*{_SUFFIX}"):
            try:
                about = json.loads(file.read_bytes())
                yield EmergencyPost(**{**about, "posted_at": datetime.fromisoformat(about["posted_at"])})
            except (OSError, ValueError, TypeError) as error:
                log.warning("%s is no emergency post (%r)", file, error)
