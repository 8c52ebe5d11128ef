"""What of the things followed somebody wants to hear, in which language and in whose time."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext, gettext_noop

from incidents.lib.languages import OFFERED, nearest
from incidents.lib.names import in_a_row
from incidents.lib.text import clean_line
from incidents.lib.zones import known_zones
from incidents.subscriptions.choices import SeverityFloor
from incidents.subscriptions.refusals import NothingChosen, UnknownMailLanguage

LONGEST_NAME = 64
"""Characters of a language or a zone; what is longer is neither."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """Kind of news, from which impact on, language and time zone ("" is the page's)."""

    wants_incidents: bool = True
    wants_maintenance: bool = True
    severity_floor: str = SeverityFloor.NONE.value
    language: str = ""
    time_zone: str = ""

    @classmethod
    def chosen(cls, *, language: str = "", time_zone: str = "", severity_floor: str = "", **kinds: bool) -> Preferences:
        """Return what somebody chose; what does not exist becomes what the page has.

        `kinds` are `wants_incidents` and `wants_maintenance`. Raises NothingChosen where both are False.
        """
        chosen = cls(
            **kinds,
            severity_floor=severity_floor if severity_floor in SeverityFloor.values else SeverityFloor.NONE.value,
            language=nearest(language),
            time_zone=time_zone if is_time_zone(time_zone) else "",
        )
        if not (chosen.wants_incidents or chosen.wants_maintenance):
            raise NothingChosen(gettext("Choose incidents, maintenance, or both."), field="kind")
        return chosen

    def as_json(self) -> dict[str, Any]:
        """Return what differs from the usual."""
        return {name: value for name, value in asdict(self).items() if value != getattr(USUAL, name)}

    @classmethod
    def kept(cls, kept: dict[str, Any]) -> Preferences:
        """Return preferences from `as_json`, also those that an older version kept."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})

    def wants(self, impact: str | None, *, is_maintenance: bool) -> bool:
        """Say whether news of an incident of `impact` (None: whatever it is) or of a maintenance is wanted."""
        if is_maintenance:
            return self.wants_maintenance
        return self.wants_incidents and (impact is None or self.severity_floor in SeverityFloor.reached_by(impact))

    def in_words(self) -> str:
        """Return what is left out: "only incidents", "from partial outage on"; "" for nothing."""
        words = []
        if not self.wants_maintenance:
            words.append(gettext("only incidents"))
        if not self.wants_incidents:
            words.append(gettext("only maintenance"))
        elif self.severity_floor != SeverityFloor.NONE:
            words.append(gettext(_FROM[self.severity_floor]))
        return in_a_row(words)


_FROM = {
    SeverityFloor.MINOR.value: gettext_noop("degraded performance and worse"),
    SeverityFloor.MAJOR.value: gettext_noop("partial outage and worse"),
    SeverityFloor.CRITICAL.value: gettext_noop("major outage only"),
}
"""From which severity on, inside a sentence."""

USUAL = Preferences()
"""All news, in the language and time of the page."""


def checked_language(written: str) -> str:
    """Return the language staff mean by "de", "de-AT" or "Deutsch"; "" for nothing. Raises UnknownMailLanguage."""
    typed = clean_line(written)
    by_name = {name.casefold(): tag for tag, name in OFFERED.items()}
    found = by_name.get(typed.casefold()) or nearest(typed)
    if typed and not found:
        raise UnknownMailLanguage(
            f"No mail is written in “{typed[:40]}”; choose one of {', '.join(OFFERED)}, or none for that of the page.",
            field="language",
        )
    return found


def languages() -> list[tuple[str, str]]:
    """Return tag and name of each language mail can be written in, each in its own."""
    return list(OFFERED.items())


def is_time_zone(name: str) -> bool:
    """Say whether `name` is in the IANA database."""
    return len(name) <= LONGEST_NAME and name in known_zones()


def nearest_time_zone(typed: str) -> str | None:
    """Return the zone somebody means by "Europe/Berlin" or "berlin"; "" for nothing typed, None for no zone."""
    wanted = "_".join(typed.split()).casefold()
    if not wanted or len(wanted) > LONGEST_NAME:
        return None if wanted else ""
    exact = [name for name in known_zones() if name.casefold() == wanted]
    cities = [name for name in known_zones() if name.rpartition("/")[2].casefold() == wanted and "/" in name]
    return next(iter([*exact, *sorted(cities, key=len)]), None)
