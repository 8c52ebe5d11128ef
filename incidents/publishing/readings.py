"""Facts of one page as read for one publishing: each read once, however many documents are made of it."""

from datetime import date, datetime
from functools import cached_property

from incidents.publishing.facts.calendar import calendar_facts
from incidents.publishing.facts.documents import (
    Moved,
    NothingThere,
    component_facts,
    edits_facts,
    feed_facts,
    group_facts,
    history_facts,
    incident_facts,
    index_facts,
    oldest_page_of_history,
    uptime_facts,
)
from incidents.publishing.facts.guide import guide_facts
from incidents.publishing.facts.months import calendar_months, oldest_calendar_page
from incidents.publishing.facts.page import page_facts
from incidents.publishing.facts.promises import promises_facts
from incidents.publishing.facts.records import incident_record, now_records, recent_incidents, recent_maintenances
from incidents.publishing.facts.rows import Rows
from incidents.publishing.facts.scorecard import scorecard_facts
from incidents.publishing.facts.sitemap import sitemap_facts
from incidents.publishing.guide_shapes import EntryFacts, GuideFacts
from incidents.publishing.records import NowRecords, RecentRecords
from incidents.publishing.shapes import (
    CalendarFacts,
    ComponentPageFacts,
    EditsFacts,
    FeedFacts,
    GroupPageFacts,
    HistoryFacts,
    IncidentFacts,
    IndexFacts,
    PageFacts,
    PromisesFacts,
    ScorecardFacts,
    SitemapFacts,
    UptimeFacts,
)
from incidents.publishing.translating import Telling
from incidents.timeline.models import Page

__all__ = ["Moved", "NothingThere", "Readings"]


class Readings:
    """What documents are made from. Further kinds of documents add a method of the same form."""

    def __init__(self, row: Page, *, seen_at: datetime) -> None:
        self.row = row
        self.seen_at = seen_at
        self._rows = Rows(row)
        self._incidents: dict[str, IncidentFacts] = {}
        self._components: dict[str, ComponentPageFacts] = {}
        self._history: dict[int, HistoryFacts] = {}
        self._spoken: dict[str, Readings] = {}

    def spoken(self, language: str) -> "Readings":
        """Return the same as told in a further language of the page, "" for the main one. Raises NothingThere."""
        if not language:
            return self
        if language not in self.row.further_languages:
            raise NothingThere(language)
        if language not in self._spoken:
            self._spoken[language] = _SpokenReadings(self, language)
        return self._spoken[language]

    @cached_property
    def page(self) -> PageFacts:
        """The page itself."""
        return page_facts(self.row, seen_at=self.seen_at)

    @cached_property
    def today(self) -> date:
        """The day it is in the page's zone."""
        return self.row.today(at=self.seen_at)

    @cached_property
    def index(self) -> IndexFacts:
        """The facts of the first page."""
        return index_facts(self._rows, seen_at=self.seen_at)

    @cached_property
    def promises(self) -> PromisesFacts:
        """Every public promise."""
        return promises_facts(self.row, seen_at=self.seen_at)

    @cached_property
    def guide(self) -> GuideFacts:
        """The error guide."""
        return guide_facts(self._rows, seen_at=self.seen_at)

    @cached_property
    def scorecard(self) -> ScorecardFacts:
        """How incidents of a year were handled. Raises NothingThere where the page does not tell."""
        return scorecard_facts(self.row, seen_at=self.seen_at)

    @cached_property
    def uptime(self) -> UptimeFacts:
        """The year of every component."""
        return uptime_facts(self._rows, seen_at=self.seen_at)

    @cached_property
    def feed(self) -> FeedFacts:
        """The newest incidents and maintenance."""
        return feed_facts(self._rows, seen_at=self.seen_at)

    @cached_property
    def calendar(self) -> FeedFacts:
        """Maintenance windows, past and to come."""
        return calendar_facts(self._rows, seen_at=self.seen_at)

    @cached_property
    def now(self) -> NowRecords:
        """How things stand, for compatible APIs."""
        return now_records(self._rows)

    @cached_property
    def parts(self) -> dict[str, tuple[str, str]]:
        """Name and state of every component and group, by code."""
        components = {one.code: (one.name, one.status) for one in self.now.components}
        return components | {one.code: (one.name, one.status) for one in self.now.groups}

    @cached_property
    def recent_incidents(self) -> RecentRecords:
        """The newest incidents, for compatible APIs."""
        return recent_incidents(self._rows)

    @cached_property
    def recent_maintenances(self) -> RecentRecords:
        """The newest maintenances, for compatible APIs."""
        return recent_maintenances(self._rows)

    @cached_property
    def sitemap(self) -> SitemapFacts:
        """The addresses search engines are told."""
        return sitemap_facts(self.row, self.page, pages_of_history=self.pages_of_history)

    @cached_property
    def pages_of_history(self) -> int:
        """How many pages of history there are, at least one."""
        return oldest_page_of_history(self.row, seen_at=self.seen_at)

    @cached_property
    def pages_of_calendar(self) -> int:
        """How many pages the calendar has, at least one."""
        return oldest_calendar_page(self._rows, seen_at=self.seen_at)

    def errors(self, code: str) -> tuple[EntryFacts, ...]:
        """Return the errors that an open incident causes; reads nothing where there is no guide."""
        return self.guide.caused_by(code) if self.page.has_guide else ()

    def incident(self, code: str) -> IncidentFacts:
        """Return one public incident or maintenance. Raises NothingThere."""
        if code not in self._incidents:
            self._incidents[code] = incident_facts(self._rows, code)
        return self._incidents[code]

    def logo(self, digest: str) -> bytes:
        """Return a logo the page shows or showed, as PNG. Raises NothingThere."""
        content = self.row.pictures.filter(digest=digest).values_list("content", flat=True).first()
        if content is None:
            raise NothingThere(digest)
        return bytes(content)

    def record(self, code: str) -> RecentRecords:
        """Return one incident for compatible APIs. Raises NothingThere."""
        return incident_record(self._rows, code)

    def edits(self, code: str, update: str) -> EditsFacts:
        """Return an update with its former texts. Raises NothingThere."""
        return edits_facts(self._rows, code, update, seen_at=self.seen_at)

    def component(self, code: str) -> ComponentPageFacts:
        """Return one public component. Raises NothingThere."""
        if code not in self._components:
            self._components[code] = component_facts(self._rows, code, seen_at=self.seen_at)
        return self._components[code]

    def group(self, code: str) -> GroupPageFacts:
        """Return one group of public components. Raises NothingThere."""
        return group_facts(self._rows, code, seen_at=self.seen_at)

    def months(self, number: int) -> CalendarFacts:
        """Return one page of the calendar. Raises NothingThere beyond the oldest."""
        return calendar_months(self._rows, number, seen_at=self.seen_at)

    def history(self, number: int) -> HistoryFacts:
        """Return one page of history. Raises NothingThere where the page is beyond the oldest."""
        if number not in self._history:
            self._history[number] = history_facts(self._rows, number, seen_at=self.seen_at)
        return self._history[number]


class _SpokenReadings(Readings):
    """What was read, as told in another language: nothing is read again."""

    def __init__(self, main: Readings, language: str) -> None:
        super().__init__(main.row, seen_at=main.seen_at)
        self._main, self._telling = main, Telling(language, main=main.row.language)

    @cached_property
    def page(self) -> PageFacts:
        return self._telling.of(self._main.page)

    @cached_property
    def index(self) -> IndexFacts:
        return self._telling.of(self._main.index)

    @cached_property
    def promises(self) -> PromisesFacts:
        return self._telling.of(self._main.promises)

    @cached_property
    def guide(self) -> GuideFacts:
        return self._telling.of(self._main.guide)

    @cached_property
    def scorecard(self) -> ScorecardFacts:
        return self._telling.of(self._main.scorecard)

    @cached_property
    def uptime(self) -> UptimeFacts:
        return self._telling.of(self._main.uptime)

    @cached_property
    def feed(self) -> FeedFacts:
        return self._telling.of(self._main.feed)

    @cached_property
    def calendar(self) -> FeedFacts:
        return self._telling.of(self._main.calendar)

    @cached_property
    def now(self) -> NowRecords:
        return self._main.now

    @cached_property
    def pages_of_history(self) -> int:
        return self._main.pages_of_history

    @cached_property
    def pages_of_calendar(self) -> int:
        return self._main.pages_of_calendar

    def incident(self, code: str) -> IncidentFacts:
        return self._telling.of(self._main.incident(code))

    def edits(self, code: str, update: str) -> EditsFacts:
        return self._telling.of(self._main.edits(code, update))

    def component(self, code: str) -> ComponentPageFacts:
        return self._telling.of(self._main.component(code))

    def group(self, code: str) -> GroupPageFacts:
        return self._telling.of(self._main.group(code))

    def months(self, number: int) -> CalendarFacts:
        return self._telling.of(self._main.months(number))

    def history(self, number: int) -> HistoryFacts:
        return self._telling.of(self._main.history(number))
