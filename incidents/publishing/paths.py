"""Addresses of public documents: the conventions of Statuspage, so that links survive a move."""


def incident(code: str) -> str:
    """Return the path of an incident or maintenance."""
    return f"/incidents/{code}"


def edits(code: str, update: str) -> str:
    """Return the path of the page with the texts an update once had."""
    return f"/incidents/{code}/updates/{update}/edits"


def component(code: str) -> str:
    """Return the path of a component."""
    return f"/c/{code}"


def history(number: str) -> str:
    """Return the path of a page of history; 1 is the newest."""
    return "/history" if number == "1" else f"/history?page={number}"
