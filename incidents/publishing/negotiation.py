"""What a reader asked for: which packing it takes, and whether it has the bytes already (RFC 9110, 12.5.3 and 13)."""

from email.utils import parsedate_to_datetime

_REMEMBERED = 512
_seen: dict[str, str] = {}


def packing(accept_encoding: str) -> str:
    """Return "br", "gzip" or "" for a header, by its weights, brotli first among equals."""
    known = _seen.get(accept_encoding)
    if known is None:
        known = _best(accept_encoding)
        # Readers send few different headers; one who sends many must not fill the memory.
        if len(_seen) < _REMEMBERED:
            _seen[accept_encoding] = known
    return known


def _best(accept_encoding: str) -> str:
    weights = dict(_weighted(part) for part in accept_encoding.lower().split(","))
    others = weights.get("*", 0.0)
    offered = [("br", weights.get("br", others)), ("gzip", weights.get("gzip", weights.get("x-gzip", others)))]
    name, weight = max(offered, key=lambda pair: pair[1])
    return name if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def _weighted(part: str) -> tuple[str, float]:
    name, _, rest = part.partition(";")
    key, _, weight = rest.strip().partition("=")
    if key.strip() != "q":
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
