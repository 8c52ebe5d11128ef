"""Every published page of this installation, by host: what the front serves from, and how it hears of changes."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from incidents.lib.clock import now
from incidents.publishing.emergency import EmergencyFolder
from incidents.publishing.marks import Marks, paths_told
from incidents.publishing.published import Published
from incidents.publishing.shelf import Shelf
from incidents.publishing.store import Pointer, Store
from incidents.publishing.tree import mark_tree, remove_tree, tree_folder

SILENCE_ALLOWED = timedelta(minutes=5)
"""So long after the last sign of life of the database readers are told that they read a saved copy."""

_HOSTS_REMEMBERED = 1000

log = logging.getLogger(__name__)


class Hosts(dict[str, Shelf]):
    """From the Host header as sent to the page that answers it; raises KeyError where none does."""

    def __init__(self, library: "Library") -> None:
        super().__init__()
        self._library = library

    def __missing__(self, header: str) -> Shelf:
        shelf = self._library.shelf_at(header)
        # Anybody may send any header; the map must not grow with their ideas.
        if len(self) < _HOSTS_REMEMBERED:
            self[header] = shelf
        return shelf


class Library:
    """The pages under one folder, one sub-folder each. One thread may call `look_around`; readers need no lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hosts = Hosts(self)
        self.is_serving = False
        """Whether a front of this process reads from it; else nothing is kept in memory."""
        self._shelves: dict[str, Shelf] = {}
        self._pointers: dict[str, Pointer] = {}
        self._signatures: dict[str, tuple[int, int]] = {}
        self._heard_at: datetime | None = None
        self._heard = monotonic()

    def store_of(self, page_code: str) -> Store:
        """Return the disk of a page."""
        return Store(self.folder / page_code)

    def shelf_at(self, header: str) -> Shelf:
        """Return the page that answers at a Host header. Raises KeyError where none does, or the host is not ours."""
        domain, _port = split_domain_port(header)
        default = None
        for code, pointer in self._pointers.items():
            if pointer.host and pointer.host == domain:
                return self._shelves[code]
            if pointer.is_default:
                default = code
        # The entry that stands for hosts of pages asks the database; those with a page of their own were found above.
        others = [one for one in settings.ALLOWED_HOSTS if type(one) is str]
        if default is None or not domain or not validate_host(domain, others):
            raise KeyError(header)
        return self._shelves[default]

    def pages_on_disk(self) -> list[str]:
        """Return the codes of the pages that have a folder here."""
        try:
            return sorted(entry.name for entry in self.folder.iterdir() if entry.is_dir())
        except OSError:
            return list(self._shelves)

    def place(self, page_code: str, documents: Iterable[Published], *, saved: bool) -> None:
        """Show these documents of a page at once, before its folder tells of them."""
        if self.is_serving:
            self._shelf(page_code).place(documents, saved=saved)

    def introduce(self, pointer: Pointer) -> None:
        """Learn of a page that the disk could not be told about."""
        self._shelf(pointer.page)
        if pointer.page not in self._pointers:
            self._pointers[pointer.page] = pointer
            self.hosts.clear()

    def forget(self, page_code: str) -> None:
        """Stop serving a page that the database no longer has, and remove its files. Raises OSError."""
        pointer = self._pointers.pop(page_code, None) or self.store_of(page_code).pointer()
        self._shelves.pop(page_code, None)
        self._signatures.pop(page_code, None)
        self.hosts.clear()
        if settings.PUBLISH_TO and pointer:
            remove_tree(settings.PUBLISH_TO, pointer)
        if (self.folder / page_code).is_dir():
            self.store_of(page_code).remove()

    def withdraw(self, pointer: Pointer) -> None:
        """Show nothing of a page up to the pointer's generation, and remove its files. Raises OSError."""
        # Memory first: whatever the disk says, readers get nothing more.
        if self.is_serving:
            self._shelf(pointer.page).withdraw(pointer.withdrawn)
        if settings.PUBLISH_TO:
            for known in (self.store_of(pointer.page).pointer(), pointer):
                if known is not None:
                    remove_tree(settings.PUBLISH_TO, known)
        self.store_of(pointer.page).withdraw(pointer)
        self.introduce(pointer)

    def known_pages(self) -> set[str]:
        """Return the codes of the pages served from memory or from disk."""
        return {*self._pointers, *self.pages_on_disk()}

    def tidy(self) -> None:
        """Remove what killed processes left half written."""
        for code in self.pages_on_disk():
            store = self.store_of(code)
            pointer = store.pointer()
            trees = [tree_folder(settings.PUBLISH_TO, pointer)] if settings.PUBLISH_TO and pointer else []
            with suppress(OSError):
                store.sweep_up(*trees)

    def look_around(self) -> None:
        """Take in what changed on disk since the last look. Costs one `stat` for each page when nothing did."""
        for code in self.pages_on_disk():
            store = self.store_of(code)
            signature = store.signature()
            if signature != self._signatures.get(code):
                self._take_in(code, store)
                self._signatures[code] = signature
            self._mark(code)

    def _mark(self, code: str) -> None:
        shelf, marks = self._shelf(code), self._marks(code)
        if marks.posts != shelf.marks.posts and settings.PUBLISH_TO and code in self._pointers:
            # Readers of the plain files must hear of it too; those of posts that went, that they did.
            told = paths_told((*marks.posts, *shelf.marks.posts))
            try:
                mark_tree(settings.PUBLISH_TO, shelf.store, self._pointers[code], told, Marks(posts=marks.posts))
            except OSError as error:
                log.error("The emergency posts could not be written to %s (%s).", settings.PUBLISH_TO, error)
        shelf.mark(marks)

    def hear_from_database(self) -> None:
        """Note that the database answered just now."""
        self._heard_at, self._heard = now(), monotonic()

    def _marks(self, code: str) -> Marks:
        posts = EmergencyFolder(self.folder / code).posts()
        return Marks(saved_at=self._saved_at(code), posts=tuple(posts))

    def _saved_at(self, code: str) -> datetime | None:
        """Return the last sign of life of the database where it is too long ago, else None."""
        if self._heard_at is not None:
            silent = monotonic() - self._heard > SILENCE_ALLOWED.total_seconds()
            return self._heard_at if silent else None
        pointer = self._pointers.get(code)
        made_at = pointer.moment if pointer else None
        return made_at if made_at and now() - made_at > SILENCE_ALLOWED else None

    def _shelf(self, code: str) -> Shelf:
        if code not in self._shelves:
            self._shelves[code] = Shelf(self.store_of(code))
        return self._shelves[code]

    def _take_in(self, code: str, store: Store) -> None:
        pointer = store.pointer()
        if pointer is None:
            return
        former = self._pointers.get(code)
        shelf = self._shelf(code)
        shelf.withdraw(pointer.withdrawn)
        shelf.reload(pointer.changed_since(former.generation) if former else None)
        self._pointers[code] = pointer
        if former is None or (former.host, former.is_default) != (pointer.host, pointer.is_default):
            self.hosts.clear()


@cache
def the_library() -> Library:
    """Return the library of this process."""
    return Library(Path(settings.DATA_DIR) / "published")
