"""Search results as the page, with every hit marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from incidents.lib import stamps
from incidents.publishing import paths, prose
from incidents.publishing.documents import cards
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.searching.filters import HistoryFilters
from incidents.publishing.searching.finding import SHOWN
from incidents.publishing.shapes import IncidentFacts, PageFacts
from incidents.publishing.wording import in_page_language

AROUND = 70
"""Characters shown on either side of the first hit in a text."""


@dataclass(frozen=True, slots=True)
class Month:
    """Results that began in one month."""

    heading: str
    entries: tuple[cards.Entry, ...]


@in_page_language
def results(
    page: PageFacts, filters: HistoryFilters, found: Sequence[IncidentFacts], *, count: int, number: int
) -> bytes:
    """Return a page of results as HTML; also the form again with what is wrong in it."""
    query = filters.query
    return rendered(
        "search.html",
        page,
        Head(
            title=gettext("Search history · {page} status").format(page=page.name),
            path=paths.search(),
            heading=gettext("Search the incident history of {page}").format(page=page.name),
            description=gettext("Incidents and maintenance of {page}.").format(page=page.name),
            current="history",
        ),
        filters=filters,
        counted=_counted(count),
        query=query,
        months=list(_months(page, found, filters.data.get("q", "").split())),
        newer=f"?{query}&page={number - 1}" if number > 1 else "",
        older=f"?{query}&page={number + 1}" if count > number * SHOWN else "",
    )


def _months(page: PageFacts, found: Sequence[IncidentFacts], words: Sequence[str]) -> Iterator[Month]:
    for first, told in groupby(found, key=lambda one: page.day_of(cards.extent(one)[0]).replace(day=1)):
        yield Month(stamps.month(first), tuple(_entry(one, page, words) for one in told))


def _entry(incident: IncidentFacts, page: PageFacts, words: Sequence[str]) -> cards.Entry:
    entry = cards.history_entry(incident, page)
    if not words:
        return entry
    return replace(
        entry,
        card=replace(entry.card, title=marked(incident.title, words)),
        summary=marked(_telling(incident, words) or cards.summary_of(incident), words),
    )


def _telling(incident: IncidentFacts, words: Sequence[str]) -> str:
    """Return the part of the newest text around the first word that was looked for; "" where no text has any."""
    texts = [update.html for update in incident.updates if not update.removed_at]
    texts += [incident.postmortem.html] if incident.postmortem else []
    for text in map(prose.plain, texts):
        hit = _pattern(words).search(text)
        if hit:
            begin, end = max(0, hit.start() - AROUND), hit.end() + AROUND
            return f"{'…' if begin else ''}{text[begin:end].strip()}{'…' if end < len(text) else ''}"
    return ""


def marked(text: str, words: Sequence[str]) -> SafeString:
    """Return `text`, escaped, with every one of `words` in a mark element, whatever its case."""
    pieces, last = [], 0
    for hit in _pattern(words).finditer(text):
        pieces += [escape(text[last : hit.start()]), SafeString(f"<mark>{escape(hit[0])}</mark>")]
        last = hit.end()
    return SafeString("".join([*pieces, escape(text[last:])]))


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)


def _counted(count: int) -> str:
    if not count:
        return gettext("Nothing matches.")
    return ngettext("{count} incident matches", "{count} incidents match", count).format(count=count)
