"""Filling in the console's forms as a browser does: every field of the shown form is sent back."""

import re
from html import escape
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


class _Form(HTMLParser):
    """Collects what each form of a page would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, Any]] = {}
        self._now: dict[str, Any] | None = None
        self._select = ""
        self._first = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._now = self.forms.setdefault(str(given.get("action", "")), {})
        if self._now is None:
            return
        name = given.get("name")
        if tag == "input" and name:
            self._take_input(name, given)
        elif tag == "select" and name:
            self._select, self._first = name, ""
        elif tag == "option" and self._select:
            self._take_option(given)
        elif tag == "textarea" and name:
            self._textarea = name
            self._now[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self._now is not None:
            self._now[self._textarea] += data.lstrip("\n") if not self._now[self._textarea] else data

    def _take_input(self, name: str, given: dict[str, str | None]) -> None:
        assert self._now is not None
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio"):
            if "checked" in given:
                self._now[name] = given.get("value", "on")
        else:
            self._now[name] = given.get("value") or ""

    def _take_option(self, given: dict[str, str | None]) -> None:
        assert self._now is not None
        if "selected" in given or self._select not in self._now:
            self._now[self._select] = given.get("value") or ""


def form_at(client: Client, address: str, *, action: str = "") -> dict[str, Any]:
    """Return what the form with `action` (default: the address) on the screen at `address` would send."""
    shown = client.get(address)
    assert shown.status_code == 200, shown.status_code
    return fields_in(shown, action=action or address)


def fields_in(shown: Any, *, action: str) -> dict[str, Any]:
    """Return what the form with `action` in an answer would send."""
    reader = _Form()
    for markup in _FORM.findall(shown.content.decode()):
        # Screens hold dozens of forms: only those that may be the one wanted are read.
        if escape(action) in markup:
            reader.feed(markup)
    form = reader.forms[action]
    form.pop("csrfmiddlewaretoken", None)
    return form


def send(client: Client, shown_at: str, action: str = "", **said: Any) -> HttpResponse:
    """Fill in the form shown at an address with what is said and send it; None takes a field out."""
    form = {**form_at(client, shown_at, action=action), **said}
    response = client.post(action or shown_at, {name: value for name, value in form.items() if value is not None})
    assert isinstance(response, HttpResponse)
    return response
