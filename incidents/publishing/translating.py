"""Facts of a page as told in one of its further languages: in translation, or else in the original."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from incidents.publishing.guide_shapes import GuideFacts
from incidents.publishing.shapes import (
    CalendarFacts,
    ComponentPageFacts,
    EditsFacts,
    FeedFacts,
    GroupPageFacts,
    HistoryFacts,
    IncidentFacts,
    IndexFacts,
    MonthFacts,
    PageFacts,
    PostmortemFacts,
    PromiseFacts,
    PromisesFacts,
    RevisionFacts,
    ScorecardFacts,
    TranslationFacts,
    UpdateFacts,
    UptimeFacts,
)

_Facts = TypeVar("_Facts")

_HOLDING: dict[type, tuple[str, ...]] = {
    IndexFacts: ("page", "active", "running", "scheduled", "past"),
    HistoryFacts: ("page", "months"),
    MonthFacts: ("incidents",),
    CalendarFacts: ("page", "days"),
    UptimeFacts: ("page",),
    ComponentPageFacts: ("page", "open", "upcoming", "past"),
    GroupPageFacts: ("page",),
    EditsFacts: ("page", "incident", "update", "revisions"),
    FeedFacts: ("page", "incidents"),
    PromisesFacts: ("page", "promises"),
    GuideFacts: ("page", "incidents"),
    ScorecardFacts: ("page",),
}
"""Where in facts a page or something staff wrote is found."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A further language of a page whose main one is `main`."""

    language: str
    main: str

    def of(self, facts: _Facts) -> _Facts:
        """Return `facts` in the language. Reads nothing; what has no words stays the same object."""
        kind = type(facts)
        if kind in _HOLDING:
            told = {name: self.of(getattr(facts, name)) for name in _HOLDING[kind]}
            return cast("_Facts", replace(cast("Any", facts), **told))
        if isinstance(facts, tuple):
            return cast("_Facts", tuple(map(self.of, facts)))
        if isinstance(facts, dict):
            return cast("_Facts", {key: self.of(value) for key, value in facts.items()})
        return cast("_Facts", _TOLD[kind](self, facts)) if kind in _TOLD else facts

    def page(self, page: PageFacts) -> PageFacts:
        """Return the page, whose addresses have the prefix of the language from now on."""
        return replace(page, language=self.language)

    def incident(self, incident: IncidentFacts) -> IncidentFacts:
        """Return an incident with its title and all that was said."""
        title, title_in = self._said(incident.title, incident.translations)
        report = incident.postmortem
        return replace(
            incident,
            title=title,
            title_in=title_in,
            updates=tuple(map(self.update, incident.updates)),
            postmortem=self.postmortem(report) if report else None,
        )

    def update(self, update: UpdateFacts) -> UpdateFacts:
        """Return an update with its text."""
        html, html_in = self._said(update.html, update.translations)
        return replace(update, html=html, html_in=html_in)

    def postmortem(self, report: PostmortemFacts) -> PostmortemFacts:
        """Return a postmortem; what it promises stays as it was written."""
        html, html_in = self._said(report.html, report.translations)
        return replace(report, html=html, html_in=html_in, actions_in=self.main)

    def promise(self, promise: PromiseFacts) -> PromiseFacts:
        """Return a promise with the title of its incident."""
        title, title_in = self._said(promise.title, promise.translations)
        return replace(promise, title=title, title_in=title_in, action_in=self.main)

    def revision(self, revision: RevisionFacts) -> RevisionFacts:
        """Return a former text, which is kept as it was written."""
        return replace(revision, html_in=self.main)

    def _said(self, original: str, translations: Sequence[TranslationFacts]) -> tuple[str, str]:
        """Return the words and, where they are the original ones, the language these are in."""
        found = next((one.words for one in translations if one.language == self.language), "")
        return (found, "") if found and original else (original, self.main)


def told_on(page: PageFacts, incidents: Sequence[IncidentFacts]) -> list[IncidentFacts]:
    """Return incidents as the page at hand tells them, which may be one in a further language."""
    if not page.prefix:
        return list(incidents)
    return [Telling(page.language, main=page.main_language).incident(one) for one in incidents]


_TOLD: dict[type, Callable[[Telling, Any], Any]] = {
    PageFacts: Telling.page,
    IncidentFacts: Telling.incident,
    UpdateFacts: Telling.update,
    PostmortemFacts: Telling.postmortem,
    PromiseFacts: Telling.promise,
    RevisionFacts: Telling.revision,
}
