"""Records of names in the DNS."""

from typing import Any

import dns.exception
import dns.resolver

SECONDS = 5.0
"""What one question may take, all servers and tries included."""


class LookupFailed(Exception):
    """No server answered; whether there is a record is not known."""


class Records:
    """Asks for records; with a resolver of its own or the machine's."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of a name, each in one piece. Raises LookupFailed."""
        return [b"".join(row.strings).decode("utf-8", "replace") for row in self._ask(name, "TXT")]

    def exchangers(self, name: str) -> list[str]:
        """Return the hosts that take mail for a name, the preferred first ("" for a null MX). Raises LookupFailed."""
        rows = sorted(self._ask(name, "MX"), key=lambda row: int(row.preference))
        return [str(row.exchange).rstrip(".") for row in rows]

    def has_address(self, name: str) -> bool:
        """Return whether a name has an address. Raises LookupFailed."""
        return bool(self._ask(name, "A") or self._ask(name, "AAAA"))

    def _ask(self, name: str, kind: str) -> list[Any]:
        try:
            resolver = self._resolver or dns.resolver.get_default_resolver()
            return list(resolver.resolve(name, kind, lifetime=SECONDS, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise LookupFailed(f"{name} could not be looked up ({error}).") from error
