"""The error guide as plain frozen facts, read once, with no way back to the database."""

from dataclasses import dataclass
from datetime import date

from incidents.guide.contents import is_http_status, range_of
from incidents.publishing.shapes import IncidentFacts, PageFacts


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An error with its cause and its solution, and which incidents cause or caused it."""

    slug: str
    code: str
    title: str
    sentence: str = ""
    cause_html: str = ""
    solution_html: str = ""
    messages: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    retry: str = ""
    retry_after: int | None = None
    """Minutes."""
    problem_type: str = ""
    components: tuple[tuple[str, str], ...] = ()
    """Code and name of each that readers see."""
    related: tuple[str, ...] = ()
    """Slugs."""
    reviewed_on: date | None = None
    former: tuple[str, ...] = ()
    """Slugs it once had."""
    live: tuple[str, ...] = ()
    """Codes of open incidents that cause it."""
    past: tuple[str, ...] = ()
    """Codes of incidents of the last 90 days that caused it, newest first."""

    @property
    def name(self) -> str:
        """Code and title as headings have them."""
        return f"{self.code} · {self.title}"

    @property
    def range(self) -> str:
        """The list it stands in: "400-499"."""
        return range_of(self.code)

    @property
    def is_http(self) -> bool:
        """Whether its code is an HTTP status."""
        return is_http_status(self.code)


@dataclass(frozen=True, slots=True, eq=False)
class GuideFacts:
    """Every published entry in the order of codes. Equal to itself only."""

    page: PageFacts
    entries: tuple[EntryFacts, ...] = ()
    incidents: tuple[IncidentFacts, ...] = ()
    """Those that entries name."""
    concerned: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Of each incident the slugs of entries that name it, or may have named it a moment ago."""

    def entry(self, slug: str) -> EntryFacts | None:
        """Return one entry."""
        return next((one for one in self.entries if one.slug == slug), None)

    def incident(self, code: str) -> IncidentFacts | None:
        """Return an incident that an entry names."""
        return next((one for one in self.incidents if one.code == code), None)

    def caused_by(self, code: str) -> tuple[EntryFacts, ...]:
        """Return the entries that an open incident causes."""
        return tuple(one for one in self.entries if code in one.live)

    def in_range(self, name: str) -> tuple[EntryFacts, ...]:
        """Return the entries of a list such as "400-499"."""
        return tuple(one for one in self.entries if one.range == name)

    def of_provider(self, name: str) -> tuple[EntryFacts, ...]:
        """Return the entries of a provider, by its name in addresses."""
        return tuple(one for one in self.entries if any(provider_slug(own) == name for own in one.providers))

    @property
    def ranges(self) -> tuple[str, ...]:
        """The lists that have entries, in the order of codes."""
        return tuple(sorted({one.range for one in self.entries}))

    @property
    def providers(self) -> tuple[str, ...]:
        """Every provider, by name."""
        return tuple(sorted({name for one in self.entries for name in one.providers}, key=str.casefold))


def provider_slug(name: str) -> str:
    """Return what the address of a provider's page ends with."""
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in name.casefold()).strip("-") or "other"


def in_order(entry: EntryFacts) -> tuple[int, str, str]:
    """Return by what entries stand in order: statuses first, each code by title, everybody's before a provider's."""
    return (0 if entry.is_http else 1), entry.code, f"{bool(entry.providers):d}{entry.title.casefold()}"


@dataclass(frozen=True, slots=True, eq=False)
class AnswerFacts:
    """What a text that somebody pasted tells of: an open incident, else an entry, else what is near."""

    guide: GuideFacts
    incident: IncidentFacts | None
    entry: EntryFacts | None
    near: tuple[EntryFacts, ...]
    signs: tuple[tuple[str, str], ...]
    """Kind and words of each reason."""
    masked: str

    @property
    def page(self) -> PageFacts:
        """The page."""
        return self.guide.page
