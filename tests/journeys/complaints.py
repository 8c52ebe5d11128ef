"""What a browser complains of while a page is open."""

from playwright.sync_api import ConsoleMessage, Page

OPTIONAL_FONT_CAME_LATE = "was preloaded using link preload but not used"
"""The face is optional: on a slow machine Chromium shows the page without it and remarks on that."""


def listen_for_complaints(tab: Page) -> list[str]:
    """Return a list that fills with errors, warnings and failures of scripts as they happen."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if OPTIONAL_FONT_CAME_LATE not in message.text:
            complaints.append(f"{tab.url}: {message.text}")

    tab.on("console", hear)
    tab.on("pageerror", lambda error: complaints.append(f"{tab.url}: {error}"))
    return complaints
