"""RSS and Atom in the formats of Statuspage, every update of every entry inside.

Entries keep their identity whatever is edited: Atom ids carry the incident's number, RSS
guids are its address.
"""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, rfc2822_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.xmlutils import SimplerXMLGenerator

from incidents.lib import stamps
from incidents.lib.prefixes import placed
from incidents.publishing import affected_line, paths, prose
from incidents.publishing.documents import var_stamps
from incidents.publishing.documents.cards import phase_of
from incidents.publishing.shapes import FeedFacts, IncidentFacts, PageFacts, UpdateFacts
from incidents.publishing.wording import in_page_language
from incidents.timeline.states import MaintenancePhase

ENTRIES = 25


@in_page_language
def atom(facts: FeedFacts) -> bytes:
    """Return the newest incidents as Atom 1.0 (RFC 4287)."""
    return _written(_AtomFeed(**_about(facts.page, "/history.atom")), facts)


@in_page_language
def rss(facts: FeedFacts) -> bytes:
    """Return the newest incidents as RSS 2.0."""
    return _written(_RssFeed(**_about(facts.page, "/history.rss")), facts)


def published_at(incident: IncidentFacts) -> datetime:
    """Return the date an entry is sorted by: a window still to come, else the newest update."""
    if incident.scheduled_for and incident.phase.canonical == MaintenancePhase.SCHEDULED:
        return incident.scheduled_for
    standing = [update.posted_at for update in incident.updates if not update.removed_at]
    return max(standing, default=incident.updated_at)


def content(incident: IncidentFacts, page: PageFacts) -> SafeString:
    """Return all updates of `incident`, newest first, as the HTML of an entry."""
    updates = [update for update in incident.updates if not update.removed_at]
    older = (*updates[1:], None)
    paragraphs = [_planned(incident, page)] if _is_ahead(incident) else []
    paragraphs += [_paragraph(update, before, page) for update, before in zip(updates, older, strict=True)]
    sentence = affected_line.affected_sentence(incident.affected, maintenance=incident.is_maintenance)
    if sentence:
        paragraphs.append(format_html("<p>{}</p>", sentence))
    return SafeString("".join(paragraphs))


def _about(page: PageFacts, path: str) -> dict[str, Any]:
    title = gettext("{page} Status - Incident History").format(page=page.name)
    return {
        "title": title,
        "link": f"{page.address}{page.prefix}",
        "description": title,
        "language": page.language,
        "author_name": page.name,
        "feed_url": f"{page.address}{placed(path)}",
        "feed_guid": f"tag:{page.host},2005:/history",
        "changed_at": page.changed_at,
        "zone": page.zone,
    }


def _written(feed: "_AtomFeed | _RssFeed", facts: FeedFacts) -> bytes:
    newest = sorted(facts.incidents, key=published_at, reverse=True)[:ENTRIES]
    for incident in newest:
        address = f"{facts.page.address}{paths.incident(incident.code)}"
        feed.add_item(
            title=incident.title,
            title_in=incident.title_in,
            link=address,
            description=content(incident, facts.page),
            unique_id=feed.identity(incident, facts.page),
            pubdate=published_at(incident),
            updateddate=incident.updated_at,
        )
    output = BytesIO()
    feed.write(output, "utf-8")
    return output.getvalue()


def _is_ahead(incident: IncidentFacts) -> bool:
    return incident.phase.canonical == MaintenancePhase.SCHEDULED


def _planned(incident: IncidentFacts, page: PageFacts) -> SafeString:
    start, end = incident.scheduled_for, incident.scheduled_until
    if start is None or end is None:
        return SafeString("")
    same_day = start.astimezone(page.zone).date() == end.astimezone(page.zone).date()
    closing = var_stamps.time(end, page.zone) if same_day else var_stamps.date_and_time(end, page.zone)
    return format_html(
        "<p><strong>{}</strong></p>",
        format_html(
            # Translators: the first line of a feed's entry on maintenance to come; {start} and {end} are times.
            gettext("THIS IS A SCHEDULED EVENT {start}&nbsp;-&nbsp;{end}"),
            start=format_html(
                "{} {}", var_stamps.date_and_time(start, page.zone), stamps.abbreviation(start, page.zone)
            ),
            end=format_html("{} {}", closing, stamps.abbreviation(end, page.zone)),
        ),
    )


def _zoned(words: SafeString, moment: datetime, page: PageFacts) -> SafeString:
    return format_html("{} {}", words, stamps.abbreviation(moment, page.zone))


def _paragraph(update: UpdateFacts, before: UpdateFacts | None, page: PageFacts) -> SafeString:
    unchanged = before is not None and before.phase.slug == update.phase.slug
    return format_html(
        "<p><small>{} {}</small><br><strong>{}</strong> - {}</p>",
        var_stamps.date_and_time(update.posted_at, page.zone),
        stamps.abbreviation(update.posted_at, page.zone),
        gettext("Update") if unchanged else phase_of(update.phase).label,
        _said(update),
    )


def _said(update: UpdateFacts) -> SafeString:
    said = mark_safe(prose.inline(update.html))  # noqa: S308 - sanitised at write time
    # A span cannot hold blocks.
    is_marked = update.html_in and "</p>" not in said
    return format_html('<span lang="{}">{}</span>', update.html_in, said) if is_marked else said


def _iso(moment: datetime, page: dict[str, Any]) -> str:
    """Return RFC 3339 in the page's zone, "Z" for UTC."""
    local = moment.astimezone(page["zone"]).replace(microsecond=0)
    return stamps.iso(moment) if not local.utcoffset() else local.isoformat()


class _AtomFeed(Atom1Feed):
    """Atom with the identities and the content element compatible readers expect."""

    def identity(self, incident: IncidentFacts, page: PageFacts) -> str:
        return f"tag:{page.host},2005:Incident/{incident.number}"

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        handler.addQuickElement("id", self.feed["id"])
        link = {"rel": "alternate", "type": "text/html", "href": self.feed["link"]}
        handler.addQuickElement("link", "", link)
        me = {"rel": "self", "type": "application/atom+xml", "href": self.feed["feed_url"]}
        handler.addQuickElement("link", "", me)
        handler.addQuickElement("title", self.feed["title"])
        handler.addQuickElement("updated", _iso(self.feed["changed_at"], self.feed))
        handler.startElement("author", AttributesImpl({}))
        handler.addQuickElement("name", self.feed["author_name"])
        handler.endElement("author")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        handler.addQuickElement("id", item["unique_id"])
        handler.addQuickElement("published", _iso(item["pubdate"], self.feed))
        handler.addQuickElement("updated", _iso(item["updateddate"], self.feed))
        link = {"rel": "alternate", "type": "text/html", "href": item["link"]}
        handler.addQuickElement("link", "", link)
        handler.addQuickElement("title", item["title"], {"xml:lang": item["title_in"]} if item["title_in"] else None)
        handler.addQuickElement("content", item["description"], {"type": "html"})


class _RssFeed(Rss201rev2Feed):
    """RSS with the page's own dates; a guid is the entry's address."""

    def identity(self, incident: IncidentFacts, page: PageFacts) -> str:
        return f"{page.address}{paths.incident(incident.code)}"

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("pubDate", rfc2822_date(self.feed["changed_at"]))

    def latest_post_date(self) -> datetime:
        moment: datetime = self.feed["changed_at"]
        return moment.astimezone(UTC)
