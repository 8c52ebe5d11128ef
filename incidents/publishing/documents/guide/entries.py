"""One error as pages show it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import escape, unescape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from incidents.lib import durations, stamps
from incidents.lib.markdown import render_markdown
from incidents.publishing import paths, prose
from incidents.publishing.documents.guide.live import Live, Past, live_of, past_of
from incidents.publishing.guide_shapes import EntryFacts, GuideFacts, provider_slug

_BLOCK_OF_CODE = re.compile(r"(<pre><code[^>]*>)(.*?)(</code></pre>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Way:
    """A link in words."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry in words."""

    slug: str
    former: tuple[str, ...]
    path: str
    code: str
    title: str
    said_in: str
    """Language of what staff wrote, where it is not that of the document."""
    messages: tuple[str, ...]
    sentence: SafeString
    cause: SafeString
    solution: SafeString
    providers: tuple[Way, ...]
    retry: str
    components: tuple[Way, ...]
    related: tuple[Way, ...]
    reviewed: SafeString | str
    live: tuple[Live, ...]
    past: tuple[Past, ...]


def shown(entry: EntryFacts, guide: GuideFacts, *, under: int = 3) -> Shown:
    """Return an entry whose texts stand below a heading of level `under`."""
    page = guide.page
    others = (guide.entry(slug) for slug in entry.related)
    return Shown(
        slug=entry.slug,
        former=entry.former,
        path=paths.entry(entry.slug),
        code=entry.code,
        title=entry.title,
        said_in=page.main_language if page.prefix else "",
        messages=tuple(one for one in entry.messages if "*" not in one),
        sentence=prose.readable(render_markdown(entry.sentence), under=under) if entry.sentence else SafeString(),
        cause=prose.readable(entry.cause_html, under=under),
        solution=prose.readable(_with_copies(entry.solution_html), under=under),
        providers=tuple(Way(name, paths.guide_provider(provider_slug(name))) for name in entry.providers),
        retry=_retry(entry),
        components=tuple(Way(name, paths.component(code)) for code, name in entry.components),
        related=tuple(Way(one.name, paths.entry(one.slug)) for one in others if one),
        reviewed=stamps.day_element(entry.reviewed_on, stamps.day(entry.reviewed_on)) if entry.reviewed_on else "",
        live=tuple(live_of(guide, code) for code in entry.live),
        past=tuple(past_of(guide, code) for code in entry.past),
    )


def _retry(entry: EntryFacts) -> str:
    if entry.retry == "after" and entry.retry_after:
        return gettext("Try again after {duration}.").format(
            duration=durations.in_words(timedelta(minutes=entry.retry_after))
        )
    words = {
        "no": gettext("Trying again does not help."),
        "yes": gettext("Trying again may help."),
        "after": gettext("Try again later."),
    }
    return words.get(entry.retry, "")


def _with_copies(html: str) -> str:
    """Return a solution with a button below each block of code that copies it."""
    copy, copied = gettext("Copy"), gettext("Copied")

    def with_button(block: re.Match[str]) -> str:
        code = escape(unescape(block[2]).strip())
        button = (
            f'<button class="text-button scripted" type="button" data-copy="{code}" data-copied="{escape(copied)}">'
            f"{escape(copy)}</button>"
        )
        return f"{block[0]}{button}"

    return mark_safe(_BLOCK_OF_CODE.sub(with_button, html))  # noqa: S308 - sanitised at write time, and escaped
