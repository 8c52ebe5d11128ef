"""All documents of a source together: one page, and of every record the newest version."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from incidents.exchange.statuspage.documents import Document, Found
from incidents.exchange.statuspage.problems import Report
from incidents.exchange.statuspage.shapes import Mention
from incidents.lib.zones import known_zones
from incidents.timeline.restoring import RestoredComponent, RestoredGroup, RestoredIncident, RestoredPage
from incidents.timeline.states import ComponentStatus

Record = TypeVar("Record", RestoredGroup, RestoredComponent, RestoredIncident)


@dataclass(frozen=True)
class Export:
    """What a source holds of one page; `page` is None where no document names one."""

    page: RestoredPage | None
    groups: list[Found[RestoredGroup]]
    components: list[Found[RestoredComponent]]
    incidents: list[Found[RestoredIncident]]


def gather(documents: Iterable[Document], report: Report) -> Export:
    """Return what the documents say together. Their order makes no difference.

    Documents of another page than most are skipped. Components that only old incidents name,
    or that the page lists no more, come in as removed from the page.
    """
    documents = sorted(documents, key=lambda document: document.name)
    page = _common_page(documents)
    mine = [document for document in documents if _belongs(document, page, report)]
    groups = _newest([found for each in mine for found in each.groups], _age)
    listed = _newest([found for each in mine for found in each.components], _age)
    incidents = _newest([found for each in mine for found in each.incidents], _incident_age)
    current = _current_components(mine)
    components = [_as_current(found, current) for found in _without_lost_groups(listed, groups, report)]
    named = _only_named([mention for each in mine for mention in each.mentions], components, groups)
    return Export(
        page=_with_known_zone(page, report),
        groups=groups,
        components=[*components, *named],
        # The oldest first: a run that is stopped leaves history without holes.
        incidents=sorted(incidents, key=lambda found: (found.record.created_at, found.record.code)),
    )


def _common_page(documents: list[Document]) -> RestoredPage | None:
    pages = Counter(document.page.code for document in documents if document.page)
    if not pages:
        return None
    code = min(pages, key=lambda each: (-pages[each], each))
    versions = [document for document in documents if document.page and document.page.code == code]
    return max(versions, key=lambda document: str(document.page_updated_at or "")).page


def _belongs(document: Document, page: RestoredPage | None, report: Report) -> bool:
    if document.page is None or page is None or document.page.code == page.code:
        return True
    report.skip(document.name, f"is of the page “{document.page.name}”, the others are of “{page.name}”")
    return False


def _newest(found: Iterable[Found[Record]], age: Callable[[Record], tuple[datetime, int]]) -> list[Found[Record]]:
    newest: dict[str, Found[Record]] = {}
    for each in found:
        other = newest.get(each.record.code)
        if other is None or age(each.record) > age(other.record):
            newest[each.record.code] = each
    return list(newest.values())


def _age(record: RestoredGroup | RestoredComponent) -> tuple[datetime, int]:
    return record.updated_at, 0


def _incident_age(record: RestoredIncident) -> tuple[datetime, int]:
    return record.updated_at, len(record.updates)


def _current_components(documents: list[Document]) -> set[str] | None:
    """Return the codes the newest full list names; None where the source has no full list."""
    lists = [document for document in documents if document.names_all]
    if not lists:
        return None
    newest = max(lists, key=lambda document: str(document.page_updated_at or ""))
    return {found.record.code for found in newest.components}


def _as_current(found: Found[RestoredComponent], current: set[str] | None) -> Found[RestoredComponent]:
    if current is None or found.record.code in current:
        return found
    return Found(replace(found.record, archived_at=found.record.updated_at), found.where)


def _without_lost_groups(
    components: list[Found[RestoredComponent]], groups: list[Found[RestoredGroup]], report: Report
) -> list[Found[RestoredComponent]]:
    known = {found.record.code for found in groups}
    kept = []
    for found in components:
        if found.record.group and found.record.group not in known:
            report.note(found.where, f"its group {found.record.group} is not in the source; it stands without one")
            found = Found(replace(found.record, group=""), found.where)
        kept.append(found)
    return kept


def _only_named(
    mentions: list[Mention], components: list[Found[RestoredComponent]], groups: list[Found[RestoredGroup]]
) -> list[Found[RestoredComponent]]:
    known = {found.record.code for found in components}
    by_code: dict[str, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda each: (each.at, each.name)):
        if mention.code not in known:
            by_code.setdefault(mention.code, []).append(mention)
    headings = {found.record.name: found.record.code for found in groups}
    position = max((found.record.position for found in components), default=0)
    return [
        _from_mentions(said, headings, position + number)
        for number, (_, said) in enumerate(sorted(by_code.items()), start=1)
    ]


def _from_mentions(said: list[Mention], headings: dict[str, str], position: int) -> Found[RestoredComponent]:
    last = said[-1]
    # Statuspage writes "Group - Component"; the dash means that only where there is such a group.
    heading, _, rest = last.name.partition(" - ")
    group = headings.get(heading, "") if rest else ""
    record = RestoredComponent(
        code=last.code,
        name=rest if group else last.name,
        group=group,
        status=ComponentStatus.OPERATIONAL.value,
        position=position,
        showcase=False,
        created_at=said[0].at,
        updated_at=last.at,
        archived_at=last.at,
        is_only_named=True,
    )
    return Found(record, f"component {last.code}, named by incidents only")


def _with_known_zone(page: RestoredPage | None, report: Report) -> RestoredPage | None:
    if page is None or page.time_zone in known_zones():
        return page
    report.note(f"page {page.code}", f"its time zone “{page.time_zone[:40]}” is unknown; UTC is used")
    return replace(page, time_zone="UTC")
