"""The languages pages are offered in, and which one words are being made in."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from babel import Locale
from django.utils import translation

ENGLISH = "en"

OFFERED = {
    ENGLISH: "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt-BR": "Português (Brasil)",
    "ja": "日本語",
    "zh-Hans": "简体中文",
    "ar": "العربية",
}
"""Each language by its tag (BCP 47), and what it calls itself."""


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make words, dates and lists inside the block in `language`; in English where it is not offered."""
    with translation.override(language if language in OFFERED else ENGLISH):
        yield


def spoken() -> str:
    """Return the tag of the language words are being made in."""
    return translation.get_language() or ENGLISH


def locale() -> Locale | None:
    """Return how the language writes dates and lists (CLDR); None for English, which has forms of its own here."""
    return _locale(spoken())


def is_from_right() -> bool:
    """Say whether the language is written from right to left."""
    return translation.get_language_bidi()


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale | None:
    return Locale.parse(language, sep="-") if language in OFFERED and language != ENGLISH else None
