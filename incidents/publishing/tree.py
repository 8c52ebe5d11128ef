"""The published documents as plain files with `.br` and `.gz` beside them, for nginx, a bucket or a CDN."""

import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from incidents.lib.failpoints import failpoint
from incidents.publishing.drafts import replace_files
from incidents.publishing.headers import Headers, usual_headers
from incidents.publishing.marks import Marks, marked
from incidents.publishing.published import Published
from incidents.publishing.store import Beside, Pointer, Store

HEADERS_FILE = "_headers"
"""In the form that static hosts read (Netlify, Cloudflare Pages): a path and, indented, its headers."""

NGINX_FILE = "_headers.conf"
"""The same for nginx, to be included in a server block."""


OWNER_FILE = ".page"
"""Holds the code of the page whose files these are, once all of them are there."""

_AT_ONCE = 50


class Tree:
    """The plain files of one page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of_page(cls, root: Path, pointer: Pointer) -> "Tree":
        """Return the tree of a page below the folder of all pages."""
        return cls(tree_folder(root, pointer))

    def write(self, documents: Iterable[Published]) -> None:
        """Bring the files of these documents in line, each replaced whole. Raises OSError."""
        contents: dict[Path, bytes] = {}
        times: dict[Path, int] = {}
        for one in documents:
            file = self.folder / file_name(one)
            if one.is_gone or one.moved_to:
                # A file cannot lead elsewhere: the server in front asks us, who do without the database.
                self._remove(file)
                continue
            for suffix, content in (("", one.body), (".br", one.brotli), (".gz", one.gzip)):
                packed = file.with_name(file.name + suffix)
                if content:
                    contents[packed] = content
                    times[packed] = int(one.made_at.timestamp())
                else:
                    packed.unlink(missing_ok=True)
        replace_files(contents, times)

    def owner(self) -> str:
        """Return the code of the page whose files are all here, "" where that is not known."""
        with suppress(OSError):
            return (self.folder / OWNER_FILE).read_text()
        return ""

    def write_all(self, page: str, documents: Iterable[Published]) -> None:
        """Make this the tree of a page, given by code, from all of its documents. Raises OSError."""
        if self.owner() not in ("", page):
            self.remove()
        waiting = iter(documents)
        while chunk := list(islice(waiting, _AT_ONCE)):
            self.write(chunk)
        replace_files({self.folder / OWNER_FILE: page.encode()}, {})

    def remove(self) -> None:
        """Remove the folder: nobody may read there what has another place now, or none. Raises OSError."""
        # First of all its name: cut off here, the rest is found again as what nobody owns.
        (self.folder / OWNER_FILE).unlink(missing_ok=True)
        shutil.rmtree(self.folder)

    def write_headers(self, own: Headers = ()) -> None:
        """Write the headers' configuration beside the files, for static hosts and for nginx. Raises OSError.

        `own` are those of this page beyond the usual ones.
        """
        headers = (*usual_headers(), *own)
        lines = "".join(f"  {name}: {value}\n" for name, value in headers)
        api = "/api/*\n  Access-Control-Allow-Origin: *\n"
        nginx = "".join(f'add_header {name} "{value}" always;\n' for name, value in headers)
        replace_files(
            {
                self.folder / HEADERS_FILE: f"/*\n{lines}{api}".encode(),
                self.folder / NGINX_FILE: nginx.encode(),
            },
            {},
        )

    def _remove(self, file: Path) -> None:
        for suffix in ("", ".br", ".gz"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)


def keeping_tree(root: Path, store: Store, pointer: Pointer) -> Beside:
    """Return what brings the tree of a page in line with its store: whole where it is new here, or has moved."""

    def keep(standing: Pointer, documents: Sequence[Published]) -> None:
        tree, former = Tree.of_page(root, pointer), Tree.of_page(root, standing)
        if tree.owner() == pointer.page:
            tree.write(documents)
        else:
            tree.write_all(pointer.page, store.everything())
        failpoint("tree-written")
        if former.folder != tree.folder and former.owner() == pointer.page:
            former.remove()

    return keep


def mark_tree(root: Path, store: Store, pointer: Pointer, paths: Iterable[str], marks: Marks) -> None:
    """Write the documents at `paths` with what `marks` add to them. Raises OSError."""
    tree = Tree.of_page(root, pointer)
    with store.alone():
        if tree.owner() == pointer.page:
            standing = [document for path in paths if (document := store.read(path)) and not document.is_gone]
            tree.write([marked(document, marks) for document in standing])


def tree_folder(root: Path, pointer: Pointer) -> Path:
    """Return where the tree of a page lies below the folder of all pages: named by its host, or `default`."""
    return root / ("default" if pointer.is_default else pointer.host or pointer.page)


def remove_tree(root: Path, pointer: Pointer) -> None:
    """Remove the tree of a page that is no more, unless its place is another page's by now. Raises OSError."""
    tree = Tree.of_page(root, pointer)
    if tree.owner() == pointer.page:
        tree.remove()


def file_name(document: Published) -> str:
    """Return where a document lies in the tree: pages end in `.html`, the rest is named as its path."""
    path, _, query = document.path.partition("?")
    name = path.strip("/") or "index"
    if document.content_type.startswith("text/html"):
        name += ".html"
    if not query:
        return name
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{query.replace('=', '-')}.{suffix}"
