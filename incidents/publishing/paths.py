"""Addresses of public documents: the conventions of Statuspage, so that links survive a move.

A further language of a page stands below a prefix (`/de/history`). While a document of it is made, the addresses
here have that prefix, so that its links stay in its language.
"""

from datetime import date

from incidents.lib.prefixes import parted, placed, prefix_of
from incidents.publishing.months import MONTHS_PER_PAGE


def index() -> str:
    """Return the path of the first page."""
    return placed("/")


def promises() -> str:
    """Return the path of what was promised."""
    return placed("/promises")


def scorecard() -> str:
    """Return the path of how incidents were handled."""
    return placed("/scorecard")


def components() -> str:
    """Return the path where a component is found by its name; answered for each reader."""
    return placed("/components")


def search() -> str:
    """Return the path where history is searched; answered for each reader."""
    return placed("/history/search")


def guide() -> str:
    """Return the path of the error guide."""
    return placed("/errors")


def guide_range(name: str) -> str:
    """Return the path of the errors of a range such as "400-499"."""
    return placed(f"/errors/{name}")


def guide_provider(name: str) -> str:
    """Return the path of the errors of a provider."""
    return placed(f"/errors/providers/{name}")


def entry(slug: str) -> str:
    """Return the path of one error."""
    return placed(f"/errors/{slug}")


def live_guide(path: str) -> str:
    """Return the path of the live part of a page of the error guide, which is at `path`."""
    language, plain = parted(path)
    return placed(f"/live{plain}", prefix_of(language))


def guide_search() -> str:
    """Return the path where errors are searched and filtered; answered for each reader."""
    return placed("/errors/search")


def ask() -> str:
    """Return the path where a reader asks what an error means."""
    return placed("/errors/ask")


def subscribe_to(code: str) -> str:
    """Return the path where one incident is followed."""
    return placed(f"/subscribe?incident={code}")


def uptime() -> str:
    """Return the path of the uptime of all components."""
    return placed("/uptime")


def incident(code: str) -> str:
    """Return the path of an incident or maintenance."""
    return placed(f"/incidents/{code}")


def edits(code: str, update: str) -> str:
    """Return the path of the page with the texts an update once had."""
    return placed(f"/incidents/{code}/updates/{update}/edits")


def component(code: str) -> str:
    """Return the path of a component."""
    return placed(f"/c/{code}")


def group(code: str) -> str:
    """Return the path of a group of components."""
    return placed(f"/g/{code}")


def history(number: str) -> str:
    """Return the path of a page of history; 1 is the newest."""
    return placed("/history" if number == "1" else f"/history?page={number}")


def month_table(number: str) -> str:
    """Return the path of a page of the calendar; 1 is the newest."""
    return placed("/history/calendar" if number == "1" else f"/history/calendar/{number}")


def history_of_month(on: date, *, today: date) -> str:
    """Return the address of the month of `on` in history, read on `today`."""
    back = (today.year - on.year) * 12 + today.month - on.month
    return f"{history(str(back // MONTHS_PER_PAGE + 1))}#{on:%Y-%m}"


def history_months(number: str) -> str:
    """Return the path of a page of history for programs."""
    return "/history.json" if number == "1" else f"/history.json?page={number}"


def style(digest: str) -> str:
    """Return the path of the style sheet with a page's own colours and shapes."""
    return f"/brand/{digest}.css"


def logo(digest: str) -> str:
    """Return the path of a page's logo, which mails name as well (timeline.looks.Logo.path)."""
    return f"/brand/{digest}.png"


def history_markdown(number: str) -> str:
    """Return the path of a page of history as Markdown."""
    return "/history.md" if number == "1" else f"/history.md?page={number}"


def twin(path: str, kind: str) -> str:
    """Return where a page is told as Markdown ("md", in its language) or as JSON ("json", in the main one).

    The calendar shows what history tells: its twins are those of the same months.
    """
    language, plain = parted(path)
    bare, _, query = plain.partition("?")
    if bare.startswith("/history/calendar"):
        number = bare.removeprefix("/history/calendar").strip("/")
        bare, query = "/history", f"page={number}" if number else ""
    name = f"{'/index' if bare == '/' else bare}.{kind}"
    return placed(f"{name}?{query}" if query else name, prefix_of(language) if kind == "md" else "")


def picture(digest: str, incident: str = "") -> str:
    """Return the path of a preview's picture: of the page, or of an incident by code."""
    return placed(f"/og/{incident}/{digest}.png" if incident else f"/og/{digest}.png")


def record(code: str) -> str:
    """Return the path of an incident for programs."""
    return f"/api/v2/incidents/{code}.json"


def badge(code: str, suffix: str = "") -> str:
    """Return the path of the badge of a component or group; the suffix names scheme and size."""
    return f"/badge/{code}{suffix}.svg"


def live_index() -> str:
    """Return the path of the live part of the first page."""
    return placed("/live/index")


def live_group(code: str) -> str:
    """Return the path of the live part of a group's page, from which the first page also takes its rows."""
    return placed(f"/live/g/{code}")


def live_incident(code: str) -> str:
    """Return the path of the live part of an incident's page."""
    return placed(f"/live/incidents/{code}")


def inspection(code: str) -> str:
    """Return the path of the days of a component's trace."""
    return placed(f"/live/c/{code}/days.json")


def live_component(code: str) -> str:
    """Return the path of the live part of a component's page."""
    return placed(f"/live/c/{code}")
