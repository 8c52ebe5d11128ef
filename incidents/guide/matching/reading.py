"""A text as it is compared: words, codes, whose error it is, and which parts of it are the message."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from incidents.guide.matching.excerpt import excerpt
from incidents.guide.matching.masking import PLACEHOLDERS, masked
from incidents.guide.matching.reason_phrases import STATUS_OF_PHRASE
from incidents.guide.matching.unwrapping import unwrapped

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`´")
_PLACEHOLDER = re.compile("|".join(PLACEHOLDERS))

_NUMBER = r"([1-5][0-9]{2})(?![0-9.,]?[0-9])"
_NAMED_CODES = (
    re.compile(rf"(?i)http(?:/[0-9.]{{1,3}})?[\s\"':/-]{{1,4}}{_NUMBER}"),
    re.compile(
        r"(?i)(?:status|code|errno|error|errors|fehler|erreur|erro|ошибка|エラー|错误|خطأ|response|returned|answered|with|got)"
        rf"[\"'\]]?[\s:=#(]{{1,4}}(?:code)?[\s:=\"']{{0,4}}{_NUMBER}"
    ),
    re.compile(rf"(?:エラー|错误|ステータス|状态码)[\s:=]{{0,3}}{_NUMBER}"),
    re.compile(rf"(?m)^[\s<>*\"'\[({{]{{0,8}}{_NUMBER}(?=[*_\])}}\"']{{0,3}}\s{{0,2}}(?:[-–—·:|]|$)|\s{{1,2}}[A-Z])"),
    re.compile(rf"\"\s{{1,2}}{_NUMBER}\s[0-9-]"),
    re.compile(rf"[(\[]{_NUMBER}[)\]]"),
)
_ANY_CODE = re.compile(r"(?<![0-9A-Za-z.:/_-])([45][0-9]{2})(?![0-9A-Za-z_]|[.,:][0-9])")
_CHUNK = re.compile(r"[^\s\"'<>{}\[\](),;|`=:]{1,60}+")

_APART = re.compile(r"[\n\t|\"“”„«»「」*_`{}()\[\]<>]+|: | - |\. ")
_PARTS_AT_MOST = 500

FEW_LINES = 3
"""Lines that are the error itself; more of them are what it was packed in."""

_SAID = re.compile(
    r"(?i)[\"']?(?:error_?|err)?(?:message|msg|error_description|description|details?|reason|title|faultstring|error|"
    r"summary|nachricht|mensaje|mensagem)[\"']?\s{0,3}(?:[:=]|=>)\s{0,3}[\"“]?([^\"\n{}\[\]]{3,400})"
)
_THROWN = re.compile(r"[A-Za-z]{0,60}(?:Error|Exception|Fault|Failure|Warning)\]?\s{0,2}[:–-]\s{0,2}([^\n\"{}]{3,400})")


@dataclass(frozen=True, slots=True)
class Reading:
    """What there is to compare of a text; nothing in it stands there as it was typed."""

    masked: str
    words: tuple[str, ...]
    joined: str
    """The words with a space before, between and behind."""
    pairs: frozenset[tuple[str, str]]
    codes: frozenset[str]
    """Codes that are called so, or stand where a code stands."""
    perhaps: frozenset[str]
    """Numbers that may be HTTP statuses."""
    spoken: frozenset[str]
    """HTTP statuses whose names stand in it, in whatever language."""
    providers: frozenset[str]
    said: tuple[tuple[str, ...], ...]
    """The words of each part that is a message by its place: the value of "message", what follows an exception."""
    lines: tuple[tuple[str, ...], ...]
    """The words of each line, where there are three at most."""
    alone: frozenset[str]
    """The words of each part that quotes, line breaks or colons set apart."""


def read(text: str, *, known: frozenset[str] = frozenset(), providers: Mapping[str, str] | None = None) -> Reading:
    """Return what is compared of a text somebody pasted.

    `known` are the codes of all entries, in small letters; `providers` are words and whose they are.
    """
    plain = unwrapped(unicodedata.normalize("NFC", excerpt(text)))
    codes, perhaps = _codes(plain, known)
    hidden = masked(plain, known=known)
    words = words_of(hidden)
    spoken = statuses_spoken(" ".join(words))
    joined = f" {' '.join(words)} "
    return Reading(
        masked=hidden,
        words=words,
        joined=joined,
        pairs=frozenset(pairwise(words)),
        codes=codes,
        perhaps=perhaps or spoken,
        spoken=spoken,
        providers=frozenset(whose for word, whose in (providers or {}).items() if f" {word} " in joined),
        said=_said(hidden),
        lines=_lines(hidden),
        alone=frozenset(" ".join(words_of(part)) for part in _APART.split(hidden)[:_PARTS_AT_MOST]),
    )


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a masked text in small letters, names in one word parted: "TooMany_requests"."""
    bare = _PLACEHOLDER.sub(" ", text.translate(_APOSTROPHES))
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", _CAMEL.sub(" ", bare)).casefold()))


@lru_cache(maxsize=256)
def statuses_spoken(joined: str) -> frozenset[str]:
    """Return the HTTP statuses whose names, in whatever language we know them, stand in a text that is words."""
    short = joined[:2_000]
    return frozenset(status for phrase, status in STATUS_OF_PHRASE.items() if phrase in short)


def _codes(text: str, known: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    named = {found for pattern in _NAMED_CODES for found in pattern.findall(text)}
    own = {chunk.lower().rstrip(".!?") for chunk in _CHUNK.findall(text)} & {
        one for one in known if not one.isdigit() or len(one) != 3
    }
    failures = frozenset(one for one in named if one >= "400")
    return failures | own, frozenset(_ANY_CODE.findall(text)) | failures


def _said(text: str) -> tuple[tuple[str, ...], ...]:
    found = [*_SAID.findall(text)[:50], *_THROWN.findall(text)[:50]]
    return tuple(words for words in map(words_of, found) if words)


def _lines(text: str) -> tuple[tuple[str, ...], ...]:
    lines = [line for line in text.splitlines() if line.strip()]
    return tuple(words for words in map(words_of, lines) if words) if len(lines) <= FEW_LINES else ()
