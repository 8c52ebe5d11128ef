"""How incidents of a year were handled, with what each figure means."""

from django.utils.translation import gettext

from incidents.lib import stamps
from incidents.publishing import paths
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.measures import lines, measures, rows
from incidents.publishing.shapes import ScorecardFacts
from incidents.publishing.wording import in_page_language


@in_page_language
def scorecard(facts: ScorecardFacts) -> bytes:
    """Return the figures of the last twelve months, of each of them and of each component, as HTML."""
    page, figures = facts.page, facts.figures
    by_code = dict(figures.components)
    parts = [(name, by_code[code]) for code, name in facts.names if code in by_code]
    return rendered(
        "scorecard.html",
        page,
        Head(
            title=gettext("How we handle incidents · {page} status").format(page=page.name),
            path=paths.scorecard(),
            heading=gettext("How {page} handles incidents").format(page=page.name),
            description=gettext("How fast incidents were noticed, told of and resolved in the last 12 months."),
            current="uptime",
        ),
        count=figures.whole.incidents,
        measures=measures(figures.whole, tells_detection=facts.tells_detection),
        months=rows(
            ((stamps.short_month(month), card) for month, card in figures.months), tells_detection=facts.tells_detection
        ),
        components=rows(parts, tells_detection=facts.tells_detection),
    )


def scorecard_csv(facts: ScorecardFacts) -> bytes:
    """Return the same as a table, in English like every file format."""
    return "".join(lines(facts.figures, facts.names, tells_detection=facts.tells_detection)).encode()
