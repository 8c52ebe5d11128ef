"""What is added to published bytes while the database is away: the saved-copy notice and emergency posts.

Made from stored bytes alone, without the database and without templates.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.html import escape
from django.utils.translation import gettext

from incidents.lib import stamps
from incidents.lib.languages import ENGLISH, IN_ADDRESSES, speaking
from incidents.lib.markdown_writing import escaped, markdown_of
from incidents.lib.prefixes import parted, placed, prefix_of
from incidents.publishing import paths
from incidents.publishing.published import Published, etag_of, packed

_PLACE = re.compile(rb'<main id="main"[^>]*>\n?|<link id="favicon"[^>]*hx-swap-oob[^>]*>\n?')
"""After which the additions stand: the opening of the main part, or what is outside it in a live part."""

_LANGUAGE = re.compile(rb'<(?:html|title) lang="([\w-]+)"')
_LIVE = "/live"
_MARKDOWN_NOTICE = "_{words}_"
_CHANNEL_ENTRIES = {
    "application/rss+xml": (b"<item>", b"</channel>"),
    "application/atom+xml": (b"<entry>", b"</feed>"),
}


@dataclass(frozen=True, slots=True)
class EmergencyPost:
    """An update that waits for the database."""

    key: str
    """Request key: with it the app takes the update in once."""
    incident: str
    """Code of the incident it belongs to; "" opens a new one called `title`."""
    title: str
    phase: str
    label: str
    body: str
    html: str
    posted_at: datetime
    by: str
    notify: bool = True


@dataclass(frozen=True, slots=True)
class Marks:
    """What to add now. Nothing on an ordinary day."""

    saved_at: datetime | None = None
    """Since when nobody has heard from the database; None while somebody does."""
    posts: tuple[EmergencyPost, ...] = ()
    """Newest first."""

    def __bool__(self) -> bool:
        return self.saved_at is not None or bool(self.posts)

    @property
    def moment(self) -> datetime | None:
        """When the newest of it came, in whole seconds."""
        moments = [*(post.posted_at for post in self.posts), *([self.saved_at] if self.saved_at else [])]
        return max(moments).replace(microsecond=0) if moments else None


def paths_told(posts: Iterable[EmergencyPost]) -> list[str]:
    """Return the paths at which readers find `posts`, in whatever languages the page is published."""
    incidents = sorted({post.incident for post in posts if post.incident})
    pages = [paths.incident(code) for code in incidents], [paths.live_incident(code) for code in incidents]
    twins = [paths.twin(path, "md") for path in ("/", *pages[0])]
    told = ["/", f"{_LIVE}/index", "/history.rss", "/history.atom", *pages[0], *pages[1], *twins]
    # Of languages it is not published in there is nothing to be found there.
    prefixes = map(prefix_of, ("", *IN_ADDRESSES))
    return [placed(path, prefix) for prefix in prefixes for path in told]


def marked(document: Published, marks: Marks) -> Published:
    """Return the document with what `marks` add to its kind; itself where that is nothing."""
    body = _body(document, marks)
    if body is document.body:
        return document
    smaller, zipped = packed(body, document.content_type)
    # Later than the bytes without: a reader may know them by nothing but their time.
    made_at = max(document.made_at + timedelta(seconds=1), marks.moment or document.made_at)
    return replace(document, body=body, brotli=smaller, gzip=zipped, etag=etag_of(body), made_at=made_at)


def _body(document: Published, marks: Marks) -> bytes:
    said = _LANGUAGE.search(document.body)
    with speaking(said[1].decode() if said else ENGLISH):
        return _added(document, marks)


def _added(document: Published, marks: Marks) -> bytes:
    kind = document.content_type.partition(";")[0]
    if kind == "text/html":
        return _page(document, marks)
    if kind == "text/markdown":
        return _markdown(document, marks)
    if kind in _CHANNEL_ENTRIES and marks.posts:
        return _feed(document, kind, marks.posts)
    return document.body


def _page(document: Published, marks: Marks) -> bytes:
    path = parted(document.path)[1].removeprefix(_LIVE)
    path = "/" if path == "/index" else path
    shown = [post for post in marks.posts if path in ("/", f"/incidents/{post.incident}")]
    prefix = prefix_of(parted(document.path)[0])
    added = b"".join((_notice(marks.saved_at), *(_card(post, prefix) for post in shown)))
    opening = _PLACE.search(document.body) if added else None
    if opening is None:
        return document.body
    return document.body[: opening.end()] + added + document.body[opening.end() :]


def _markdown(document: Published, marks: Marks) -> bytes:
    """Return the Markdown with the additions under its title, which is its first line."""
    path = parted(document.path)[1].removesuffix(".md")
    path = "/" if path == "/index" else path
    shown = [post for post in marks.posts if path in ("/", f"/incidents/{post.incident}")]
    added = [_MARKDOWN_NOTICE.format(words=_saved(f"{marks.saved_at:%H:%M} UTC"))] if marks.saved_at else []
    for post in shown:
        words = f"{escaped(post.title)} · {escaped(gettext(post.label))}"
        added += [f"**{words}** · {post.posted_at:%Y-%m-%d %H:%M} UTC", markdown_of(post.html)]
    title, gap, rest = document.body.partition(b"\n")
    return b"\n\n".join([title, *(one.encode() for one in added)]) + gap + rest if added else document.body


def _saved(moment: str) -> str:
    return gettext("You are reading a saved copy from {time}.").format(time=moment)


def _notice(saved_at: datetime | None) -> bytes:
    if saved_at is None:
        return b""
    moment = f'<time datetime="{stamps.iso(saved_at)}">{saved_at:%H:%M} UTC</time>'
    words = _saved(moment)
    return f'<p class="notice" role="status">{words}</p>\n'.encode()


def _card(post: EmergencyPost, prefix: str) -> bytes:
    heading: str = escape(post.title)
    if post.incident:
        heading = f'<a href="{prefix}/incidents/{post.incident}">{heading}</a>'
    moment = f'<time datetime="{stamps.iso(post.posted_at)}">{post.posted_at:%Y-%m-%d %H:%M} UTC</time>'
    return (
        f'<article class="card unresolved-incident emergency"><h2 dir="auto">{heading}</h2>\n'
        f'<p class="phase-line"><strong dir="auto">{escape(gettext(post.label))}</strong> · {moment}</p>\n'
        f'<div class="prose" dir="auto">{post.html}</div></article>\n'
    ).encode()


def _feed(document: Published, kind: str, posts: tuple[EmergencyPost, ...]) -> bytes:
    first, end = _CHANNEL_ENTRIES[kind]
    at = document.body.find(first)
    at = at if at >= 0 else document.body.rfind(end)
    if at < 0:
        return document.body
    entries = "".join(_item(post) if kind == "application/rss+xml" else _entry(post) for post in posts)
    return document.body[:at] + entries.encode() + document.body[at:]


def _item(post: EmergencyPost) -> str:
    return (
        f"<item><title>{escape(post.title)}</title>"
        f"<description>{escape(f'<strong>{escape(post.label)}</strong> - {post.html}')}</description>"
        f"<pubDate>{post.posted_at:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        f'<guid isPermaLink="false">emergency:{escape(post.key)}</guid></item>'
    )


def _entry(post: EmergencyPost) -> str:
    return (
        f"<entry><id>urn:emergency:{escape(post.key)}</id><title>{escape(post.title)}</title>"
        f"<updated>{stamps.iso(post.posted_at)}</updated>"
        f'<content type="html">{escape(f"<strong>{escape(post.label)}</strong> - {post.html}")}</content></entry>'
    )
