"""What the columns of a list mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from incidents.subscriptions.lists.table import Row

ADDRESS = "address"
COMPONENTS = "components"
LANGUAGE = "language"
TIME_ZONE = "time_zone"

FIELDS = {
    ADDRESS: "E-mail address",
    COMPONENTS: "Components (names with ; between them; none: everything)",
    LANGUAGE: "Language",
    TIME_ZONE: "Time zone",
}

_NAMES = {
    ADDRESS: {"address", "email", "e-mail", "mail", "emailaddress", "e-mailaddress", "subscriber", "e-mail-adresse"},
    COMPONENTS: {"components", "component", "follows"},
    LANGUAGE: {"language", "locale", "lang"},
    TIME_ZONE: {"timezone", "zone", "tz"},
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; `is_certain` is False where a person should look."""

    has_header: bool
    places: dict[str, int]
    is_certain: bool

    def as_json(self) -> dict[str, Any]:
        """Return what is kept with an import."""
        return dict(self.places)


def guessed_columns(rows: Sequence[Row]) -> Columns:
    """Return what the first rows suggest: by the names of a header, else by where the @ signs stand."""
    first = rows[0].cells if rows else ()
    has_header = bool(first) and not any("@" in cell for cell in first)
    if not has_header:
        place = _place_of_addresses(rows)
        return Columns(has_header=False, places={} if place is None else {ADDRESS: place}, is_certain=False)
    named = {field: [at for at, cell in enumerate(first) if _plain(cell) in names] for field, names in _NAMES.items()}
    places = {field: found[0] for field, found in named.items() if found}
    is_doubled = len({_plain(cell) for cell in first}) < len(first)
    is_certain = ADDRESS in places and not is_doubled and all(len(found) < 2 for found in named.values())
    if ADDRESS not in places and (guess := _place_of_addresses(rows[1:])) is not None:
        places[ADDRESS] = guess
    return Columns(has_header=True, places=places, is_certain=is_certain)


def cell(row: Row, places: dict[str, int], field: str) -> str:
    """Return what a row says about a field, "" where its column is missing."""
    place = places.get(field)
    return row.cells[place] if place is not None and place < len(row.cells) else ""


def _place_of_addresses(rows: Iterable[Row]) -> int | None:
    counts: dict[int, int] = {}
    for row in rows:
        for place, text in enumerate(row.cells):
            counts[place] = counts.get(place, 0) + ("@" in text)
    best = max(counts, key=lambda place: (counts[place], -place), default=None)
    return best if best is not None and counts[best] else None


def _plain(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "").strip('"')
