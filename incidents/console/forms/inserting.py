"""Putting prepared text into what is typed, where the caret is."""


def inserted(text: str, addition: str, *, caret: str) -> tuple[str, int]:
    """Return `text` with `addition` in the place of what `caret` marks, and where the caret is afterwards.

    `caret` is "from,to" in UTF-16 units, as browsers count; without one the addition follows as a paragraph.
    """
    text = text.replace("\r\n", "\n")
    units = text.encode("utf-16-le")
    if not caret or not text.strip():
        said = text.rstrip()
        whole = f"{said}\n\n{addition}" if said else addition
        return whole, _units(whole)
    start, end = sorted(min(int(place), len(units) // 2) for place in caret.split(","))
    before, after = _text(units[: 2 * start]), _text(units[2 * end :])
    gap = "" if not before or before[-1].isspace() else " "
    follow = "" if not after or after[0].isspace() else " "
    return f"{before}{gap}{addition}{follow}{after}", _units(f"{before}{gap}{addition}")


def _text(units: bytes) -> str:
    return units.decode("utf-16-le", "ignore")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
