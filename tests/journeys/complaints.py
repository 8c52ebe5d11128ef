"""What a browser complains of while a page is open."""

from playwright.sync_api import ConsoleMessage, Page

OPTIONAL_FONT_CAME_LATE = "was preloaded using link preload but not used"
"""The face is optional: on a slow machine Chromium shows the page without it and remarks on that."""

REQUEST_GIVEN_UP = "htmx:sendAbort"
"""A later keystroke replaced a request that was under way (hx-sync): htmx remarks on it, nobody misses its answer."""

REQUEST_ENDED = "htmx:afterRequest"
"""htmx logs it only for a request without an answer, and in the next line why (sendError, sendAbort, timeout)."""

REMARKS = (OPTIONAL_FONT_CAME_LATE, REQUEST_GIVEN_UP, REQUEST_ENDED)


def listen_for_complaints(tab: Page) -> list[str]:
    """Return a list that fills with errors, warnings and failures of scripts as they happen."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if not any(remark in message.text for remark in REMARKS):
            complaints.append(f"{tab.url}: {message.text}")

    tab.on("console", hear)
    tab.on("pageerror", lambda error: complaints.append(f"{tab.url}: {error}"))
    return complaints
