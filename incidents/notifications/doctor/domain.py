"""The sender's domain: what receivers look up before they believe a mail (SPF, DKIM, DMARC, MX)."""

import re
from collections.abc import Callable, Iterator
from email.utils import parseaddr
from functools import partial
from ipaddress import ip_address

from django.conf import settings

from incidents.notifications.doctor.findings import Finding, bad, doubtful, good, not_examined
from incidents.notifications.doctor.records import LookupFailed, Records
from incidents.notifications.mail.identity import mail_domain

LOOKUPS_ALLOWED = 10
"""RFC 7208, section 4.6.4."""

_ASKS_AGAIN = re.compile(r"include:|a$|a[:/]|mx$|mx[:/]|ptr|exists:|redirect=")

GIANTS = "Gmail and Yahoo refuse unauthenticated mail to many"


def examine_domain(records: Records) -> Iterator[Finding]:
    """Yield what is known of the domains mail comes from and goes back to."""
    sender, returning = mail_domain(), _return_domain()
    if settings.MAIL_IS_KEPT:
        yield not_examined("Sender's domain", "Mail is kept here; records matter once EMAIL_URL is set.")
        return
    if _is_number(sender):
        words = f"MAIL_FROM is at the address {sender}, not at a domain: there are no records to look up."
        yield doubtful("Sender's domain", words, "Set MAIL_FROM to an address at a domain of yours.")
        return
    if "." not in sender or sender.endswith((".localhost", ".test", ".invalid")):
        yield not_examined("Sender's domain", f"{sender} is no public domain; nothing is looked up.")
        return
    yield _looked_up("SPF", partial(_spf, records, returning))
    for selector in settings.DKIM_SELECTORS:
        yield _looked_up("DKIM", partial(_dkim, records, f"{selector}._domainkey.{sender}"))
    if not settings.DKIM_SELECTORS:
        yield not_examined("DKIM", "Name the selectors your relay signs with in DKIM_SELECTORS to have them looked up.")
    yield _looked_up("DMARC", partial(_dmarc, records, sender, returning))
    yield _looked_up("Answers", partial(_answers, records, sender))
    if settings.BOUNCE_ADDRESS:
        yield _looked_up("Bounces", partial(_exchangers, records, returning))


def _is_number(domain: str) -> bool:
    try:
        ip_address(domain.strip("[]").removeprefix("IPv6:"))
    except ValueError:
        return False
    return True


def _return_domain() -> str:
    return settings.BOUNCE_ADDRESS.rpartition("@")[2] or mail_domain()


def _looked_up(subject: str, examine: Callable[[], Finding]) -> Finding:
    try:
        return examine()
    except LookupFailed as failure:
        return not_examined(subject, str(failure))


def _spf(records: Records, domain: str) -> Finding:
    found = [text for text in records.texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        advice = f'Add a TXT record to {domain}: "v=spf1 include:<your relay> -all"; the relay\'s manual has the value.'
        return bad("SPF", f"{domain} has no SPF record; {GIANTS}.", advice)
    if len(found) > 1:
        return bad("SPF", f"{domain} has {len(found)} SPF records, which counts as none.", "Join them into one.")
    terms = found[0].lower().split()
    if terms[-1] in {"+all", "all"}:
        return bad("SPF", f"{domain} lets everybody send ({found[0]}).", "End the record with -all or ~all.")
    lookups = sum(1 for term in terms if _ASKS_AGAIN.match(term.lstrip("+-~?")))
    if lookups > LOOKUPS_ALLOWED:
        return bad("SPF", f"{domain} asks for {lookups} look-ups; ten are allowed.", "Take senders out you do not use.")
    return good("SPF", f"{domain} says who may send: {found[0]}")


def _dkim(records: Records, name: str) -> Finding:
    found = [text for text in records.texts(name) if "p=" in text.replace(" ", "")]
    if not found:
        return bad(
            "DKIM", f"There is no key at {name}.", "Publish the TXT record your relay shows, or mend DKIM_SELECTORS."
        )
    tags = _tags(found[0])
    if not tags.get("p"):
        return bad("DKIM", f"The key at {name} has been revoked.", "Publish the key your relay signs with now.")
    if "y" in tags.get("t", "").split(":"):
        return doubtful("DKIM", f"The key at {name} is marked as a test.", "Take t=y out of the record.")
    return good("DKIM", f"There is a key at {name}.")


def _dmarc(records: Records, sender: str, returning: str) -> Finding:
    """Say whether there is a policy and the return path agrees with the sender (RFC 7489, section 3.1.2)."""
    name, policy = _policy(records, sender)
    if not policy:
        advice = f'Add a TXT record to _dmarc.{sender}: "v=DMARC1; p=none; rua=mailto:you@{sender}" to begin with.'
        return bad("DMARC", f"{sender} has no DMARC record; {GIANTS}.", advice)
    tags = _tags(policy)
    organisation = name.removeprefix("_dmarc.")
    strictly = tags.get("aspf") == "s"
    agrees = returning == sender if strictly else f".{returning}".endswith(f".{organisation}")
    if not agrees:
        return doubtful(
            "DMARC",
            f"Bounces go to {returning}, which SPF is checked for, and mail is from {sender}: only DKIM can agree.",
            f"Take a BOUNCE_ADDRESS under {sender if strictly else organisation}, or see that the relay signs for it.",
        )
    return good("DMARC", f"{name} says: {policy}")


def _policy(records: Records, domain: str) -> tuple[str, str]:
    """Return name and text of the record that counts: the domain's own, else that of the next above it."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        name = "_dmarc." + ".".join(labels[start:])
        found = [text for text in records.texts(name) if text.lower().startswith("v=dmarc1")]
        if len(found) == 1:
            return name, found[0]
    return "", ""


def _answers(records: Records, sender: str) -> Finding:
    reply = parseaddr(settings.MAIL_REPLY_TO)[1]
    domain = reply.rpartition("@")[2] or sender
    hosts = records.exchangers(domain)
    if hosts and hosts != [""]:
        return good("Answers", f"Mail of readers to {domain} goes to {hosts[0]}.")
    advice = "Set MAIL_REPLY_TO to an address somebody reads, or give the domain an MX record."
    return doubtful("Answers", f"{domain} takes no mail, so that answers of readers come back to them.", advice)


def _exchangers(records: Records, domain: str) -> Finding:
    hosts = records.exchangers(domain)
    if hosts == [""]:
        return bad("Bounces", f"{domain} says that it takes no mail (null MX).", "Give it an MX record.")
    if hosts or records.has_address(domain):
        return good("Bounces", f"Bounces to {domain} go to {hosts[0] if hosts else domain}.")
    return bad("Bounces", f"{domain} has no MX record and no address: bounces are lost.", "Give it an MX record.")


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
