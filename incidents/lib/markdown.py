"""Markdown as staff type it, to HTML the public may read."""

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    *("p", "br", "hr", "em", "strong", "del", "s", "code", "pre", "blockquote", "a"),
    *("ul", "ol", "li", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
_SCHEMES = {"http", "https", "mailto"}

_DEMOTED = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
"""Staff headings never outrank the headings of the page around them."""

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 12}).enable(["table", "strikethrough"])


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
