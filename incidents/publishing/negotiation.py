"""What a reader asked for: which packing and which form it takes, and whether it has the bytes already.

RFC 9110, 12.5.1, 12.5.3 and 13.
"""

from email.utils import parsedate_to_datetime

_REMEMBERED = 512
_seen: dict[str, str] = {}
_seen_kinds: dict[str, str] = {}

VARIES_BY_KIND = ("Vary", "Accept")
"""The header of a page that is also told as Markdown and as JSON, at its own address."""

_KINDS = {"text/markdown": "md", "application/json": "json"}


def packing(accept_encoding: str) -> str:
    """Return "br", "gzip" or "" for a header, by its weights, brotli first among equals."""
    known = _seen.get(accept_encoding)
    if known is None:
        known = _best(accept_encoding)
        # Readers send few different headers; one who sends many must not fill the memory.
        if len(_seen) < _REMEMBERED:
            _seen[accept_encoding] = known
    return known


def kind(accept: str) -> str:
    """Return "md" or "json" for who names that form and prefers no HTML, "" for everybody else.

    No browser names them; a program that names one and takes HTML as well, or anything, means the one it named.
    """
    known = _seen_kinds.get(accept)
    if known is None:
        known = _named(accept)
        if len(_seen_kinds) < _REMEMBERED:
            _seen_kinds[accept] = known
    return known


def _named(accept: str) -> str:
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, weight = _weighted(part)
        weights.setdefault(name, weight)
    page = next((weights[name] for name in ("text/html", "text/*", "*/*") if name in weights), 0.0)
    named = [(weight, _KINDS[name]) for name, weight in weights.items() if name in _KINDS and weight > 0]
    best = max(named, key=lambda one: one[0], default=(0.0, ""))
    return best[1] if best[0] >= page else ""


def _best(accept_encoding: str) -> str:
    weights = dict(_weighted(part) for part in accept_encoding.lower().split(","))
    others = weights.get("*", 0.0)
    offered = [("br", weights.get("br", others)), ("gzip", weights.get("gzip", weights.get("x-gzip", others)))]
    name, weight = max(offered, key=lambda pair: pair[1])
    return name if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def _weighted(part: str) -> tuple[str, float]:
    name, *parameters = part.split(";")
    weight = next((one.partition("=")[2] for one in parameters if one.strip().startswith("q=")), "")
    if not weight:
        return name.strip(), 1.0
    try:
        return name.strip(), float(weight)
    except ValueError:
        return name.strip(), 0.0


def matches(if_none_match: str, etag: str) -> bool:
    """Return whether the list of validators names `etag` (with quotes), compared weakly."""
    if if_none_match == etag:
        return True
    return any(one.strip().removeprefix("W/") in (etag, "*") for one in if_none_match.split(","))


def unchanged_since(if_modified_since: str, modified_at: float) -> bool:
    """Return whether something last modified then (seconds of the epoch) is what the reader has.

    Compared exactly, as nginx does: after a notice was taken away, or a clock set back, the present bytes are older.
    """
    try:
        return parsedate_to_datetime(if_modified_since).timestamp() == modified_at
    except (ValueError, TypeError, OverflowError):
        return False
