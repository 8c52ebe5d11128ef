"""The headers of public answers: cacheable by anybody, with validators, without cookies."""

from collections.abc import Iterable
from functools import cache

from django.conf import settings

CACHE_CONTROL = "public, max-age=10, s-maxage=10, stale-while-revalidate=60, stale-if-error=86400"
"""Ten seconds of delay at most; a cache in front may serve an hour-old page rather than none (RFC 5861)."""


Headers = tuple[tuple[str, str], ...]

NOT_FOR_SEARCH = ("X-Robots-Tag", "noindex")
"""Of every document of a page that is to be left out of search, also of those that have no head to say so."""

CHOSEN_BY_READER = "private, max-age=10"
"""For Markdown or JSON at the address of a page: a cache that does not mind Vary must not show it to others."""


@cache
def usual_headers() -> tuple[tuple[str, str], ...]:
    """Return what every public document carries, whatever its kind."""
    policy = "; ".join(" ".join([name, *sources]) for name, sources in settings.SECURE_CSP.items())
    return (
        ("Cache-Control", CACHE_CONTROL),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
    )


def with_own(own: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Return the usual headers with a document's own in their place; an empty value takes one away."""
    merged = {name.lower(): (name, value) for name, value in (*usual_headers(), *own)}
    return [(name, value) for name, value in merged.values() if value]


def as_chosen(headers: Iterable[tuple[str, str]], path: str) -> list[tuple[str, str]]:
    """Return the headers of the document at `path` for an answer at the address of the page it is a form of."""
    kept = [pair for pair in headers if pair[0] not in ("Cache-Control", "Vary")]
    return [
        *kept,
        ("Cache-Control", CHOSEN_BY_READER),
        ("Vary", "Accept, Accept-Encoding"),
        ("Content-Location", path),
    ]
