"""A series of maintenance windows: when the next one begins, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from incidents.timeline.checks import TITLE_LIMIT
from incidents.timeline.models.event import Actor
from incidents.timeline.models.translation import Translated, Translation, filled_texts, filled_titles
from incidents.timeline.placeholders import Facts, filled, filled_line
from incidents.timeline.recurrence import following

if TYPE_CHECKING:
    from incidents.timeline.models.maintenance import Maintenance


@dataclass(frozen=True, slots=True)
class WindowWords:
    """What is said of a window when it is planned; titles and texts in further languages by their tags."""

    title: str
    body: str
    titles: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, str] = field(default_factory=dict)

    def filled(self, known: Facts) -> WindowWords:
        """Return them with their placeholders filled. Raises BlankLeft, NothingToInsert."""
        return WindowWords(
            title=filled_line(self.title, known, field="title"),
            body=filled(self.body, known, field="body"),
            titles=filled_titles(self.titles, known),
            translations=filled_texts(self.translations, known),
        )

    def filled_for_next(self, known: Facts) -> WindowWords:
        """Return them filled for a window that follows, which nothing may keep from being planned.

        Where no component is left, or their names are too long for a title by now, the page is named in their place.
        """
        if known.components:
            words = self.filled(known)
            if all(len(title) <= TITLE_LIMIT for title in (words.title, *words.titles.values())):
                return words
        return self.filled(known.naming_the_page())


def planned_start(window: Maintenance) -> datetime:
    """Return when the rule wanted it to start: moving one window does not move those after it."""
    first_move = window.window_moves.first()
    return first_move.old_starts_at if first_move else window.window[0]


def schedule_next(window: Maintenance, *, by: Actor, at: datetime) -> Maintenance | None:
    """Schedule the window that follows this one and return it, None where there is none. Nobody is mailed."""
    starts_at = _next_start(window, at=at) if window.recurrence else None
    if starts_at is None:
        return None
    former_start, former_end = window.window
    return type(window).schedule(
        page=window.page,
        placeholders=bool(window.series_words),
        starts_at=starts_at,
        ends_at=starts_at + (former_end - former_start),
        by=by,
        at=at,
        components=window.living_components(),
        auto_start=window.auto_start,
        auto_finish=window.auto_finish,
        sets_components=window.sets_components,
        remind_minutes=window.remind_minutes,
        recurrence=window.recurrence,
        recurs_from=window.series_began_at,
        notify=False,
        **asdict(_words_of_next(window)),
    )


def _next_start(window: Maintenance, *, at: datetime) -> datetime | None:
    """Return the next start by the rule after this one's turn and after `at`, None where the series is over."""
    coming = following(
        window.recurrence,
        first=window.series_began_at,
        zone=window.page.zone,
        after=max(planned_start(window), window.series_began_at, at),
        count=1,
    )
    return coming[0] if coming else None


def _words_of_next(window: Maintenance) -> WindowWords:
    """Return what is said of the next window: as it was written with placeholders, else as it was said of this one."""
    words = WindowWords(**window.series_words) if window.series_words else _said_of(window)
    # A language the page is not published in any more must not keep a window from ending.
    spoken = window.page.further_languages
    return WindowWords(
        title=words.title,
        body=words.body,
        titles={language: title for language, title in words.titles.items() if language in spoken},
        translations={language: text for language, text in words.translations.items() if language in spoken},
    )


def _said_of(window: Maintenance) -> WindowWords:
    first = window.updates.standing().order_by("posted_at", "pk").first()
    return WindowWords(
        title=window.title,
        body=first.body if first else window.title,
        titles=Translation.texts(window, Translated.TITLE),
        translations=Translation.texts(window, Translated.UPDATE, first) if first else {},
    )
