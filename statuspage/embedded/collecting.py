"""Static files, collected when they changed: to copy and pack them took a second of computing at every start."""

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from statuspage import static_files

MAKERS = ("django", "whitenoise", "brotli")
"""Packages that have a say in what lies there in the end."""


def collect_static_files() -> None:
    """Fill STATIC_ROOT, unless what lies there was collected from the same files by the same release.

    That is written down last, so a start that was broken off here is made up for by the next.
    """
    note = settings.DATA_DIR / "collected-files"
    sources = digest_of_sources()
    collected = digest_of_collected()
    if collected and note.is_file() and note.read_text() == f"{sources} {collected}":
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    note.write_text(f"{sources} {digest_of_collected()}")


def digest_of_sources() -> str:
    """Return a digest of every file that would be collected, and of what collects them."""
    digest = hashlib.sha256(repr([version(name) for name in MAKERS]).encode())
    for name, file in [("", Path(static_files.__file__)), *sorted(_found())]:
        content = file.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _found() -> Iterator[tuple[str, Path]]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield name, Path(storage.path(name))


def digest_of_collected() -> str:
    """Return a digest of the list that collecting wrote last, "" where it is missing or anything it names."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if not manifest.is_file():
        return ""
    names = json.loads(manifest.read_text())["paths"].values()
    if not all((settings.STATIC_ROOT / name).is_file() for name in names):
        return ""
    return hashlib.sha256(manifest.read_bytes()).hexdigest()
