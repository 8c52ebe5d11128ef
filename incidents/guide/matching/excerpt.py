"""Of a very long text the parts that may tell of an error."""

import re
from collections.abc import Iterator

READ_AT_MOST = 12_000
"""Characters that are compared; of a longer text the telling parts are chosen."""

_PIECE = 1_000
_TELLING = ("error", "fail", "exception", "denied", "invalid", "message", "status", "disabled", "exceeded", "http/")
_CODE = re.compile(r"[45][0-9]{2}")


def excerpt(text: str) -> str:
    """Return `text`, or of one longer than READ_AT_MOST its telling lines and pieces of lines, in their order.

    Where more of it is telling than is read, it is the beginning and the end.
    """
    if len(text) <= READ_AT_MOST:
        return text
    telling = [piece for piece in _pieces(text) if _is_telling(piece)] or list(_pieces(text[:READ_AT_MOST]))
    chosen = "\n".join(telling)
    half = READ_AT_MOST // 2
    return chosen if len(chosen) <= READ_AT_MOST else f"{chosen[:half]}\n{chosen[-half:]}"


def _is_telling(piece: str) -> bool:
    low = piece.lower()
    return any(word in low for word in _TELLING) or _CODE.search(low) is not None


def _pieces(text: str) -> Iterator[str]:
    """Yield lines that say anything, long ones cut between words where there are any."""
    for line in text.split("\n"):
        start = 0
        while len(line) - start > _PIECE:
            space = line.rfind(" ", start + _PIECE // 2, start + _PIECE)
            end = space if space > 0 else start + _PIECE
            yield line[start:end]
            start = end
        if start < len(line) and not line.isspace():
            yield line[start:]
