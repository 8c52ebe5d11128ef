"""Names in a row, as a person lists them."""

from collections.abc import Sequence
from functools import reduce
from typing import TypeVar

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from incidents.lib.languages import locale

_Piece = TypeVar("_Piece", bound=str)

_ENGLISH = {"2": "{0} and {1}", "start": "{0}, {1}", "middle": "{0}, {1}", "end": "{0} and {1}"}
"""Without the comma before "and" that the locale data have."""


def joined(names: Sequence[str]) -> str:
    """Return "API, Webhooks and DNS", as the language spoken lists things."""
    return reduce(lambda start, step: step[0].format(start, step[1]), _steps(names), "".join(names[:1]))


def joined_markup(parts: Sequence[SafeString]) -> SafeString:
    """Return the same of pieces of HTML."""
    first = parts[0] if parts else SafeString("")
    return reduce(lambda start, step: format_html(step[0], start, step[1]), _steps(parts), first)


def in_brackets(group: str, names: Sequence[str]) -> str:
    """Return "Core platform (API, Webhooks)"."""
    return _brackets().format(group=group, names=_comma().join(names))


def in_brackets_markup(group: SafeString, names: Sequence[SafeString]) -> SafeString:
    """Return the same of pieces of HTML."""
    return format_html(_brackets(), group=group, names=SafeString(_comma().join(names)))


def in_a_row(names: Sequence[str]) -> str:
    """Return "API, Webhooks, DNS": names of which more follow."""
    return _comma().join(names)


def in_a_row_markup(parts: Sequence[SafeString]) -> SafeString:
    """Return the same of pieces of HTML."""
    return SafeString(_comma().join(parts))


def joined_by_group(members: Sequence[tuple[str, str]]) -> str:
    """Return "Core platform (API, Webhooks) and DNS" for pairs of group and name.

    Groups come in the order of first mention; an empty group stands for none.
    """
    groups: dict[str, list[str]] = {}
    for group, name in members:
        # A name without a group is a part of its own, at its own place.
        groups.setdefault(group or f"\0{name}", []).append(name)
    return joined([names[0] if key[:1] == "\0" else in_brackets(key, names) for key, names in groups.items()])


def _steps(pieces: Sequence[_Piece]) -> list[tuple[str, _Piece]]:
    """Return the pattern by which each piece but the first is added, and the piece (UTS 35, list patterns)."""
    spoken = locale()
    patterns = spoken.list_patterns["standard"] if spoken else _ENGLISH
    last = len(pieces) - 1
    names = ["2"] if last == 1 else ["start", *["middle"] * (last - 2), "end"]
    return [(patterns[name], piece) for name, piece in zip(names, pieces[1:], strict=False)]


def _brackets() -> str:
    # Translators: a group of components and which of them: "Core platform (API, Webhooks)".
    return pgettext("group and its components", "{group} ({names})")


def _comma() -> str:
    # Translators: stands between names in brackets, with its space.
    return pgettext("between names", ", ")
