"""What documents are made with, beside the facts: a fingerprint that differs after an upgrade."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

_MADE_BY = (
    ("incidents/publishing", "*.py"),
    ("incidents/timeline", "*.py"),
    ("incidents/guide", "*.py"),
    ("incidents/lib", "*.py"),
    ("incidents/locale", "*.mo"),
    ("incidents/templatetags", "*.py"),
    ("templates/public", "*"),
    # Django, the Markdown writer and the compressors write parts of every page.
    ("requirements", "base.txt"),
)

_SETTINGS = ("SITE_URL", "STATIC_URL", "LANGUAGE_CODE", "DEBUG")


def _sources(root: Path) -> Iterator[Path]:
    for folder, pattern in _MADE_BY:
        yield from sorted(file for file in (root / folder).rglob(pattern) if file.is_file())


def digest_of_sources(root: Path) -> str:
    """Return a digest of the files below `root` that have a say in how a document looks."""
    digest = hashlib.sha256()
    for file in _sources(root):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(root)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


_READ_AT_START = digest_of_sources(settings.BASE_DIR)
"""Read when the code itself is read: what is put there later is not what this process runs."""


def this_maker() -> str:
    """Return the fingerprint of this process: code, templates, names of static files and settings, no facts."""
    # The names are read each time: the process that collects static files publishes with those it has just made.
    names = getattr(staticfiles_storage, "manifest_hash", "")
    chosen = [getattr(settings, name) for name in _SETTINGS]
    return hashlib.sha256(repr((_READ_AT_START, names, chosen)).encode()).hexdigest()[:32]
