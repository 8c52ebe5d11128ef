"""Which entry a text tells of, how sure that is, and why: points for every sign, and the signs themselves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from incidents.guide.contents import is_http_status
from incidents.guide.matching.common_words import GENERAL, is_foreign, tells_something
from incidents.guide.matching.index import Index, Indexed, Phrase
from incidents.guide.matching.reading import Reading, read
from incidents.guide.matching.reason_phrases import STATUS_OF_PHRASE

SURE = 60.0
"""Points from which on an entry is the answer."""

MOST_NEAR = 5

_POINTS = {
    "message": (45, 60, 70, 74, 80),
    "sentence": (40, 48, 65, 70, 74),
    "title": (30, 45, 60, 66, 70),
    "cause": (30, 40, 56, 60, 62),
}
"""For a phrase with one, two, three, four or more telling words."""

_REASON_PHRASE = 25.0
_CODE, _OWN_CODE, _PERHAPS_CODE, _OTHER_CODE = 20.0, 45.0, 12.0, -40.0
_PROVIDER, _OTHER_PROVIDER, _UNNAMED_PROVIDER = 12.0, -25.0, -3.0
_ALL_TOLD, _OTHER_MESSAGE = 25.0, -15.0
_ONLY_ONE = 18.0
_TYPE = 100.0
_MOSTLY = 0.55
_CUT_OFF = 0.8
_SHORT = 2
_SLUG = re.compile(r"/errors/(?:[0-9a-z-]{1,20}#)?([a-z0-9-]{3,100}+)")


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason to think of an entry."""

    kind: str
    """type, message, sentence, title, cause, code or provider; of a link also component or staff."""
    words: str


@dataclass(frozen=True, slots=True)
class Guess:
    """An entry, its points, and what speaks for it."""

    entry: Indexed
    points: float
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a text tells of: `best` is None where no entry is sure; `near` are the others worth a look."""

    reading: Reading
    best: Guess | None
    near: tuple[Guess, ...]


def judge(index: Index, text: str) -> Judgement:
    """Say which entry a text tells of. Takes a few milliseconds for 100 KB, whatever they are."""
    reading = read(text, known=index.codes, providers=index.provider_words)
    # Addresses of ours are no secret, and are looked for before all addresses are hidden.
    ours = frozenset(_SLUG.findall(text[:100_000]))
    guesses = [_guess(index, one, reading, ours, text) for one in index.entries]
    # What has a sign and more for it than against it is worth a look.
    ranked = sorted((one for one in guesses if one.signs and one.points > 0), key=lambda one: -one.points)
    best = ranked[0] if ranked and ranked[0].points >= SURE else None
    return Judgement(reading, best, tuple(one for one in ranked if one is not best)[:MOST_NEAR])


def _guess(index: Index, entry: Indexed, reading: Reading, ours: frozenset[str], text: str) -> Guess:
    points, signs = 0.0, []
    if entry.slug in ours or (entry.problem_type and entry.problem_type in text):
        points += _TYPE
        signs.append(Sign("type", entry.problem_type or entry.slug))
    found = _best_phrase(index, entry, reading)
    if found is not None:
        points += found.points
        signs.append(Sign(found.phrase.kind, found.phrase.shown))
    code = _code_points(index, entry, reading, is_told=bool(signs))
    if code > 0:
        signs.append(Sign("code", entry.code))
    provider = _provider_points(entry, reading)
    if provider > 0:
        signs.append(Sign("provider", ", ".join(sorted(entry.providers & reading.providers))))
    points += code + provider
    if signs:
        points += _rest_points(entry, found, reading)
    return Guess(entry, points, tuple(signs))


@dataclass(frozen=True, slots=True)
class _Found:
    """A phrase of an entry in a text: whole, in great part or cut off."""

    phrase: Phrase
    points: float
    is_whole: bool
    is_translated: bool = False


def _best_phrase(index: Index, entry: Indexed, reading: Reading) -> _Found | None:
    found = [one for one in (_in_text(index, phrase, reading) for phrase in entry.phrases) if one is not None]
    return max(found, key=lambda one: one.points, default=None)


def _in_text(index: Index, phrase: Phrase, reading: Reading) -> _Found | None:
    full = _REASON_PHRASE if phrase.is_reason else float(_POINTS[phrase.kind][min(phrase.strength, 5) - 1])
    is_translated = phrase.is_reason and STATUS_OF_PHRASE[" ".join(phrase.words)] in reading.spoken
    if is_translated or stands_in(phrase.parts, reading.joined):
        return _Found(phrase, full, is_whole=True, is_translated=is_translated)
    if phrase.strength <= _SHORT:
        return None
    pairs = [pair for part in phrase.parts for pair in pairwise(part)]
    whole = sum(map(index.weight, pairs))
    share = sum(index.weight(pair) for pair in pairs if pair in reading.pairs) / whole if whole else 0.0
    if share >= _MOSTLY:
        return _Found(phrase, full * (_MOSTLY + (1 - _MOSTLY) * share), is_whole=False)
    return _Found(phrase, full * _CUT_OFF, is_whole=False) if _is_cut_off(phrase.words, reading.words) else None


def _rest_points(entry: Indexed, found: _Found | None, reading: Reading) -> float:
    """Return what the rest of the text says for or against: it matters where little else does."""
    if found is not None and found.is_whole and found.phrase.strength > _SHORT and not found.phrase.is_reason:
        return 0.0
    if any(_is_something_else(words, entry, reading) for words in reading.said):
        return _OTHER_MESSAGE
    if found is None:
        lines = reading.said or reading.lines
        is_bare = bool(lines) and not any(_is_something_else(words, entry, reading) for words in lines)
        return _ALL_TOLD if is_bare or not reading.words else _OTHER_MESSAGE
    is_alone = found.is_translated or bool(reading.said) or " ".join(found.phrase.words) in reading.alone
    return _ALL_TOLD if found.is_whole and is_alone else 0.0


def stands_in(parts: Sequence[tuple[str, ...]], joined: str) -> bool:
    """Say whether runs of words stand in a text (Reading.joined), one after another."""
    place = 0
    for part in parts:
        # Scripts without spaces have no borders of words.
        words = f" {' '.join(part)} " if part[0].isascii() else " ".join(part)
        place = joined.find(words, place)
        if place < 0:
            return False
        place += len(words) - 1
    return True


def _is_cut_off(words: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """Say whether a text ends in the middle of the phrase, two words or more after it began."""
    whole = " ".join(words)
    for count in range(min(len(words), len(said)), 1, -1):
        tail = " ".join(said[-count:])
        if len(tail) >= 9 and whole.startswith(tail) and said[-count] == words[0]:
            return True
    return False


def _code_points(index: Index, entry: Indexed, reading: Reading, *, is_told: bool) -> float:
    if entry.code in reading.codes:
        if not is_http_status(entry.code):
            return _OWN_CODE + (_ONLY_ONE if index.alone_with(entry.code) else 0.0)
        return _CODE if is_told or not index.alone_with(entry.code) else _CODE + _ONLY_ONE
    if entry.code in reading.perhaps:
        return _PERHAPS_CODE
    return _OTHER_CODE if reading.codes else 0.0


def _provider_points(entry: Indexed, reading: Reading) -> float:
    if not entry.providers:
        return 0.0
    if not reading.providers:
        return _UNNAMED_PROVIDER
    return _PROVIDER if entry.providers & reading.providers else _OTHER_PROVIDER


def _is_something_else(words: tuple[str, ...], entry: Indexed, reading: Reading) -> bool:
    """Say whether a message is mostly of words which neither the entry nor every error has."""
    if len(words) < _SHORT or " ".join(words) in STATUS_OF_PHRASE or is_foreign(words):
        return False
    telling = [word for word in words if tells_something(word) and word not in GENERAL]
    unknown = [word for word in telling if word not in entry.vocabulary and word not in reading.providers]
    return bool(unknown) and len(unknown) * 2 >= len(telling)
