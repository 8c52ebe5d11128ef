"""Addresses of public documents: the conventions of Statuspage, so that links survive a move."""

from datetime import date

from incidents.publishing.months import MONTHS_PER_PAGE

PROMISES = "/promises"
COMPONENTS = "/components"
"""Where a component is found by its name; answered for each reader."""


def incident(code: str) -> str:
    """Return the path of an incident or maintenance."""
    return f"/incidents/{code}"


def edits(code: str, update: str) -> str:
    """Return the path of the page with the texts an update once had."""
    return f"/incidents/{code}/updates/{update}/edits"


def component(code: str) -> str:
    """Return the path of a component."""
    return f"/c/{code}"


def group(code: str) -> str:
    """Return the path of a group of components."""
    return f"/g/{code}"


def history(number: str) -> str:
    """Return the path of a page of history; 1 is the newest."""
    return "/history" if number == "1" else f"/history?page={number}"


def month_table(number: str) -> str:
    """Return the path of a page of the calendar; 1 is the newest."""
    return "/history/calendar" if number == "1" else f"/history/calendar/{number}"


def history_of_month(on: date, *, today: date) -> str:
    """Return the address of the month of `on` in history, read on `today`."""
    back = (today.year - on.year) * 12 + today.month - on.month
    return f"{history(str(back // MONTHS_PER_PAGE + 1))}#{on:%Y-%m}"


def history_months(number: str) -> str:
    """Return the path of a page of history for programs."""
    return "/history.json" if number == "1" else f"/history.json?page={number}"


def picture(digest: str, incident: str = "") -> str:
    """Return the path of a preview's picture: of the page, or of an incident by code."""
    return f"/og/{incident}/{digest}.png" if incident else f"/og/{digest}.png"


def record(code: str) -> str:
    """Return the path of an incident for programs."""
    return f"/api/v2/incidents/{code}.json"


def badge(code: str, suffix: str = "") -> str:
    """Return the path of the badge of a component or group; the suffix names scheme and size."""
    return f"/badge/{code}{suffix}.svg"


def live_index() -> str:
    """Return the path of the live part of the first page."""
    return "/live/index"


def live_group(code: str) -> str:
    """Return the path of the live part of a group's page, from which the first page also takes its rows."""
    return f"/live/g/{code}"


def live_incident(code: str) -> str:
    """Return the path of the live part of an incident's page."""
    return f"/live/incidents/{code}"


def inspection(code: str) -> str:
    """Return the path of the days of a component's trace."""
    return f"/live/c/{code}/days.json"


def live_component(code: str) -> str:
    """Return the path of the live part of a component's page."""
    return f"/live/c/{code}"
