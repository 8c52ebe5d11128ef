"""Where a request came from, as far as headers can be trusted."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings


def client_address(environment: Mapping[str, object]) -> str:
    """Return the IP address of the client, from a WSGI environment (request.META).

    Behind TRUSTED_PROXY_COUNT proxies it is what the outermost of them wrote into
    X-Forwarded-For; whatever stands left of that was made up by the sender.
    """
    hops = [hop.strip() for hop in str(environment.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    count = settings.TRUSTED_PROXY_COUNT
    if 0 < count <= len(hops) and hops[-count]:
        return hops[-count]
    return str(environment.get("REMOTE_ADDR", ""))


def comes_from_elsewhere(environment: Mapping[str, object], *, host: str) -> bool:
    """Say whether a browser tells that another site's page sent this (Fetch Metadata, Origin).

    For forms that no cookie stands behind: a forged request can do no more than a direct one,
    so that silence (a client that is no browser) is let through.
    """
    origin = str(environment.get("HTTP_ORIGIN", ""))
    if origin and urlsplit(origin).netloc != host:
        return True
    return environment.get("HTTP_SEC_FETCH_SITE") in {"cross-site", "same-site"}
