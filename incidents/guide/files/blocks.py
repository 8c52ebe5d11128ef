"""What a file is read into: one block for each entry, and sentences about what cannot be read, by line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from incidents.guide.contents import Contents
from incidents.guide.models import EntryState
from incidents.lib.numbers import whole_number

LARGEST_FILE = 2_000_000
"""Bytes."""

MOST_BLOCKS = 5_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and in which line it stands (from 1; 0 for the file as a whole)."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}" if self.line else self.sentence


@dataclass(frozen=True, slots=True)
class Block:
    """One entry of a file, not judged yet."""

    line: int
    contents: Contents
    state: str = ""
    """draft or published; "" is not said."""


@dataclass(slots=True)
class Blocks:
    """Everything a file says."""

    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    """What was read in a way that somebody should look at."""


class Unreadable(Exception):
    """A value cannot be read; the sentence says why."""


Values = Mapping[str, str | tuple[str, ...]]
"""Names of facts, as NAMES has them, and their text or texts."""

NAMES = {
    "code": "code",
    "title": "title",
    "sentence": "sentence",
    "cause": "cause",
    "solution": "solution",
    "message": "messages",
    "messages": "messages",
    "pattern": "messages",
    "patterns": "messages",
    "provider": "providers",
    "providers": "providers",
    "tags": "providers",
    "retry": "retry",
    "type": "problem_type",
    "slug": "slug",
    "component": "components",
    "components": "components",
    "related": "related",
    "see also": "related",
    "reviewed": "reviewed_on",
    "last reviewed": "reviewed_on",
    "review due": "review_due_on",
    "state": "state",
    "linked": "linked",
}
"""What each fact is called in files, in small letters, and here."""

LISTS = frozenset({"messages", "providers", "components", "related"})

_MINUTES = {"minute": 1, "min": 1, "hour": 60, "day": 24 * 60}


def block_of(values: Values, *, line: int) -> Block:
    """Return the entry that some facts tell of. Raises Unreadable."""
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    lists = {name: value if isinstance(value, tuple) else (value,) for name, value in values.items() if name in LISTS}
    retry, wait = retry_of(texts.get("retry", ""))
    contents = Contents(
        code=texts.get("code", ""),
        title=texts.get("title", ""),
        sentence=texts.get("sentence", ""),
        cause=texts.get("cause", ""),
        solution=texts.get("solution", ""),
        retry=retry,
        retry_after=wait,
        problem_type=texts.get("problem_type", ""),
        slug=texts.get("slug", ""),
        reviewed_on=_day(texts.get("reviewed_on", "")),
        review_due_on=_day(texts.get("review_due_on", "")),
        is_linked_by_rule=texts.get("linked", "by rule").lower() != "by hand",
    )
    return Block(line, replace(contents, **lists), _state(texts.get("state", "")))  # type: ignore[arg-type]


def retry_of(words: str) -> tuple[str, int | None]:
    """Return what "after 20 minutes" says: ("after", 20). Raises Unreadable."""
    words = words.strip().lower().rstrip(".")
    known = {"": "", "no": "no", "false": "no", "never": "no", "yes": "yes", "true": "yes", "after": "after"}
    if words in known:
        return known[words], None
    parts = words.removeprefix("after").split()
    number = whole_number(parts[0]) if len(parts) == 2 else None
    if number is not None:
        length = next((size for name, size in _MINUTES.items() if parts[1].startswith(name)), 0)
        if length:
            return "after", number * length
    raise Unreadable(f"“{words[:40]}” does not say whether to retry; write no, yes or after 20 minutes.")


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError as error:
        raise Unreadable(f"“{words[:40]}” is not a day; write it as 2026-11-21.") from error


def _state(words: str) -> str:
    state = words.strip().lower()
    if state and state not in EntryState.values:
        raise Unreadable(f"“{words[:40]}” is not a state; write draft or published.")
    return state
