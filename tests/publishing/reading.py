"""Reading documents as a visitor would: the words, the order of blocks, the structure."""

import re
from datetime import datetime
from html import unescape
from html.parser import HTMLParser

from incidents.publishing.documents.incident import incident as incident_document
from incidents.publishing.documents.index import index as index_document
from incidents.publishing.facts.documents import incident_facts, index_facts
from incidents.publishing.facts.page import page_facts
from incidents.publishing.facts.rows import Rows
from incidents.timeline.models import Incident, Page

VOID = {"meta", "link", "br", "hr", "input", "path", "circle", "rect", "img"}


def index_html(page: Page, *, at: datetime) -> str:
    """Return the first page as read at an instant."""
    page.refresh_from_db()
    return index_document(index_facts(Rows(page), seen_at=at)).decode()


def incident_html(incident: Incident, *, at: datetime) -> str:
    """Return an incident's page as read at an instant."""
    page = incident.page
    page.refresh_from_db()
    return incident_document(incident_facts(Rows(page), incident.code), page_facts(page, seen_at=at)).decode()


def words(html: str) -> str:
    """Return the text of a page on one line, without its head."""
    body = html.partition("<body")[2].partition(">")[2]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).replace(" .", ".").strip()


def headings(html: str) -> list[str]:
    """Return the headings in order as "h2 Components"."""
    found = re.findall(r"<(h[1-6])[^>]*>(.*?)</\1>", html, re.DOTALL)
    return [f"{level} {re.sub(r'<[^>]+>', '', content).strip()}" for level, content in found]


class _Structure(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.faults += [f"<{tag}> has {name}" for name in names if name == "style" or name.startswith("on")]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> repeats an attribute")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes what is not open")


def faults(html: str) -> list[str]:
    """Return what is wrong with the structure of a page: nesting, repeated ids, inline code."""
    structure = _Structure()
    structure.feed(html)
    repeated = {one for one in structure.ids if structure.ids.count(one) > 1}
    return [
        *structure.faults,
        *(f"{tag} stays open" for tag in structure.open),
        *(f"id {one} twice" for one in repeated),
    ]
