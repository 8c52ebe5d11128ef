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

_TAGS = {tag.lower(): tag for tag in OFFERED}
"""Tags are the same in capital and small letters (RFC 5646, section 2.1.1); Django gives small ones back."""

IN_ADDRESSES = tuple(_TAGS)
"""The tags as addresses have them: in small letters."""


def offered(tag: str) -> str:
    """Return the language called `tag`, in whatever letters, by its tag here; "" where it is not offered."""
    return _TAGS.get(tag.lower().replace("_", "-"), "")


def nearest(tag: str) -> str:
    """Return the language offered that a reader of `tag` ("de-AT", "pt", "zh_CN") reads; "" where there is none."""
    wanted = tag.lower().replace("_", "-")
    if wanted in _TAGS:
        return _TAGS[wanted]
    main, *others = wanted.split("-")
    if main == "zh" and {"hant", "tw", "hk", "mo"} & set(others):
        # Traditional characters are not simplified ones.
        return ""
    return next((known for known in OFFERED if known.lower().split("-")[0] == main), "")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make words, dates and lists inside the block in `language`; in English where it is not offered."""
    with translation.override(_TAGS.get(language.lower(), ENGLISH)):
        yield


def spoken() -> str:
    """Return the tag of the language words are being made in."""
    return _TAGS.get((translation.get_language() or ENGLISH).lower(), ENGLISH)


def locale() -> Locale | None:
    """Return how the language writes dates and lists (CLDR); None for English, which has forms of its own here."""
    return _locale(spoken())


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale | None:
    return Locale.parse(language, sep="-") if language != ENGLISH else None
