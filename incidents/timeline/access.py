"""Who may read a page: everybody, or who signs in, knows its password, or comes from certain networks."""

from collections.abc import Iterable
from ipaddress import ip_network

from django.db import models

from incidents.timeline.refusals import UnusableAccess

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
RANGES_AT_MOST = 200


class Access(models.TextChoices):
    """How a page is guarded."""

    PUBLIC = "public", "Everybody"
    SIGN_IN = "sign_in", "Who signs in here"
    PASSWORD = "password", "Who knows a password"
    ADDRESSES = "addresses", "Who comes from certain networks"


def checked_password(password: str) -> str:
    """Return a password as typed. Raises UnusableAccess."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UnusableAccess(
            f"Choose a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", field="password"
        )
    return password


def checked_ranges(ranges: Iterable[str]) -> list[str]:
    """Return networks (RFC 4632) in their usual form, each once: "10.1.0.0/16", "2001:db8::/32".

    Raises UnusableAccess: for none, for what is no network, and for one that holds every address there is.
    """
    found: list[str] = []
    for one in ranges:
        try:
            network = ip_network(one.strip())
        except ValueError as error:
            words = f"“{one.strip()[:60]}” is no address and no network such as 10.1.0.0/16; check its last digits."
            raise UnusableAccess(words, field="address_ranges") from error
        if network.prefixlen == 0:
            raise UnusableAccess(f"{network} is everybody; make the page public instead.", field="address_ranges")
        found.append(str(network))
    if not found:
        raise UnusableAccess("Name at least one network; nobody could read the page.", field="address_ranges")
    if len(found) > RANGES_AT_MOST:
        words = f"{len(found)} networks are too many; {RANGES_AT_MOST} is the most."
        raise UnusableAccess(words, field="address_ranges")
    return list(dict.fromkeys(found))
