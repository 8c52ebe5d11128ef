"""Texts from elsewhere as HTML of ours."""

import re

from incidents.lib.markdown import render_markdown, sanitise_html

_MARKUP = re.compile(r"</?(a|b|br|code|div|em|h[1-6]|i|li|ol|p|pre|span|strong|table|ul)(\s[^<>]*)?/?>", re.IGNORECASE)
_BREAKING_MARKUP = re.compile(r"<(br|div|li|p)\b", re.IGNORECASE)


def html_of(body: str) -> str:
    """Return the HTML of a text from elsewhere: Markdown, unless it is marked up already.

    Older Statuspage exports carry lists and links as HTML and break lines as typed; newer
    ones have written <br /> for every line break.
    """
    if not _MARKUP.search(body):
        return render_markdown(body)
    return sanitise_html(body if _BREAKING_MARKUP.search(body) else body.replace("\n", "<br>\n"))
