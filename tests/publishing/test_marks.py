from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest

from incidents.publishing.marks import EmergencyPost, Marks, marked
from incidents.publishing.published import Published
from tests.publishing.test_store import a_document

NOON = datetime(2026, 11, 21, 12, 2, tzinfo=UTC)
POST = EmergencyPost(
    key="k1",
    incident="x1",
    title="Errors & <delays>",
    phase="identified",
    label="Identified",
    body="We *know*.",
    html="<p>We <em>know</em>.</p>",
    posted_at=NOON,
    by="ada",
)
PAGE = b'<head><link id="favicon" rel="icon"></head><main id="main" class="column">\n<h1>Now</h1></main>'
LIVE = b'<title>x</title>\n<link id="favicon" rel="icon" href="x" hx-swap-oob="true">\n<h1>Now</h1>'
RSS = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><title>old</title></item></channel></rss>'
)
EMPTY_RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>'
ATOM = b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title></feed>'


def told(path: str, body: bytes, marks: Marks, kind: str = "text/html; charset=utf-8") -> Published:
    return marked(replace(a_document(path, body=body), content_type=kind), marks)


@pytest.mark.parametrize(("path", "body"), [("/", PAGE), ("/live/index", LIVE), ("/history", PAGE)])
def test_a_saved_copy_says_so_before_anything_else(path: str, body: bytes) -> None:
    html = told(path, body, Marks(saved_at=NOON)).body
    assert b'saved copy from <time datetime="2026-11-21T12:02:00Z">12:02 UTC</time>.' in html
    assert html.index(b"saved copy") < html.index(b"<h1>")


@pytest.mark.parametrize(
    ("path", "body"), [("/", PAGE), ("/live/index", LIVE), ("/incidents/x1", PAGE), ("/live/incidents/x1", LIVE)]
)
def test_an_emergency_post_stands_where_readers_look(path: str, body: bytes) -> None:
    html = told(path, body, Marks(posts=(POST,))).body.decode()
    assert "Errors &amp; &lt;delays&gt;" in html
    assert "<em>know</em>" in html
    assert "Identified" in html


@pytest.mark.parametrize("path", ["/index.md", "/incidents/x1.md", "/de/index.md"])
def test_markdown_says_both_under_its_title(path: str) -> None:
    kind = "text/markdown; charset=utf-8"
    text = told(path, b"# Acme status\n\n**Now**\n", Marks(saved_at=NOON, posts=(POST,)), kind).body.decode()
    assert text.startswith("# Acme status\n\n_You are reading a saved copy from 12:02 UTC._\n\n")
    assert "**Errors & \\<delays\\> · Identified** · 2026-11-21 12:02 UTC\n\nWe _know_.\n\n**Now**\n" in text
    assert told("/incidents/x2.md", b"# x\n", Marks(posts=(POST,)), kind).body == b"# x\n"


@pytest.mark.parametrize("path", ["/incidents/x2", "/history", "/uptime"])
def test_other_pages_stay_as_they_are(path: str) -> None:
    document = a_document(path, body=PAGE)
    assert marked(document, Marks(posts=(POST,))) is document


@pytest.mark.parametrize(
    ("kind", "body"), [("application/rss+xml", RSS), ("application/rss+xml", EMPTY_RSS), ("application/atom+xml", ATOM)]
)
def test_feeds_carry_it_first_and_stay_readable(kind: str, body: bytes) -> None:
    feed = feedparser.parse(told("/history", body, Marks(posts=(POST,)), kind).body)
    assert not feed.bozo
    assert feed.entries[0].title == "Errors & <delays>"


def test_marked_bytes_have_a_validator_of_their_own() -> None:
    document = a_document("/", body=PAGE)
    assert marked(document, Marks(saved_at=NOON)).etag != document.etag
    assert marked(document, Marks()) is document
