"""Placeholders: what a prepared text leaves open, and what stands there once it is published.

`{components}` and the other variables are filled by the product; `{?what you found}` is a blank that asks a person.
Nothing else in braces means anything: `{{7*7}}`, `${x}` and code of any kind stay as typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from django.utils.translation import override

from incidents.lib import durations
from incidents.lib.names import joined
from incidents.lib.time_tokens import in_words, token_of
from incidents.timeline.refusals import BlankLeft, NothingToInsert, UnknownPlaceholder

_NAME = re.compile(r"(?<![{$%\\])\{([A-Za-z][A-Za-z_]{1,39})\}(?!\})")
_BLANK = re.compile(r"(?<![{$%\\])\{\?\s*([^{}\n]{1,80}?)\s*\}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the variables stand for at one moment. `language` is that of the text."""

    page: str
    components: tuple[str, ...]
    started_at: datetime
    posted_at: datetime
    next_update_at: datetime | None
    zone: ZoneInfo
    language: str = "en"

    def naming_the_page(self) -> Facts:
        """Return the same with the page named in the place of components."""
        return replace(self, components=(self.page,))


def _components(facts: Facts) -> str:
    if not facts.components:
        raise NothingToInsert("The text names {components}, but none is chosen: add one, or write what is affected.")
    with override(facts.language):
        return joined(facts.components)


def _start(facts: Facts) -> str:
    return token_of(facts.started_at, facts.zone)


def _duration(facts: Facts) -> str:
    with override(facts.language):
        return durations.in_words(facts.posted_at - facts.started_at)


def _next_update(facts: Facts) -> str:
    if facts.next_update_at is None:
        raise NothingToInsert("The text promises {next_update}: choose when the next update is due.", field="promise")
    return token_of(facts.next_update_at, facts.zone)


def _page(facts: Facts) -> str:
    return facts.page


_VALUES: dict[str, Callable[[Facts], str]] = {
    "components": _components,
    "start": _start,
    "duration": _duration,
    "next_update": _next_update,
    "page": _page,
}

VARIABLES: dict[str, str] = {
    "components": "the affected components",
    "start": "when it began",
    "duration": "how long it has lasted",
    "next_update": "when the next update is due",
    "page": "the name of the page",
}
"""The names and what each stands for."""


def filled(text: str, facts: Facts, *, field: str) -> str:
    """Return `text` with every variable in its place.

    Raises BlankLeft where something that asks a person was left open, NothingToInsert where a fact is missing.
    """
    if open_blanks := blanks(text):
        raise BlankLeft(f"One thing is still open: {open_blanks[0]}.", field=field)

    def value(found: re.Match[str]) -> str:
        write = _VALUES.get(found[1])
        if write is None:
            return found[0]
        try:
            return write(facts)
        except NothingToInsert as refusal:
            raise NothingToInsert(refusal.sentence, field=refusal.field or field) from refusal

    return _NAME.sub(value, text)


def filled_line(text: str, facts: Facts, *, field: str) -> str:
    """Return one line filled like `filled`, with times in words: a title holds no markup."""
    return in_words(filled(text, facts, field=field), facts.zone)


def shown(text: str, facts: Facts) -> str:
    """Return `text` as far as it can be filled: for looking at what is not finished yet."""

    def value(found: re.Match[str]) -> str:
        try:
            return _VALUES[found[1]](facts)
        except (KeyError, NothingToInsert):
            return found[0]

    return _NAME.sub(value, text)


def blanks(text: str) -> list[str]:
    """Return what the blanks of `text` ask, in order."""
    return [found[1] for found in _BLANK.finditer(text)]


def refuse_unknown(text: str, *, field: str) -> None:
    """Raise UnknownPlaceholder, with the nearest name, for a variable that does not exist."""
    for found in _NAME.finditer(text):
        name = found[1]
        if name in _VALUES:
            continue
        near = get_close_matches(name.lower(), _VALUES, n=1, cutoff=0.5)
        names = ", ".join(f"{{{known}}}" for known in _VALUES)
        help_words = f"Did you mean {{{near[0]}}}?" if near else f"There are {names}; a blank is {{?what to fill in}}."
        raise UnknownPlaceholder(f"There is no {{{name}}}. {help_words}", field=field)
