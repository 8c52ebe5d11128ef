"""What crawlers ask for first: robots.txt (RFC 9309) and sitemap.xml (sitemaps.org)."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from incidents.lib import stamps
from incidents.lib.prefixes import placed, prefix_of
from incidents.publishing import paths
from incidents.publishing.shapes import PageFacts, SitemapFacts

_NOT_FOR_SEARCH = ("/console/", "/admin/", "/live/", "/*/live/", "/embed/", "/subscriptions/")


def robots(page: PageFacts) -> bytes:
    """Return robots.txt: everything may be read but what is not a page of its own.

    A page that is to be left out is not forbidden to crawlers: they have to read it to be told so. It has no sitemap.
    """
    if page.is_unlisted:
        return "\n".join(["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_SEARCH), ""]).encode()
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _NOT_FOR_SEARCH),
        "",
        f"Sitemap: {page.address}/sitemap.xml",
    ]
    return "\n".join([*lines, ""]).encode()


def sitemap(facts: SitemapFacts) -> bytes:
    """Return the sitemap: first page, uptime, components and groups, history and the newest incidents."""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *_addresses(facts),
            "</urlset>",
            "",
        ]
    ).encode()


def _addresses(facts: SitemapFacts) -> Iterator[str]:
    if facts.page.is_unlisted:
        return
    address = facts.page.address
    pages = [paths.history(str(number)) for number in range(1, facts.pages_of_history + 1)]
    for path in ("/", "/uptime", *map(paths.component, facts.components), *map(paths.group, facts.groups), *pages):
        yield f"<url><loc>{escape(address + path)}</loc></url>"
    for prefix in map(prefix_of, facts.page.further_languages):
        # Each leads to the others of its language, and names the same page in all.
        for path in ("/", "/uptime", "/history"):
            yield f"<url><loc>{escape(address + placed(path, prefix))}</loc></url>"
    if facts.errors:
        yield f"<url><loc>{escape(address + paths.guide())}</loc></url>"
    for slug, changed_at in facts.errors:
        yield f"<url><loc>{escape(address + paths.entry(slug))}</loc><lastmod>{stamps.iso(changed_at)}</lastmod></url>"
    for code, changed_at in facts.incidents:
        location = escape(address + paths.incident(code))
        yield f"<url><loc>{location}</loc><lastmod>{stamps.iso(changed_at)}</lastmod></url>"
