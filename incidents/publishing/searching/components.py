"""`/components`: components found by their names, for readers without script and where the first page has too many."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from incidents.lib.numbers import whole_number
from incidents.publishing import paths
from incidents.publishing.answers import answer
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.parts import row_markup, row_of
from incidents.publishing.facts.components import groups_of, shown
from incidents.publishing.facts.rows import Rows
from incidents.publishing.family import HTML
from incidents.publishing.reading_only import reading_only
from incidents.publishing.shapes import GroupFacts, PageFacts
from incidents.publishing.views import not_found, page_in, page_of
from incidents.publishing.wording import in_page_language
from incidents.timeline.models import Component
from incidents.timeline.states import ComponentStatus

SHOWN = 100
"""Components on a page of results."""

FARTHEST = 100
"""Pages of results anybody may turn to."""

LONGEST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader looks for; words may stand anywhere in the names of component and group."""

    words: str = ""
    only_affected: bool = False
    number: int = 1

    def fits(self, component: Component) -> bool:
        """Say whether the component is looked for."""
        if self.only_affected and component.status == ComponentStatus.OPERATIONAL:
            return False
        names = f"{component.name} {component.group.name if component.group else ''}".casefold()
        return all(word in names for word in self.words.casefold().split())

    def address(self, number: int) -> str:
        """Return the query of a page of these results."""
        asked = {"q": self.words, "affected": "1" if self.only_affected else "", "page": str(number)}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@reading_only
def find_components(request: HttpRequest, language: str = "") -> HttpResponse:
    """Show the components that are looked for, each with its trace, under their groups."""
    page, wish = page_of(request), _wish(request)
    if page is None or wish is None:
        return not_found(request)
    facts = page_in(request, page, language)
    if isinstance(facts, HttpResponse):
        return facts
    rows, seen_at = Rows(page), facts.seen_at
    found = [one.pk for one in shown(rows) if wish.fits(one)]
    first = (wish.number - 1) * SHOWN
    some = frozenset(found[first : first + SHOWN])
    groups = groups_of(rows, seen_at=seen_at, wanted=lambda one: one.pk in some)
    affected = sum(one.status != ComponentStatus.OPERATIONAL for one in shown(rows))
    return answer(request, _results(facts, wish, groups, len(found), affected), HTML)


@in_page_language
def _results(page: PageFacts, wish: Wish, groups: tuple[GroupFacts, ...], count: int, affected: int) -> bytes:
    last = wish.number * SHOWN
    return rendered(
        "components.html",
        page,
        Head(
            title=gettext("Components · {page} status").format(page=page.name),
            path=paths.components(),
            heading=gettext("Components of {page}").format(page=page.name),
            description=gettext("State and uptime of the components of {page}.").format(page=page.name),
        ),
        words=wish.words,
        only_affected=wish.only_affected,
        affected=affected,
        counted=_counted(count),
        groups=[(one.name, one.code, _rows(one)) for one in groups],
        newer=wish.address(wish.number - 1) if wish.number > 1 else "",
        older=wish.address(wish.number + 1) if count > last else "",
    )


def _rows(group: GroupFacts) -> list[SafeString]:
    return [row_markup(row_of(one)) for one in group.components]


def _counted(count: int) -> str:
    if not count:
        return gettext("Nothing matches.")
    return ngettext("{count} component matches.", "{count} components match.", count).format(count=count)


def _wish(request: HttpRequest) -> Wish | None:
    """Return what is asked for, None for a page there cannot be."""
    number = whole_number(request.GET.get("page", "1"), least=1, most=FARTHEST)
    if number is None:
        return None
    words = request.GET.get("q", "")[:LONGEST_WORDS].strip()
    return Wish(words, request.GET.get("affected") == "1", number)
