"""Where a request came from, as far as headers can be trusted."""

import hashlib
import hmac
import ipaddress
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


def network_digest(client: str) -> str:
    """Return a keyed digest of the network of an IP address: the /64 of IPv6, the /24 of IPv4."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return keyed_digest("unknown")
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    prefix = 64 if address.version == 6 else 24
    return keyed_digest(str(ipaddress.ip_network(f"{address}/{prefix}", strict=False)))


def keyed_digest(*parts: str) -> str:
    """Return what stands for `parts` where they are to be known again but not kept; only SECRET_KEY links the two."""
    return hmac.new(settings.SECRET_KEY.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()
