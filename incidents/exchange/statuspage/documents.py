"""One document of a source: which of Statuspage's answers it is, and what it holds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from incidents.exchange.statuspage.fields import Fields, shortened
from incidents.exchange.statuspage.problems import Complaint, Report
from incidents.exchange.statuspage.shapes import Mention, components_of, read_component, read_incident, read_page
from incidents.timeline.restoring import RestoredComponent, RestoredGroup, RestoredIncident, RestoredPage

Record = TypeVar("Record")

_LISTS = ("components", "incidents", "scheduled_maintenances")
_LEFT_OUT = {
    "subscriber": "holds a subscriber, whose consent cannot be imported; left out",
    "months": "lists incidents by name only; left out, their own documents are read",
    "status": "holds only a summary of what other documents say; left out",
}


@dataclass(frozen=True)
class Found(Generic[Record]):
    """A record, and where it was found in words: file, kind and code."""

    record: Record
    where: str


@dataclass
class Document:
    """What one document held. `names_all` says that it lists every component of the page."""

    name: str
    page: RestoredPage | None = None
    page_updated_at: datetime | None = None
    names_all: bool = False
    groups: list[Found[RestoredGroup]] = field(default_factory=list)
    components: list[Found[RestoredComponent]] = field(default_factory=list)
    incidents: list[Found[RestoredIncident]] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)


def read_document(name: str, content: object, report: Report) -> Document | None:
    """Return what a document holds; None where it holds nothing to import.

    What is wrong with it or with one of its records goes to `report`, with `name` in front.
    """
    try:
        fields = Fields(content, what="the document")
        if not any(fields.has(key) for key in (*_LISTS, "incident")):
            _say_why_not(name, fields, report)
            return None
        reader = _Reader(Document(name), report)
        reader.read(fields)
    except Complaint as complaint:
        report.skip(name, complaint.sentence)
        return None
    return reader.document


def _say_why_not(name: str, fields: Fields, report: Report) -> None:
    for key, sentence in _LEFT_OUT.items():
        if fields.has(key):
            report.note(name, sentence)
            return
    report.skip(name, "is none of Statuspage's public documents")


@dataclass(frozen=True)
class _Reader:
    document: Document
    report: Report

    def read(self, fields: Fields) -> None:
        """Read page, components and incidents. Raises Complaint where the document itself is wrong."""
        if fields.has("page"):
            page = fields.value("page")
            self.document.page = read_page(page)
            self.document.page_updated_at = Fields(page).optional_moment("updated_at")
        components, incidents, maintenances = (fields.optional_rows(key) for key in _LISTS)
        self.document.names_all = fields.has("components")
        self._take_all("component", components, self._take_component)
        self._take_all("incident", incidents, self._take_incident)
        self._take_all("maintenance", maintenances, self._take_incident)
        if fields.has("incident"):
            self._take_all("incident", [fields.value("incident")], self._take_incident)

    def _take_all(self, kind: str, rows: list[object], take: Callable[[object, str], None]) -> None:
        seen: set[str] = set()
        for number, row in enumerate(rows, start=1):
            code = _code_of(row)
            where = f"{self.document.name}, {kind} {code or f'number {number}'}"
            if code and code in seen:
                self.report.skip(where, "is there twice; the first was taken")
                continue
            seen.add(code)
            try:
                take(row, where)
            except Complaint as complaint:
                self.report.skip(where, complaint.sentence)

    def _take_component(self, row: object, where: str) -> None:
        record = read_component(row)
        if isinstance(record, RestoredGroup):
            self.document.groups.append(Found(record, where))
        else:
            self.document.components.append(Found(record, where))

    def _take_incident(self, row: object, where: str) -> None:
        page = self.document.page.code if self.document.page else Fields(row).optional_text("page_id")
        record, mentions = read_incident(row, origin=f"Statuspage, page {page}".rstrip())
        self.document.incidents.append(Found(record, where))
        self.document.mentions.extend(mentions)
        for component in components_of(row):
            inner = f"{where}, component {_code_of(component)}"
            try:
                self._take_component(component, inner)
            except Complaint as complaint:
                self.report.skip(inner, complaint.sentence)


def _code_of(row: object) -> str:
    code = row.get("id") if isinstance(row, dict) else None
    return shortened(code) if isinstance(code, str) else ""
