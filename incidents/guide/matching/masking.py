"""Taking out of a text what is nobody's business: keys, addresses, numbers, names of machines.

What stays are words. It is careful the wrong way round on purpose: a word too few is compared, rather than a key too
many is kept.
"""

import re
from itertools import pairwise

HIDDEN = "‹hidden›"
ADDRESS = "‹address›"
NUMBER = "‹number›"
IDENTIFIER = "‹id›"
PATH = "‹path›"
NAME = "‹name›"
PLACEHOLDERS = (HIDDEN, ADDRESS, NUMBER, IDENTIFIER, PATH, NAME)

_OUTSIDE = r"\s\"'<>{}\[\](),;|`‹›“”„«»，。、：；！？（）「」『』"
_VALUE = r"(?:‹[a-z]{2,8}›|\"[^\"\n]{0,4000}+\"?|'[^'\n]{0,4000}+'?|[^\s\"'<>,;]{1,4000}+)"
_REST = r"[^\n\"'<>‹]{1,4000}+"

_HEADERS = re.compile(
    r"(?i)(?<![a-z])((?:proxy-)?authorization|(?:set-)?cookie2?|x-[a-z-]{0,30}(?:key|token|secret|auth)[a-z-]{0,20})"
    rf"([\"']?\s{{0,4}}[:=]\s{{0,4}}+)(?:[\"']{_REST}[\"']?|{_REST})"
)
_STRONG = re.compile(
    r"(?i)((?<![a-z])(?:[a-z0-9]{1,20}[_-]){0,3}(?:passwor[dt]|passwd|passphrase|passcode|pwd|pass|secret|"
    r"private[_-]?key|credentials?|cvv|cvc|pin|otp|ssn|iban|mot[_-]de[_-]passe|kennwort|contraseña|senha|"
    r"パスワード|密码|كلمة المرور))"
    rf"([\"']?\s{{0,4}}(?:[:=]|=>)\s{{0,4}})(?:(?<=:[ \t])[^\n\"'<>,;={{}}]{{1,80}}+(?=$|\n)|{_VALUE}|$)"
)
_WEAK = re.compile(
    r"(?i)((?<![a-z])(?:[a-z0-9]{1,20}[_-]){0,3}(?:token|api[_-]?key|key|access[_-]?key(?:[_-]id)?|session(?:[_-]?id)?|sid|"
    rf"signature|sig|auth|client[_-]?id|account|user(?:name)?|login|email|e-mail|phone|name|host(?:name)?|nonce|state|csrf))"
    rf"([\"']?[:=]\s{{0,4}}){_VALUE}"
)
_NAMED_IN_PROSE = re.compile(
    r"(?i)((?<![a-z])(?:password|passwort|passphrase|secret|pin) (?:is|was|ist|war) )\S{1,500}+"
)
_SCHEME = re.compile(r"(?i)(?<![a-z])(bearer|basic|digest|negotiate|apikey)(\s{1,4})([A-Za-z0-9._~+/=-]{6,4000}+)")
_ARGUMENT = re.compile(
    r"(?<!\S)(-u|--user|-b|--cookie|-p|--password|--oauth2-bearer)([ =]{1,3})"
    r"(\"[^\"\n]{0,500}+\"?|'[^'\n]{0,500}+'?|\S{1,500}+)"
)
_GROUPED = re.compile(r"(?<![\w./])\(?\+?[0-9]{1,6}\)?(?:[ .\-]{1,2}\(?[0-9]{1,6}\)?){2,8}+")
_SUSPECT = re.compile(rf"(?<![^{_OUTSIDE}])[^{_OUTSIDE}\d@/\\=._+%~:#&*$?-]*+[\d@/\\=._+%~:#&*$?-][^{_OUTSIDE}]*+")
_LONG = re.compile(r"(?<![^\W\d_])[^\W\d_]{16,}+")
_DATE = re.compile(r"[0-9]{1,4}[-./:][0-9T.:+Z-]{1,40}")
_SPLIT = re.compile(r"([:=&#?]+)")
_KEPT = frozenset(
    {"oauth2", "utf-8", "utf8", "base64", "ipv4", "ipv6", "http2", "o365", "office365", "s3", "ec2", "tls"}
)
_NO_KEY = frozenset({"authentication", "authorization", "access", "realm", "scheme", "tokens", "token", "information"})


def masked(text: str, *, known: frozenset[str] = frozenset()) -> str:
    """Return `text` with a word in angle brackets for everything that is no word.

    `known` are codes of errors (in small letters) that stay, as HTTP statuses of failures do.
    """
    text = _without_keys(text)
    text = _HEADERS.sub(rf"\1\2{HIDDEN}", text)
    text = _STRONG.sub(rf"\1\2{HIDDEN}", text)
    text = _ARGUMENT.sub(rf"\1\2{HIDDEN}", text)
    text = _SCHEME.sub(_unless_prose, text)
    text = _NAMED_IN_PROSE.sub(rf"\1{HIDDEN}", text)
    text = _WEAK.sub(lambda found: _unless_known(found, known), text)
    text = _GROUPED.sub(lambda found: found[0] if found[0].lower() in known else NUMBER, text)
    text = _SUSPECT.sub(lambda found: _chunk(found[0], known), text)
    return _LONG.sub(lambda found: IDENTIFIER if _is_random(found[0]) else found[0], text)


def _without_keys(text: str) -> str:
    """Leave out blocks of armour (RFC 7468); one that is not closed ends with the text."""
    pieces, place = [], 0
    while (start := text.find("-----BEGIN", place)) >= 0:
        end = text.find("-----END", start)
        pieces += [text[place:start], HIDDEN]
        closing = text.find("\n", end) if end >= 0 else -1
        place = closing if closing >= 0 else len(text)
    return "".join([*pieces, text[place:]]) if pieces else text


def _unless_prose(found: re.Match[str]) -> str:
    """Leave "basic authentication" alone; "Bearer eyJ..." is hidden."""
    is_prose = found[3].lower().rstrip(".") in _NO_KEY or (found[1].lower() != "bearer" and found[3].islower())
    return found[0] if is_prose else f"{found[1]}{found[2]}{HIDDEN}"


def _unless_known(found: re.Match[str], known: frozenset[str]) -> str:
    value = found[0][len(found[1]) + len(found[2]) :].strip("\"'").lower()
    return found[0] if value in known else f"{found[1]}{found[2]}{HIDDEN}"


def _chunk(chunk: str, known: frozenset[str]) -> str:
    """Return what stands for a run of signs without white space that is no plain word."""
    bare = chunk.rstrip(".!?:…")
    tail = chunk[len(bare) :]
    if not bare or bare.lower() in known:
        return chunk
    if "://" in bare or "@" in bare[1:-1]:
        return f"{ADDRESS}{tail}"
    if _DATE.fullmatch(bare):
        return f"{NUMBER}{tail}"
    if bare.count(":") > 1 and all(sign in "0123456789abcdefABCDEF:.%" for sign in bare):
        return f"{ADDRESS}{tail}"
    pieces = _SPLIT.split(bare)
    return "".join(piece if place % 2 else _piece(piece, known) for place, piece in enumerate(pieces)) + tail


def _piece(piece: str, known: frozenset[str]) -> str:
    low = piece.lower()
    if not piece or piece.isalpha() or low in known or low in _KEPT or piece in PLACEHOLDERS:
        return piece
    if "/" in piece or "\\" in piece:
        return _with_slashes(piece, low)
    if any(sign.isdigit() for sign in piece):
        return _with_digits(piece)
    return _joined(piece)


def _with_slashes(piece: str, low: str) -> str:
    if low.startswith("http/"):
        return piece
    parts = piece.replace("\\", "/").split("/")
    is_plain = len(parts) == 2 and all(part.replace("-", "").isalpha() for part in parts)
    return piece if is_plain else PATH


def _with_digits(piece: str) -> str:
    if piece.isdigit():
        return piece if len(piece) == 3 and piece[0] in "45" and piece.isascii() else NUMBER
    if not any(sign.isalpha() for sign in piece):
        parts = piece.split(".")
        is_address = len(parts) == 4 and all(part.isdigit() for part in parts)
        return ADDRESS if is_address else piece if _is_status(piece) else NUMBER
    if not piece.isascii() and _is_wordy(piece):
        # Scripts without spaces join a number to its words.
        return re.sub(r"[0-9]+", lambda found: found[0] if _is_status(found[0]) else "", piece)
    return IDENTIFIER


def _is_status(piece: str) -> bool:
    return len(bare := piece.strip("-+.*_~%$")) == 3 and bare.isdigit() and bare[0] in "45"


def _is_wordy(piece: str) -> bool:
    return any(sign > "\u2e7f" for sign in piece)


def _joined(piece: str) -> str:
    """Return words joined by hyphens and the like as they are; of a dotted name only a class at its end."""
    if "." in piece.strip("."):
        parts = [part for part in piece.split(".") if part]
        if all(len(part) == 1 for part in parts):
            return piece
        last = parts[-1]
        if last[:1].isupper() and last.replace("_", "").isalpha() and not _is_random(last):
            return last if len(parts) > 2 or parts[0].islower() else f"{parts[0]}. {last}"
        return NAME
    words = [word for word in re.split(r"[-_+~%*$]", piece) if word]
    is_plain = all(word.isalpha() and not _is_random(word) for word in words)
    return piece if is_plain else IDENTIFIER


def _is_random(word: str) -> bool:
    """Say whether letters look drawn by lot: very long, all capital, or capital in the middle again and again."""
    if not word.isascii():
        return len(word) > 200
    if len(word) > 45 or (len(word) >= 16 and word.isupper()) or (len(word) >= 32 and word.islower()):
        return True
    turns = sum(one.islower() != two.islower() for one, two in pairwise(word))
    return len(word) >= 12 and turns * 5 > len(word) * 2
