"""What a Markdown twin is put together from."""

from collections.abc import Iterable
from datetime import datetime
from html import unescape

from django.utils.html import strip_tags

from incidents.lib import stamps
from incidents.lib.markdown_writing import escaped, link, markdown_of
from incidents.publishing import prose
from incidents.publishing.shapes import PageFacts

Block = str
"""Some lines; blocks stand apart by an empty line."""


def written(*blocks: Block) -> bytes:
    """Return a document of those blocks that are not empty."""
    return ("\n\n".join(one for one in blocks if one) + "\n").encode()


def title_line(words: str) -> Block:
    """Return the heading of a document."""
    return f"# {escaped(words)}"


def list_of(lines: Iterable[str]) -> Block:
    """Return a list, empty without lines."""
    return "\n".join(f"- {line}" for line in lines)


def ways_out(page: PageFacts, *ways: tuple[str, str]) -> Block:
    """Return links to other pages, given as words and path."""
    return " · ".join(link(name, address_of(page, path)) for name, path in ways)


def address_of(page: PageFacts, path: str) -> str:
    """Return the whole address of a path on the page."""
    return f"{page.address}{path}"


def stamp_of(moment: datetime, page: PageFacts) -> str:
    """Return a moment in the time zone of the page."""
    return stamps.stamp(moment, page.zone)


def words_of(value: str) -> str:
    """Return what a fact says; its markup is only our own time elements."""
    return escaped(unescape(strip_tags(value)))


def prose_block(html: str) -> Block:
    """Return what staff wrote, with times as readers of the page see them."""
    return markdown_of(prose.timed(html))
