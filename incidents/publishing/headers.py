"""The headers of public answers: cacheable by anybody, with validators, without cookies."""

from functools import cache

from django.conf import settings

CACHE_CONTROL = "public, max-age=10, s-maxage=10, stale-while-revalidate=60, stale-if-error=86400"
"""Ten seconds of delay at most; a cache in front may serve an hour-old page rather than none (RFC 5861)."""


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
