"""What comes late: requests of a tab that wait until a test lets them go on, as on a slow line."""

from playwright.sync_api import Page, Route


def held_up(tab: Page, *patterns: str) -> list[Route]:
    """Return a list that fills with the requests of a tab whose address fits; `continue_()` lets one go on."""
    waiting: list[Route] = []

    def keep(request: Route) -> None:
        waiting.append(request)

    for pattern in patterns:
        tab.route(pattern, keep)
    return waiting
