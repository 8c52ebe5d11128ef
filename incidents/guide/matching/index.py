"""What entries say, prepared for comparing: made once, asked again and again."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incidents.guide.contents import Contents
from incidents.guide.matching.common_words import PROVIDER_WORDS, tells_something
from incidents.guide.matching.masking import masked
from incidents.guide.matching.reading import words_of
from incidents.guide.matching.reason_phrases import STATUS_OF_PHRASE
from incidents.guide.matching.unwrapping import unwrapped

_SENTENCE = re.compile(r"(?<=[.!?])\s|\n")
_QUOTED = re.compile(r"[“\"`]([^“”\"`\n]{8,300})[”\"`]")
_WILD = "*"

SHORTEST_SENTENCE = 5
"""Words; shorter sentences of a cause stand in nearly any text."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words an error may say, in the order they say them."""

    kind: str
    """message, sentence, title or cause."""
    shown: str
    """As staff typed it."""
    parts: tuple[tuple[str, ...], ...]
    """Runs of words; between two of them anything may stand."""
    telling: int
    """How many of its words tell something."""
    is_reason: bool = False
    """Whether it is no more than what an HTTP status is called."""

    @property
    def strength(self) -> int:
        """How much it tells: its telling words, and of a long one also that all of them stand in their order."""
        return max(self.telling, (len(self.words) + 1) // 2)

    @property
    def words(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(word for part in self.parts for word in part)


@dataclass(frozen=True, slots=True)
class Indexed:
    """One entry as it is compared."""

    key: int
    slug: str
    code: str
    providers: frozenset[str]
    problem_type: str
    phrases: tuple[Phrase, ...]
    vocabulary: frozenset[str]


@dataclass(frozen=True, slots=True)
class Index:
    """All entries of a page."""

    entries: tuple[Indexed, ...]
    rarity: Mapping[str, float]
    """How much each word tells: the fewer entries have it, the more."""
    codes: frozenset[str]
    provider_words: Mapping[str, str]
    """Words, and the provider they name."""

    def alone_with(self, code: str) -> bool:
        """Say whether one entry only has the code."""
        return sum(one.code == code for one in self.entries) == 1

    def weight(self, words: Iterable[str]) -> float:
        """Return how much some words tell together."""
        return sum(self.rarity.get(word, 1.0) if tells_something(word) else 0.2 for word in words)


def index_of(entries: Iterable[tuple[int, Contents]]) -> Index:
    """Return the index of entries, each with its key."""
    indexed = tuple(_indexed(key, contents) for key, contents in entries)
    seen = Counter(word for one in indexed for word in one.vocabulary)
    total = max(1, len(indexed))
    names = {name for one in indexed for name in one.providers}
    return Index(
        entries=indexed,
        rarity={word: 1 + math.log(total / count) for word, count in seen.items()},
        codes=frozenset(one.code for one in indexed),
        provider_words={word: name for name in sorted(names) for word in _words_for(name)},
    )


def phrases_of(contents: Contents) -> tuple[Phrase, ...]:
    """Return everything by which an entry is known again."""
    cause, solution = _plain(contents.cause), _plain(contents.solution)
    quoted = [*_QUOTED.findall(cause), *_QUOTED.findall(solution)]
    found = [
        *(_phrase("message", message) for message in contents.messages),
        _phrase("sentence", contents.sentence),
        *(_phrase("sentence", one) for one in _SENTENCE.split(contents.sentence) if one != contents.sentence),
        _phrase("title", contents.title),
        *(_phrase("cause", one) for one in (*_SENTENCE.split(cause), *quoted)),
    ]
    long_enough = [one for one in found if one.kind != "cause" or len(one.words) >= SHORTEST_SENTENCE]
    return tuple({one.words: one for one in reversed(long_enough) if one.telling}.values())


def _indexed(key: int, contents: Contents) -> Indexed:
    phrases = phrases_of(contents)
    return Indexed(
        key=key,
        slug=contents.slug,
        code=contents.code.lower(),
        providers=frozenset(name.lower() for name in contents.providers),
        problem_type=contents.problem_type,
        phrases=phrases,
        vocabulary=frozenset(word for one in phrases for word in one.words if tells_something(word)),
    )


def _phrase(kind: str, text: str) -> Phrase:
    parts = tuple(words for words in (words_of(masked(one)) for one in unwrapped(text).split(_WILD)) if words)
    words = tuple(word for part in parts for word in part)
    return Phrase(
        kind=kind,
        shown=text.strip(" -*•"),
        parts=parts,
        telling=sum(map(tells_something, words)),
        is_reason=" ".join(words) in STATUS_OF_PHRASE,
    )


def _plain(markdown: str) -> str:
    return markdown.replace("**", "").replace("__", "")


def _words_for(name: str) -> tuple[str, ...]:
    words = " ".join(words_of(name))
    return (*PROVIDER_WORDS.get(name, ()), words) if words else ()
