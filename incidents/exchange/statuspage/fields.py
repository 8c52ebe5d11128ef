"""Reading one JSON object strictly: every getter returns the right type or complains in words."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from incidents.exchange.statuspage.problems import Complaint
from incidents.timeline.restoring import is_code


class Fields:
    """One JSON object. Raises Complaint where it is none, or a field is missing or wrong."""

    def __init__(self, value: object, *, what: str = "the record") -> None:
        if not isinstance(value, dict):
            raise Complaint(f"{what} is not an object but {kind_of(value)}")
        self._values: dict[str, Any] = value

    def has(self, name: str) -> bool:
        """Say whether the field is there and not null."""
        return self._values.get(name) is not None

    def value(self, name: str) -> object:
        """Return whatever the field holds; it must be there."""
        present: object = self._present(name)
        return present

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        return self._text(name, self._present(name))

    def optional_text(self, name: str) -> str:
        """Return a text, empty where it is missing or null."""
        return self._text(name, self._values[name]) if self.has(name) else ""

    def code(self, name: str) -> str:
        """Return a code of Statuspage's form that must be there."""
        code = self.text(name)
        if not is_code(code):
            raise Complaint(f"its {name} “{shortened(code)}” is not a code of 12 letters and digits")
        return code

    def choice(self, name: str, values: Collection[str]) -> str:
        """Return a text that is one of `values`."""
        value = self.text(name)
        if value not in values:
            raise Complaint(f"unknown {name.replace('_', ' ')} “{shortened(value)}”")
        return value

    def moment(self, name: str) -> datetime:
        """Return a date and time that must be there, in UTC."""
        return _moment(name, self.text(name))

    def optional_moment(self, name: str) -> datetime | None:
        """Return a date and time in UTC, None where it is missing or null."""
        return _moment(name, self.text(name)) if self.has(name) else None

    def optional_day(self, name: str) -> date | None:
        """Return a calendar day, None where it is missing or null."""
        if not self.has(name):
            return None
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            raise Complaint(f"its {name} is not a date: “{shortened(self.text(name))}”") from None

    def number(self, name: str, *, default: int, most: int = 2**31 - 1) -> int:
        """Return a whole number from 0 to `most`, `default` where it is missing or null."""
        value = self._values.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise Complaint(f"its {name} is not a whole number from 0 on")
        return value

    def switch(self, name: str, *, default: bool) -> bool:
        """Return true or false, `default` where it is missing or null."""
        value = self._values.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise Complaint(f"its {name} is {kind_of(value)}, not true or false")
        return value

    def rows(self, name: str) -> list[object]:
        """Return a list that must be there."""
        return self._list(name, self._present(name))

    def optional_rows(self, name: str) -> list[object]:
        """Return a list, empty where it is missing or null."""
        return self._list(name, self._values[name]) if self.has(name) else []

    def _present(self, name: str) -> Any:
        if name not in self._values:
            raise Complaint(f"has no {name}")
        if self._values[name] is None:
            raise Complaint(f"its {name} is empty")
        return self._values[name]

    def _text(self, name: str, value: object) -> str:
        if not isinstance(value, str):
            raise Complaint(f"its {name} is {kind_of(value)}, not a text")
        return value

    def _list(self, name: str, value: object) -> list[object]:
        if not isinstance(value, list):
            raise Complaint(f"its {name} is {kind_of(value)}, not a list")
        return value


def kind_of(value: object) -> str:
    """Return what a JSON value is, in words."""
    if value is None:
        return "null"
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), "something else")


def shortened(text: str) -> str:
    """Return at most 40 printable characters of a text, to be quoted."""
    plain = "".join(character if character.isprintable() else " " for character in text[:41])
    return plain if len(plain) <= 40 else f"{plain[:40]}…"


def _moment(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Complaint(f"its {name} is not a date and time: “{shortened(text)}”") from None
    if moment.tzinfo is None:
        raise Complaint(f"its {name} has no time zone: “{shortened(text)}”")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Complaint(f"its {name} cannot be right: “{shortened(text)}”") from None
