"""Markdown as staff type it, to HTML the public may read."""

from collections.abc import MutableMapping, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from incidents.lib.time_tokens import TOKEN, as_element

_TAGS = {
    *("p", "br", "hr", "em", "strong", "del", "s", "code", "pre", "blockquote", "a"),
    *("ul", "ol", "li", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td", "time"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}, "time": {"datetime"}}
_SCHEMES = {"http", "https", "mailto"}

_DEMOTED = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
"""Staff headings never outrank the headings of the page around them."""

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12}).enable(["table", "strikethrough"])


def _read_time(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's own interface
    """Take a token such as `[time: 2026-11-21 03:40 UTC]` before it is taken for the beginning of a link."""
    found = TOKEN.match(state.src, state.pos)
    element = as_element(found) if found else None
    if found is None or element is None:
        return False
    if not silent:
        state.push("time", "time", 0).content = element
    state.pos = found.end()
    return True


def _write_time(
    _renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: MutableMapping[str, Any]
) -> str:
    return tokens[index].content


_parser.inline.ruler.before("link", "time", _read_time)
_parser.add_render_rule("time", _write_time)


def render_markdown(text: str) -> str:
    """Return sanitised HTML for CommonMark `text` with tables; raw HTML in it stays text."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _DEMOTED[token.tag]
    return sanitise_html(_parser.renderer.render(tokens, _parser.options, {}))


def sanitise_html(html: str) -> str:
    """Return `html` with nothing but plain prose markup: no scripts, styles, images or frames."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener",
    ).strip()
