"""History by month."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from incidents.lib import stamps
from incidents.publishing import paths
from incidents.publishing.documents import cards
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.months import MONTHS_PER_PAGE, earlier
from incidents.publishing.shapes import HistoryFacts, IncidentFacts
from incidents.publishing.wording import in_page_language


@dataclass(frozen=True, slots=True)
class Month:
    """A month and its incidents, newest first."""

    heading: str
    anchor: str
    entries: tuple[cards.Entry, ...]


@in_page_language
def history(facts: HistoryFacts) -> bytes:
    """Return one page of history, three months, as HTML."""
    page = facts.page
    span = _span(facts, back=0)
    return rendered(
        "history.html",
        page,
        Head(
            title=gettext("Incident history · {page} status").format(page=page.name),
            path=paths.history(str(facts.number)),
            heading=gettext("{page} incident history").format(page=page.name),
            description=gettext("Incidents and maintenance of {page}, {span}.").format(page=page.name, span=span),
            current="history",
            has_twins=True,
        ),
        span=span,
        scheduled=[
            cards.history_entry(one, page)
            for one in sorted(_coming(facts), key=lambda one: one.scheduled_for or page.seen_at)
        ],
        months=[
            Month(
                stamps.month(month.first),
                f"{month.first:%Y-%m}",
                tuple(cards.history_entry(one, page) for one in month.incidents if not cards.is_coming(one)),
            )
            for month in facts.months
        ],
        newer=facts.number - 1 if facts.number > 1 else None,
        older=facts.older,
        older_span=_span(facts, back=(facts.older - facts.number) * MONTHS_PER_PAGE) if facts.older else "",
        is_gap=facts.older is not None and facts.older > facts.number + 1,
    )


def _coming(facts: HistoryFacts) -> Iterator[IncidentFacts]:
    """Yield maintenance to come, which belongs to none of the months that were."""
    return (one for month in facts.months for one in month.incidents if cards.is_coming(one))


def _span(facts: HistoryFacts, *, back: int) -> str:
    """Return "Sep – Nov 2026", the months shown or those `back` months before them."""
    newest = earlier(facts.months[0].first, back)
    oldest = earlier(facts.months[-1].first, back)
    return stamps.short_months(oldest, newest)
