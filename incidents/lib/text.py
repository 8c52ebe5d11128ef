"""Cleaning at the door: what people paste must never break a mail, a feed or a calendar."""

import re
import unicodedata

_BIDI_CONTROLS = "\u202a-\u202e\u2066-\u2069"
_NON_CHARACTERS = "\ufdd0-\ufdef\ufffe\uffff"
_LONE_SURROGATES = "\ud800-\udfff"
_CONTROLS_BUT_TAB_AND_NEWLINE = "\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f"

_ANSI_SEQUENCE = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
_REFUSED = re.compile(f"[{_CONTROLS_BUT_TAB_AND_NEWLINE}{_BIDI_CONTROLS}{_NON_CHARACTERS}{_LONE_SURROGATES}\ufeff]")
_UNSTORABLE = re.compile(f"[\x00{_LONE_SURROGATES}]")
_LINE_BREAKS = re.compile("\r\n|\r|\x85|\u2028|\u2029")
_INVISIBLE = {"Zs", "Zl", "Zp", "Cc", "Cf"}
_WHITESPACE_RUN = re.compile(r"\s+")


def clean_text(text: str) -> str:
    """Return `text` in NFC with LF line ends and without characters no reader can see.

    Removed: control characters but tab and newline, terminal colour sequences, bidirectional
    embeddings and overrides, lone surrogates and non-characters. XML 1.0 (section 2.2)
    allows none of them in a feed, and the mail headers of RFC 5322 break on most.
    """
    text = _LINE_BREAKS.sub("\n", text)
    text = _REFUSED.sub("", _ANSI_SEQUENCE.sub("", text))
    return unicodedata.normalize("NFC", text).strip()


def count_removed(text: str) -> int:
    """Return how many characters `clean_text` takes out of `text` because no reader can see them."""
    text = _LINE_BREAKS.sub("\n", text)
    sequences = sum(len(found) for found in _ANSI_SEQUENCE.findall(text))
    return sequences + len(_REFUSED.findall(_ANSI_SEQUENCE.sub("", text)))


def clean_line(text: str) -> str:
    """Return `text` cleaned as by `clean_text` and on one line, runs of white space folded."""
    return _WHITESPACE_RUN.sub(" ", clean_text(text)).strip()


def storable(text: str) -> str:
    """Return `text` without what PostgreSQL neither keeps nor compares (NUL, lone surrogates), all else as it is."""
    return _UNSTORABLE.sub("", text)


def is_blank(text: str) -> bool:
    """Say whether a reader would see nothing: only white space or zero-width characters."""
    return all(unicodedata.category(character) in _INVISIBLE for character in text)
