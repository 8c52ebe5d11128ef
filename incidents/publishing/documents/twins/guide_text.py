"""The error guide as Markdown."""

from collections.abc import Iterator

from django.utils.translation import gettext

from incidents.lib import stamps
from incidents.lib.markdown_writing import escaped, link
from incidents.publishing import paths
from incidents.publishing.documents.guide.entries import shown
from incidents.publishing.documents.guide.pages import entry_at, heading_of_provider, heading_of_range, meaning_of_range
from incidents.publishing.documents.twins.blocks import Block, prose_block, title_line, ways_out, written
from incidents.publishing.facts.documents import NothingThere
from incidents.publishing.guide_shapes import EntryFacts, GuideFacts
from incidents.publishing.prose import plain
from incidents.publishing.wording import in_page_language


@in_page_language
def index(guide: GuideFacts) -> bytes:
    """Return the names of all errors. Raises NothingThere."""
    page = guide.page
    if not guide.entries:
        raise NothingThere("guide")
    blocks: list[Block] = []
    for name in guide.ranges:
        blocks.append(f"## {escaped(heading_of_range(name))}")
        blocks.append(
            "\n".join(f"- {link(one.name, f'{page.address}{paths.entry(one.slug)}')}" for one in guide.in_range(name))
        )
    return written(title_line(gettext("{page} error guide").format(page=page.name)), *blocks, _out(guide))


@in_page_language
def of_range(guide: GuideFacts, name: str) -> bytes:
    """Return every error of a range. Raises NothingThere."""
    return _list(guide, guide.in_range(name), heading_of_range(name), meaning_of_range(name))


@in_page_language
def of_provider(guide: GuideFacts, name: str) -> bytes:
    """Return every error of a provider. Raises NothingThere."""
    entries = guide.of_provider(name)
    return _list(guide, entries, heading_of_provider(guide, name) if entries else "", "")


@in_page_language
def entry(guide: GuideFacts, slug: str) -> bytes:
    """Return one error. Raises Moved, NothingThere."""
    found = entry_at(guide, slug, lambda present: paths.twin(paths.entry(present), "md"))
    return written(title_line(found.name), *_told(found, guide, level=2), _out(guide))


def _list(guide: GuideFacts, entries: tuple[EntryFacts, ...], heading: str, lead: str) -> bytes:
    if not entries:
        raise NothingThere(heading)
    blocks = [block for one in entries for block in (f"## {escaped(one.name)}", *_told(one, guide, level=3))]
    return written(title_line(heading), escaped(lead), *blocks, _out(guide))


def _told(entry: EntryFacts, guide: GuideFacts, *, level: int) -> Iterator[Block]:
    """Yield what an entry says; what does not change by the minute."""
    told, page, marks = shown(entry, guide), guide.page, "#" * level
    for one in told.live:
        words = f"{one.sentence} {one.phase.label}."
        yield f"**{escaped(words)}** {link(one.title, f'{page.address}{one.path}')}"
    yield escaped(", ".join(entry.providers))
    yield escaped(plain(told.sentence))
    yield "\n".join(f"    {message}" for message in entry.messages)
    yield f"{marks} {gettext('Cause')}"
    yield prose_block(entry.cause_html)
    yield f"{marks} {gettext('Solution')}"
    yield escaped(gettext("You do not need to change anything.")) if told.live else ""
    yield prose_block(entry.solution_html)
    yield escaped(told.retry)
    yield escaped(_reviewed(entry))
    yield "\n".join(f"- {link(one.title, f'{page.address}{one.path}')}" for one in told.past)


def _reviewed(entry: EntryFacts) -> str:
    return f"{gettext('Last reviewed')}: {stamps.day(entry.reviewed_on)}" if entry.reviewed_on else ""


def _out(guide: GuideFacts) -> Block:
    return ways_out(guide.page, (gettext("Error guide"), paths.guide()), (gettext("Current state"), paths.index()))
