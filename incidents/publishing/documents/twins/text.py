"""The Markdown twins: the words of each page without its pictures, for people in terminals and for agents."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext, ngettext

from incidents.lib import durations, stamps
from incidents.lib.figures import percent
from incidents.lib.markdown_writing import escaped, link
from incidents.publishing import affected_line, paths
from incidents.publishing.documents import cards
from incidents.publishing.documents.headline import headline
from incidents.publishing.documents.incident import facts_of
from incidents.publishing.documents.parts import figure_of, figures_of, state_of
from incidents.publishing.documents.twins.blocks import (
    Block,
    address_of,
    list_of,
    prose_block,
    stamp_of,
    title_line,
    ways_out,
    words_of,
    written,
)
from incidents.publishing.documents.twins.incident_text import (
    action_line,
    entry_line,
    postmortem_blocks,
    told,
    update_blocks,
)
from incidents.publishing.documents.uptime import method, months_of
from incidents.publishing.shapes import (
    ComponentFacts,
    ComponentPageFacts,
    EditsFacts,
    GroupPageFacts,
    HistoryFacts,
    IncidentFacts,
    IndexFacts,
    PageFacts,
    PromisesFacts,
    UptimeFacts,
)
from incidents.publishing.tally import tally_of
from incidents.publishing.wording import in_page_language
from incidents.timeline.uptime import Day, percentage


@in_page_language
def index(facts: IndexFacts) -> bytes:
    """Return the first page: the sentence, what is open, every component, what was in the last 15 days."""
    page = facts.page
    count = len(facts.active)
    return written(
        title_line(gettext("%(page)s status") % {"page": page.name}),
        f"**{escaped(headline(facts).text)}**",
        *told(ngettext("Active incident", "Active incidents", count), facts.active, page),
        *told(gettext("Maintenance in progress"), facts.running, page),
        *_components(facts),
        *told(gettext("Scheduled maintenance"), facts.scheduled, page),
        f"## {gettext('Past incidents')}",
        list_of(entry_line(one, page) for one in facts.past) or escaped(gettext("No incidents reported.")),
        ways_out(page, (gettext("Incident history"), paths.history("1")), (gettext("Uptime"), paths.uptime())),
    )


@in_page_language
def incident(facts: IncidentFacts, page: PageFacts) -> bytes:
    """Return an incident or maintenance with every update, newest first."""
    affected = affected_line.affected_sentence(facts.affected, maintenance=facts.is_maintenance)
    return written(
        title_line(facts.title),
        f"**{escaped(cards.standing_phase(facts).label)}**",
        # What does not change by the minute: this document is not made again for it.
        list_of(f"{escaped(one.name)}: {words_of(one.value)}" for one in facts_of(facts, page, is_lasting=True)),
        escaped(affected),
        *(postmortem_blocks(facts.postmortem, page) if facts.postmortem else ()),
        f"## {gettext('Updates')}",
        *update_blocks(facts, page),
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
        *told(gettext("Open incidents"), facts.open, page),
        *told(gettext("Maintenance to come"), facts.upcoming, page),
        *([f"## {gettext('Uptime')}", _months(facts.meter.days)] if shown.showcase else []),
        f"## {gettext('Past incidents')}",
        list_of(entry_line(one, page) for one in facts.past)
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
        list_of(_component(one, page, figure_of(one)) for one in shown.components),
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
            list_of(entry_line(one, page) for one in over) or escaped(gettext("No incidents reported.")),
        ]
    coming = [one for month in facts.months for one in month.incidents if cards.is_coming(one)]
    older = [(gettext("Older"), paths.history(str(facts.older)))] if facts.older else []
    return written(
        title_line(gettext("{page} incident history").format(page=page.name)),
        *told(gettext("Scheduled"), coming, page),
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
        list_of(_component(one, page, figure_of(one)) for one in shown)
        or escaped(gettext("No component shows its uptime yet.")),
        ways_out(page, (gettext("Current state"), paths.index())),
    )


@in_page_language
def promises(facts: PromisesFacts) -> bytes:
    """Return every public promise and the incident it was made after."""
    page = facts.page
    rows = [
        f"{action_line(one.action, page)} ({link(one.title, address_of(page, paths.incident(one.incident)))})"
        for one in facts.promises
    ]
    return written(
        title_line(gettext("What {page} promised after incidents").format(page=page.name)),
        list_of(rows) or escaped(gettext("No promises have been made after incidents yet.")),
        ways_out(page, (gettext("Incident history"), paths.history("1"))),
    )


@in_page_language
def edits(facts: EditsFacts) -> bytes:
    """Return the texts an update had, oldest first."""
    page = facts.page
    blocks: list[Block] = []
    for one in facts.revisions:
        until = stamp_of(one.replaced_at, page) if one.replaced_at else ""
        words = gettext("Until %(time)s") % {"time": until} if until else gettext("Now")
        blocks += [f"## {escaped(words)}", prose_block(one.html)]
    return written(
        title_line(gettext("Edits: {title}").format(title=facts.incident.title)),
        *blocks,
        ways_out(page, (gettext("Back to the incident"), paths.incident(facts.incident.code))),
    )


def _components(facts: IndexFacts) -> Iterator[Block]:
    figures = figures_of(facts)
    yield f"## {gettext('Components')}"
    if not figures:
        yield escaped(gettext("This page is being set up."))
    for one in facts.groups:
        if one.name:
            yield f"### {escaped(one.name)}"
        yield list_of(_component(member, facts.page, figures[member.code]) for member in one.components)


def _component(one: ComponentFacts, page: PageFacts, figure: str) -> str:
    return f"{link(one.name, address_of(page, paths.component(one.code)))}: {_line_of(one, figure)}"


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
    return list_of(rows)
