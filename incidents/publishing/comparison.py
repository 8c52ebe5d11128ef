"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

_WORDS = re.compile(r"\S+\s*")


def compared(old: str, new: str) -> SafeString:
    """Return plain text with removals struck through and additions underlined, each also named."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    removed, added = pgettext("words of a text", "removed"), pgettext("words of a text", "added")
    steps = SequenceMatcher(a=before, b=after).get_opcodes()
    return format_html_join(
        "",
        "{}{}",
        (
            (
                _marked("del", removed, before[a:b]) if kind != "equal" else "",
                _marked("ins", added, after[c:d]) if kind != "equal" else "".join(after[c:d]),
            )
            for kind, a, b, c, d in steps
        ),
    )


def _marked(tag: str, word: str, words: list[str]) -> SafeString:
    if not words:
        return SafeString("")
    return format_html(
        '<{tag}><span class="hidden-text">[{word}: </span>{text}<span class="hidden-text">]</span></{tag}> ',
        tag=SafeString(tag),
        word=word,
        text="".join(words).strip(),
    )
