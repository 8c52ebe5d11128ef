"""The documents of one page in memory, bounded: what is read often stays, the rest comes from disk when asked for."""

from collections.abc import Iterable, Mapping
from threading import Lock

from incidents.publishing.marks import Marks, marked
from incidents.publishing.published import Published
from incidents.publishing.ready import Ready
from incidents.publishing.store import Store

BYTES_AT_MOST = 64 * 1024 * 1024
"""Of bodies in memory for one page. A page of a thousand incidents fits whole."""


class Shelf(dict[str, Ready]):
    """From path to answer. `shelf[path]` looks on disk for what is not in memory and raises KeyError beyond.

    Readers use it without a lock: every change is one assignment, which a reader sees whole or not.
    """

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.marks = Marks()
        self.size = 0
        self._unsaved: dict[str, Published] = {}
        """What the disk refused to take; it must not leave the memory."""
        self._gone: dict[str, int] = {}
        """Generation in which a path went; a reader who took its file just before must not bring it back."""
        self._withdrawn = 0
        """Nothing up to this generation is shown any more."""
        self._changing = Lock()

    def __missing__(self, path: str) -> Ready:
        document = self._unsaved.get(path) or self.store.read(path)
        if document is None or document.is_gone:
            raise KeyError(path)
        return self._put(document)

    def place(self, documents: Iterable[Published], *, saved: bool) -> None:
        """Show these from now on. What is not `saved` on disk stays in memory until it is."""
        for document in documents:
            if document.generation <= self._withdrawn:
                continue
            known = self._known(document.path)
            if known is not None and known.generation > document.generation:
                continue
            if saved:
                self._unsaved.pop(document.path, None)
            else:
                self._unsaved[document.path] = document
            if document.is_gone:
                self._drop(document.path, document.generation)
            else:
                self._put(document)

    def reload(self, changed: Mapping[str, int] | None) -> None:
        """Take from disk what changed there, given as path and generation (None: anything may have).

        Only what is in memory: the rest is read when somebody asks for it.
        """
        for path in list(self) if changed is None else [one for one in changed if one in self]:
            if changed is not None and self._known_generation(path) >= changed[path]:
                continue
            document = self.store.read(path)
            if document is None or document.is_gone or document.generation <= self._withdrawn:
                self._drop(path, document.generation if document else self._known_generation(path))
            else:
                self._put(document)

    def withdraw(self, generation: int) -> None:
        """Show nothing of up to that generation from now on; also not what somebody has just read from disk."""
        with self._changing:
            if generation <= self._withdrawn:
                return
            self._withdrawn = generation
            self._unsaved.clear()
            self._gone.clear()
            self.clear()
            self.size = 0

    def mark(self, marks: Marks) -> None:
        """Add `marks` to every page from now on, or take them away."""
        if marks == self.marks:
            return
        self.marks = marks
        # Rebuilt one by one, so that a reader finds each path at any moment.
        for path in list(self):
            document = self._unsaved.get(path) or self.store.read(path)
            if document is not None and document.generation > self._withdrawn:
                self._put(document)

    def _put(self, document: Published) -> Ready:
        ready = Ready(marked(document, self.marks) if self.marks else document)
        with self._changing:
            former = self.get(document.path)
            if former is not None and former.document.generation > document.generation:
                return former
            if max(self._gone.get(document.path, -1), self._withdrawn) >= document.generation:
                raise KeyError(document.path)
            self[document.path] = ready
            self.size += ready.size - (former.size if former else 0)
            if self.size > BYTES_AT_MOST:
                self._make_room(document.path)
        return ready

    def _make_room(self, newest: str) -> None:
        """Let go of a quarter: pages of incidents first, longest here first; they come back when asked for."""
        for path in sorted(self, key=lambda one: not one.startswith("/incidents/")):
            if self.size <= BYTES_AT_MOST * 3 // 4:
                return
            if path != newest and path not in self._unsaved:
                self.size -= self.pop(path).size

    def _drop(self, path: str, generation: int) -> None:
        with self._changing:
            self._gone[path] = generation
            former = self.pop(path, None)
            self.size -= former.size if former else 0

    def _known(self, path: str) -> Published | None:
        ready = self.get(path)
        return self._unsaved.get(path) or (ready.document if ready else None)

    def _known_generation(self, path: str) -> int:
        known = self._known(path)
        return known.generation if known else 0
