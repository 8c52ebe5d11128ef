"""Where the further languages of a page stand: below a prefix, such as `/de/history`.

While something is made for readers of one, addresses have its prefix, so that links stay in the language.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.urls import register_converter

from incidents.lib.languages import IN_ADDRESSES, offered

_below: ContextVar[str] = ContextVar("below", default="")


@contextmanager
def below(prefix: str) -> Iterator[None]:
    """Let addresses made inside the block have `prefix` ("/de", "" for none)."""
    token = _below.set(prefix)
    try:
        yield
    finally:
        _below.reset(token)


def place_below(prefix: str) -> None:
    """Let addresses have `prefix` from here to the end of the innermost block of `below`."""
    _below.set(prefix)


def prefix_of(language: str) -> str:
    """Return what addresses of documents in a further language begin with; "" for the main language, called ""."""
    return f"/{language.lower()}" if language else ""


def placed(path: str, prefix: str | None = None) -> str:
    """Return `path` below `prefix`, or below that of the document being made; the first page has no slash there."""
    prefix = _below.get() if prefix is None else prefix
    return prefix if prefix and path == "/" else f"{prefix}{path}"


def parted(path: str) -> tuple[str, str]:
    """Return language and rest of a path: ("de", "/history"), or ("", path) where it has no prefix."""
    first, slash, rest = path.removeprefix("/").partition("/")
    first, mark, query = first.partition("?")
    if first not in IN_ADDRESSES:
        return "", path
    return offered(first), f"/{rest}" if slash else f"/{mark}{query}"


class LanguageInAddress:
    """A path converter of Django: the tag of a language, in small letters where it stands in an address."""

    regex = "|".join(IN_ADDRESSES)

    def to_python(self, value: str) -> str:
        """Return the tag as it is written elsewhere."""
        return offered(value)

    def to_url(self, value: str) -> str:
        """Return the tag as addresses have it."""
        return value.lower()


register_converter(LanguageInAddress, "language")
