"""Groups of components on the first page, the page of one group, and the form that finds a component."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from incidents.publishing import paths
from incidents.publishing.documents.frame import rendered
from incidents.publishing.documents.headline import components_of
from incidents.publishing.documents.parts import State, affected_of, row_markup, row_of, state_of, worst_of
from incidents.publishing.documents.state_head import head_of_state
from incidents.publishing.shapes import ComponentFacts, GroupFacts, GroupPageFacts
from incidents.publishing.wording import in_page_language
from incidents.timeline.states import SEVERITY, ComponentStatus

OPEN_WHOLE_UP_TO = 12
"""Up to so many components every group stands open; above, only groups with trouble."""

FOUND_BY_EYE_UP_TO = 40
"""More components than this have a form that finds one."""

WHOLE_UP_TO = 200
"""More components than this have their rows on the first page only where something is wrong."""

ROWS_AT_MOST = 100
"""Rows on the first page of so many components, however much is wrong."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of rows as HTML; without a name it is not folded."""

    code: str
    name: str
    description: str
    state: State
    count: str
    weight: int
    """How bad it is: by the worst state, then by how many components are affected."""
    is_open: bool
    rows: tuple[SafeString, ...]
    rest: str
    """What leads to the rows that are not here; empty where all are."""
    path: str
    """Address of all its rows."""
    live: str
    """Address the browser takes all its rows from when the group is opened; empty where they are here."""


@dataclass(frozen=True, slots=True)
class Finder:
    """The form over many components: how many there are and how many are affected."""

    total: int
    affected: int
    is_whole: bool
    """Whether every row is on the page."""
    states: tuple[tuple[str, str], ...]
    """The words of each state by its name with dashes, for rows that script makes."""


def finder_over(groups: Sequence[GroupFacts]) -> Finder | None:
    """Return the form that finds a component, None where all are seen at a glance."""
    components = components_of(groups)
    if len(components) <= FOUND_BY_EYE_UP_TO:
        return None
    return Finder(
        total=len(components),
        affected=len(affected_of(components)),
        is_whole=len(components) <= WHOLE_UP_TO,
        states=tuple((one.replace("_", "-"), state_of(one).label) for one in ComponentStatus.values),
    )


def groups_on_first_page(groups: Sequence[GroupFacts]) -> Iterator[Group]:
    """Yield the groups in their order, which never changes with what happens to them."""
    total = len(components_of(groups))
    room = total if total <= WHOLE_UP_TO else ROWS_AT_MOST
    for group in groups:
        is_open = _stands_open(group, total)
        shown = _shown(group, room) if is_open or total <= WHOLE_UP_TO else ()
        room -= len(shown)
        yield _group(group, shown, is_open=is_open)


@in_page_language
def group(facts: GroupPageFacts, *, is_fragment: bool = False) -> bytes:
    """Return the page of one group as HTML, or what lies between its head and foot."""
    page, shown = facts.page, facts.group
    state = worst_of(shown.components)
    return rendered(
        "group.html",
        page,
        head_of_state(
            page,
            state,
            name=shown.name,
            path=paths.group(shown.code),
            live=paths.live_group(shown.code),
            description=gettext("State and uptime of the components of {group}.").format(group=shown.name),
        ),
        is_fragment=is_fragment,
        group=shown,
        state=state,
        count=_counted(len(affected_of(shown.components)), len(shown.components)),
        rows=[row_markup(row_of(one)) for one in shown.components],
    )


def _stands_open(group: GroupFacts, total: int) -> bool:
    return not group.name or group.always_open or total <= OPEN_WHOLE_UP_TO or bool(affected_of(group.components))


def _shown(group: GroupFacts, room: int) -> Sequence[ComponentFacts]:
    """Return whose rows are shown: all, or where they are too many what is affected."""
    if len(group.components) <= room:
        return group.components
    return (affected_of(group.components) or group.components)[:room]


def _group(group: GroupFacts, shown: Sequence[ComponentFacts], *, is_open: bool) -> Group:
    state, total, affected = worst_of(group.components), len(group.components), len(affected_of(group.components))
    is_whole = len(shown) == total
    return Group(
        code=group.code,
        name=group.name,
        description=group.description,
        state=state,
        count=_counted(affected, total),
        weight=SEVERITY[state.value] * 10_000 + affected,
        is_open=is_open and bool(shown),
        rows=tuple(row_markup(row_of(one)) for one in shown),
        rest=""
        if is_whole
        else ngettext("Show {count} component", "Show all {count} components", total).format(count=total),
        path=paths.group(group.code) if group.name else paths.components(),
        live=paths.live_group(group.code) if group.name and not is_whole else "",
    )


def _counted(affected: int, total: int) -> str:
    """Return "2 of 7 affected", or "7 components" where none is."""
    if affected:
        pattern = ngettext("{affected} of {count} affected", "{affected} of {count} affected", total)
        return pattern.format(affected=affected, count=total)
    return ngettext("{count} component", "{count} components", total).format(count=total)
