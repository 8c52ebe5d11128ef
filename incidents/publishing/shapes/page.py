"""The page a document belongs to."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from incidents.lib.prefixes import prefix_of
from incidents.timeline.looks import USUAL, Look


@dataclass(frozen=True, slots=True)
class PageFacts:
    """The page itself and the moment it is read at; there is no other clock."""

    name: str
    address: str
    """Scheme and host under which readers see the page, without a slash at the end."""
    host: str
    zone: ZoneInfo
    language: str
    live_since: datetime
    changed_at: datetime
    """When anything on the page last changed."""
    seen_at: datetime
    main_language: str = ""
    """The page's first language, in which staff write; `language` is that of the document."""
    further_languages: tuple[str, ...] = ()
    product_url: str = ""
    postmortem_due_days: int = 0
    """Days after a major outage by which a postmortem is promised; 0 promises none."""
    takes_reports: bool = False
    """Whether readers may say that something affects them too."""
    reported: tuple[tuple[str, int], ...] = ()
    """How many did within the last hour, by code of component or incident; empty unless staff publish it."""
    look: Look = USUAL
    is_unlisted: bool = False
    """Whether search engines are asked to leave it out."""
    has_guide: bool = False
    """Whether readers have an error guide."""
    publishes_scorecard: bool = False
    """Whether it tells how fast incidents were noticed, told of and resolved."""

    @property
    def prefix(self) -> str:
        """What the addresses of this language begin with: "/de", "" for the main language."""
        is_further = self.language in self.further_languages
        return prefix_of(self.language) if is_further else ""

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language the page is published in, the main one first."""
        return self.main_language, *self.further_languages

    def day_of(self, moment: datetime) -> date:
        """Return the day of `moment` in the page's zone."""
        return moment.astimezone(self.zone).date()
