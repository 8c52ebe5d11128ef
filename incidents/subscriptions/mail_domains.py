"""Does a domain take mail at all? Asked before a confirmation is sent to it."""

import logging
import time
from functools import lru_cache

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
from django.utils.translation import gettext

from incidents.subscriptions.refusals import DomainTakesNoMail

log = logging.getLogger(__name__)

SECONDS = 2.0
"""All the lookups of one address together; a name server that takes longer is not asked to decide."""

REMEMBERED_SECONDS = 600
REMEMBERED_DOMAINS = 10_000

_RESERVED = (".test", ".example", ".invalid", ".localhost", ".example.com", ".example.net", ".example.org")
"""Names that stand for nothing (RFC 2606): texts and tests use them, so that they are not looked up."""


def refuse_deaf_domain(address: str) -> None:
    """Raise DomainTakesNoMail where the domain of a cleaned address says so, or has no place for mail.

    A null MX (RFC 7505), or neither MX nor address record (RFC 5321, section 5.1). Where DNS
    does not answer within two seconds nobody is refused.
    """
    domain = address.rpartition("@")[2]
    if f".{domain}".endswith(_RESERVED):
        return
    if not takes_mail(domain, period=int(time.monotonic() // REMEMBERED_SECONDS)):
        raise DomainTakesNoMail(gettext("This domain does not accept mail."))


@lru_cache(maxsize=REMEMBERED_DOMAINS)
def takes_mail(domain: str, *, period: int) -> bool:
    """Return whether mail to `domain` can arrive; True where that cannot be found out.

    `period` only limits how long an answer is remembered.
    """
    del period
    resolver = dns.resolver.get_default_resolver()
    deadline = time.monotonic() + SECONDS
    try:
        for kind in (dns.rdatatype.MX, dns.rdatatype.A, dns.rdatatype.AAAA):
            answer = _records(resolver, domain, kind, deadline)
            if kind == dns.rdatatype.MX and answer:
                return not _is_null(answer)
            if answer:
                return True
    except (dns.exception.DNSException, OSError) as error:
        log.info("the mail servers of %s could not be looked up: %s", domain, error)
        return True
    return False


def _records(resolver: dns.resolver.Resolver, domain: str, kind: dns.rdatatype.RdataType, deadline: float) -> list[str]:
    """Return the records, none where the domain has none of the kind. Raises DNSException for no answer."""
    left = max(0.05, deadline - time.monotonic())
    try:
        answer = resolver.resolve(dns.name.from_text(domain), kind, lifetime=left, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    return [str(getattr(record, "exchange", record)) for record in answer]


def _is_null(exchanges: list[str]) -> bool:
    return all(exchange == "." for exchange in exchanges)
