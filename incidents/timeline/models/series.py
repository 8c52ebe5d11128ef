"""A series of maintenance windows: when the next one begins, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from incidents.timeline.checks import TITLE_LIMIT
from incidents.timeline.models.translation import Translated, Translation, filled_texts, filled_titles
from incidents.timeline.placeholders import Facts, filled, filled_line
from incidents.timeline.recurrence import following

if TYPE_CHECKING:
    from incidents.timeline.models.maintenance import Maintenance


def planned_start(window: Maintenance) -> datetime:
    """Return when the rule wanted it to start: moving one window does not move those after it."""
    first_move = window.window_moves.first()
    return first_move.old_starts_at if first_move else window.window[0]


def next_start(window: Maintenance, *, at: datetime) -> datetime | None:
    """Return the next start by the rule after this one's turn and after `at`, None where the series is over."""
    coming = following(
        window.recurrence,
        first=window.series_began_at,
        zone=window.page.zone,
        after=max(planned_start(window), window.series_began_at, at),
        count=1,
    )
    return coming[0] if coming else None


def words_of_next(window: Maintenance) -> dict[str, Any]:
    """Return title and text of the next window with their translations: as they were written with placeholders,
    else as they were said of this one.
    """
    written = window.series_words or _said(window)
    # A language the page is not published in any more must not keep a window from ending.
    spoken = window.page.further_languages
    return {
        "title": written["title"],
        "body": written["body"],
        **{
            name: {language: text for language, text in written.get(name, {}).items() if language in spoken}
            for name in ("titles", "translations")
        },
    }


def filled_plan(
    told: Mapping[str, Any], facts: Facts, *, follows: bool
) -> tuple[str, str, dict[str, str], dict[str, str]]:
    """Return title, text, titles and translations with their placeholders filled. Raises as `filled`.

    A window that `follows` is planned by the end of the one before, which nothing may stand in the way of: where no
    component is left, or their names are too long for a title by now, the page is named in their place.
    """
    if follows and not (facts.components and _fits(told, facts)):
        facts = facts.naming_the_page()
    return (
        filled_line(told["title"], facts, field="title"),
        filled(told["body"], facts, field="body"),
        filled_titles(told["titles"], facts),
        filled_texts(told["translations"], facts),
    )


def _fits(told: Mapping[str, Any], facts: Facts) -> bool:
    titles = [filled_line(told["title"], facts, field="title"), *filled_titles(told["titles"], facts).values()]
    return all(len(title) <= TITLE_LIMIT for title in titles)


def _said(window: Maintenance) -> dict[str, Any]:
    first = window.updates.standing().order_by("posted_at", "pk").first()
    return {
        "title": window.title,
        "body": first.body if first else window.title,
        "titles": Translation.texts(window, Translated.TITLE),
        "translations": Translation.texts(window, Translated.UPDATE, first) if first else {},
    }
