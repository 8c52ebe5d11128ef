"""The Markdown twins: the words of each page without its pictures, for people in terminals and for agents."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from html import unescape

from django.utils.html import strip_tags
from django.utils.translation import gettext, ngettext, pgettext

from incidents.lib import durations, stamps
from incidents.lib.figures import percent
from incidents.lib.markdown_writing import escaped, link, markdown_of
from incidents.publishing import affected_line, paths, prose
from incidents.publishing.documents import cards
from incidents.publishing.documents.actions import action_row
from incidents.publishing.documents.headline import headline
from incidents.publishing.documents.incident import facts_of
from incidents.publishing.documents.parts import figure_of, figures_of, state_of
from incidents.publishing.documents.updates import change_words
from incidents.publishing.documents.uptime import method, months_of
from incidents.publishing.shapes import (
    ActionFacts,
    ComponentFacts,
    ComponentPageFacts,
    EditsFacts,
    GroupPageFacts,
    HistoryFacts,
    IncidentFacts,
    IndexFacts,
    PageFacts,
    PostmortemFacts,
    PromisesFacts,
    UpdateFacts,
    UptimeFacts,
)
from incidents.publishing.tally import tally_of
from incidents.publishing.wording import in_page_language
from incidents.timeline.states import IncidentPhase
from incidents.timeline.uptime import Day, percentage

Block = str
"""Some lines; blocks stand apart by an empty line."""


@in_page_language
def index(facts: IndexFacts) -> bytes:
    """Return the first page: the sentence, what is open, every component, what was in the last 15 days."""
    page = facts.page
    count = len(facts.active)
    return written(
        title_line(gettext("%(page)s status") % {"page": page.name}),
        f"**{escaped(headline(facts).text)}**",
        *_told(ngettext("Active incident", "Active incidents", count), facts.active, page),
        *_told(gettext("Maintenance in progress"), facts.running, page),
        *_components(facts),
        *_told(gettext("Scheduled maintenance"), facts.scheduled, page),
        f"## {gettext('Past incidents')}",
        _list(_entry(one, page) for one in facts.past) or escaped(gettext("No incidents reported.")),
        ways_out(page, (gettext("Incident history"), paths.history("1")), (gettext("Uptime"), paths.uptime())),
    )


@in_page_language
def incident(facts: IncidentFacts, page: PageFacts) -> bytes:
    """Return an incident or maintenance with every update, newest first."""
    affected = affected_line.affected_sentence(facts.affected, maintenance=facts.is_maintenance)
    # The report stands above; the update that announced it has the same words.
    standing = [one for one in facts.updates if not one.removed_at and not _is_report(one, facts)]
    return written(
        title_line(facts.title),
        f"**{escaped(cards.standing_phase(facts).label)}**",
        # What does not change by the minute: this document is not made again for it.
        _list(f"{escaped(one.name)}: {_words(one.value)}" for one in facts_of(facts, page, is_lasting=True)),
        escaped(affected),
        *(_postmortem(facts.postmortem, page) if facts.postmortem else ()),
        f"## {gettext('Updates')}",
        *(block for number, one in enumerate(standing) for block in _update(one, standing[number + 1 :], facts, page)),
        ways_out(page, (gettext("Current state"), paths.index()), (gettext("Incident history"), paths.history("1"))),
    )


@in_page_language
def component(facts: ComponentPageFacts) -> bytes:
    """Return a component: its state, its figures by month, what happened to it."""
    page, shown = facts.page, facts.meter.component
    return written(
        title_line(shown.name),
        _line_of(shown, figure_of(shown)),
        escaped(shown.description),
        *_told(gettext("Open incidents"), facts.open, page),
        *_told(gettext("Maintenance to come"), facts.upcoming, page),
        *([f"## {gettext('Uptime')}", _months(facts.meter.days)] if shown.showcase else []),
        f"## {gettext('Past incidents')}",
        _list(_entry(one, page) for one in facts.past)
        or escaped(gettext("No incidents reported for %(name)s.") % {"name": shown.name}),
        ways_out(page, (gettext("Current state"), paths.index())),
    )


@in_page_language
def group(facts: GroupPageFacts) -> bytes:
    """Return a group: its components with state and uptime."""
    page, shown = facts.page, facts.group
    return written(
        title_line(shown.name),
        escaped(shown.description),
        _list(_component(one, page, figure_of(one)) for one in shown.components),
        ways_out(page, (gettext("Current state"), paths.index())),
    )


@in_page_language
def history(facts: HistoryFacts) -> bytes:
    """Return three months, newest first."""
    page = facts.page
    blocks: list[Block] = []
    for month in facts.months:
        over = [one for one in month.incidents if not cards.is_coming(one)]
        blocks += [
            f"## {escaped(stamps.month(month.first))}",
            _list(_entry(one, page) for one in over) or escaped(gettext("No incidents reported.")),
        ]
    coming = [one for month in facts.months for one in month.incidents if cards.is_coming(one)]
    older = [(gettext("Older"), paths.history(str(facts.older)))] if facts.older else []
    return written(
        title_line(gettext("{page} incident history").format(page=page.name)),
        *_told(gettext("Scheduled"), coming, page),
        *blocks,
        ways_out(page, *older, (gettext("Current state"), paths.index())),
    )


@in_page_language
def uptime(facts: UptimeFacts) -> bytes:
    """Return the 90 days of every component; the months stand on its page, and all of them in `/uptime.json`."""
    page = facts.page
    shown = [one.component for one in facts.meters if one.component.showcase]
    return written(
        title_line(gettext("{page} uptime").format(page=page.name)),
        escaped(method(page)),
        _list(_component(one, page, figure_of(one)) for one in shown)
        or escaped(gettext("No component shows its uptime yet.")),
        ways_out(page, (gettext("Current state"), paths.index())),
    )


@in_page_language
def promises(facts: PromisesFacts) -> bytes:
    """Return every public promise and the incident it was made after."""
    page = facts.page
    rows = [
        f"{_action(one.action, page)} ({link(one.title, _address(page, paths.incident(one.incident)))})"
        for one in facts.promises
    ]
    return written(
        title_line(gettext("What {page} promised after incidents").format(page=page.name)),
        _list(rows) or escaped(gettext("No promises have been made after incidents yet.")),
        ways_out(page, (gettext("Incident history"), paths.history("1"))),
    )


@in_page_language
def edits(facts: EditsFacts) -> bytes:
    """Return the texts an update had, oldest first."""
    page = facts.page
    blocks: list[Block] = []
    for one in facts.revisions:
        until = _stamp(one.replaced_at, page) if one.replaced_at else ""
        words = gettext("Until %(time)s") % {"time": until} if until else gettext("Now")
        blocks += [f"## {escaped(words)}", prose_block(one.html)]
    return written(
        title_line(gettext("Edits: {title}").format(title=facts.incident.title)),
        *blocks,
        ways_out(page, (gettext("Back to the incident"), paths.incident(facts.incident.code))),
    )


def written(*blocks: Block) -> bytes:
    """Return a document of those blocks that are not empty."""
    return ("\n\n".join(one for one in blocks if one) + "\n").encode()


def title_line(words: str) -> Block:
    """Return the heading of a document."""
    return f"# {escaped(words)}"


def _list(lines: Iterable[str]) -> Block:
    return "\n".join(f"- {line}" for line in lines)


def ways_out(page: PageFacts, *ways: tuple[str, str]) -> Block:
    """Return links to other pages, given as words and path."""
    return " · ".join(link(name, _address(page, path)) for name, path in ways)


def _address(page: PageFacts, path: str) -> str:
    return f"{page.address}{path}"


def _stamp(moment: datetime, page: PageFacts) -> str:
    return stamps.stamp(moment, page.zone)


def _words(value: str) -> str:
    """Return what a fact says; its markup is only our own time elements."""
    return escaped(unescape(strip_tags(value)))


def prose_block(html: str) -> Block:
    """Return what staff wrote, with times as readers of the page see them."""
    return markdown_of(prose.timed(html))


def _told(heading: str, incidents: Sequence[IncidentFacts], page: PageFacts) -> Iterator[Block]:
    """Yield incidents with their latest text under a heading; nothing where there are none."""
    if not incidents:
        return
    yield f"## {escaped(heading)}"
    for one in incidents:
        yield f"### {link(one.title, _address(page, paths.incident(one.code)))}"
        yield f"{escaped(cards.standing_phase(one).label)} · {_period(one, page)}"
        yield prose_block(cards.latest_html(one))
        yield escaped(affected_line.affected_sentence(one.affected, maintenance=one.is_maintenance))


def _period(one: IncidentFacts, page: PageFacts) -> str:
    start, end = cards.period(one)
    if end is None:
        return escaped(pgettext("time an incident began", "since {time}").format(time=_stamp(start, page)))
    return _words(stamps.long_span(start, end, page.zone) if end > start else _stamp(start, page))


def _entry(one: IncidentFacts, page: PageFacts) -> str:
    parts = [
        link(one.title, _address(page, paths.incident(one.code))),
        escaped(cards.standing_phase(one).label),
        _period(one, page),
        escaped(affected_line.affected_names(one.affected)),
    ]
    return " · ".join(part for part in parts if part)


def _postmortem(report: PostmortemFacts, page: PageFacts) -> Iterator[Block]:
    yield f"## {gettext('Postmortem')}"
    yield prose_block(report.html)
    if report.actions:
        yield f"### {gettext('Action items')}"
        yield _list(_action(one, page) for one in report.actions)
    yield escaped(gettext("Posted %(time)s") % {"time": _stamp(report.published_at, page)})


def _action(one: ActionFacts, page: PageFacts) -> str:
    row = action_row(one, page.day_of(page.seen_at))
    parts = [escaped(row.text), escaped(row.owner), escaped(row.state), _words(row.due)]
    return " · ".join(part for part in parts if part)


def _is_report(one: UpdateFacts, incident: IncidentFacts) -> bool:
    return incident.postmortem is not None and one.phase.canonical == IncidentPhase.POSTMORTEM


def _update(
    one: UpdateFacts, older: Sequence[UpdateFacts], incident: IncidentFacts, page: PageFacts
) -> Iterator[Block]:
    is_mere = bool(older) and older[0].phase.slug == one.phase.slug
    label = gettext("Update") if is_mere else cards.phase_of(one.phase).label
    yield f"### {escaped(label)} · {escaped(_stamp(one.posted_at, page))}"
    yield prose_block(one.html)
    yield _list(escaped(change_words(change)) for change in one.changes)
    if one.edited_at:
        edited = gettext("Edited {time}").format(time=stamps.clock(one.edited_at, page.zone))
        yield link(edited, _address(page, paths.edits(incident.code, one.code)))


def _components(facts: IndexFacts) -> Iterator[Block]:
    figures = figures_of(facts)
    yield f"## {gettext('Components')}"
    if not figures:
        yield escaped(gettext("This page is being set up."))
    for one in facts.groups:
        if one.name:
            yield f"### {escaped(one.name)}"
        yield _list(_component(member, facts.page, figures[member.code]) for member in one.components)


def _component(one: ComponentFacts, page: PageFacts, figure: str) -> str:
    return f"{link(one.name, _address(page, paths.component(one.code)))}: {_line_of(one, figure)}"


def _line_of(one: ComponentFacts, figure: str) -> str:
    state = state_of(one.status).label
    if not figure:
        return escaped(state)
    return escaped(f"{state} · {gettext('{percent} uptime').format(percent=percent(figure))}")


def _months(days: tuple[Day, ...]) -> Block:
    rows = []
    for month in reversed(list(months_of(days))):
        tally = tally_of(month)
        share, down = tally.uptime, timedelta(seconds=int(tally.down))
        words = gettext("No data") if share is None else percent(percentage(share))
        lasted = f" · {durations.in_words(down)}" if down else ""
        rows.append(escaped(f"{stamps.short_month(month[0].date)}: {words}{lasted}"))
    return _list(rows)
