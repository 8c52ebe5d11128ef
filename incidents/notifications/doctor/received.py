"""A mail of ours as it arrived: does the relay's signature cover what it must?"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from incidents.notifications.doctor.findings import Finding, bad, good, not_examined
from incidents.notifications.mail.identity import mail_domain

COVERED = ("from", "subject", "list-unsubscribe", "list-unsubscribe-post")
"""RFC 8058, section 4: without the last two covered, mail programs do not offer the button."""


def examine_received(raw: bytes) -> Iterator[Finding]:
    """Yield what a received mail (RFC 5322, with all its headers) shows of its signatures."""
    message = message_from_bytes(raw, policy=compat32)
    if message["List-Unsubscribe"] is None or message["List-Unsubscribe-Post"] is None:
        yield not_examined("Leave headers", "This mail has none; take a mail of news, not a confirmation.")
    signatures = [_tags(str(value)) for value in message.get_all("DKIM-Signature", [])]
    if not signatures:
        yield bad("DKIM", "This mail carries no DKIM signature.", "Let the relay sign mail from MAIL_FROM's domain.")
    else:
        yield from _signed(signatures)
    yield from _judged(message)


def _signed(signatures: list[dict[str, str]]) -> Iterator[Finding]:
    domain = mail_domain()
    ours = [tags for tags in signatures if f".{domain}".endswith(f".{tags.get('d', '').lower()}") and tags.get("d")]
    if not ours:
        names = ", ".join(tags.get("d", "?") for tags in signatures)
        yield bad("DKIM", f"It is signed by {names}, not by {domain}.", "Let the relay sign with a key of that domain.")
        return
    covered = {name.strip().lower() for tags in ours for name in tags.get("h", "").split(":")}
    missing = [name for name in COVERED if name not in covered]
    if missing:
        advice = "Add these names to the headers the relay signs."
        yield bad("DKIM", f"The signature does not cover {', '.join(missing)}.", advice)
        return
    yield good("DKIM", f"{ours[0]['d']} signed it, both List-Unsubscribe headers included.")


def _judged(message: Message) -> Iterator[Finding]:
    results = " ".join(str(value) for value in message.get_all("Authentication-Results", [])[:1])
    for method in ("spf", "dkim", "dmarc"):
        verdict = re.search(rf"\b{method}=(\w+)", results)
        if verdict is None:
            continue
        if verdict[1] == "pass":
            yield good(method.upper(), "The receiving side was content.")
        else:
            advice = "Run manage.py doctor without --received for the records."
            yield bad(method.upper(), f"The receiving side says {verdict[0]}.", advice)


def _tags(value: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in re.sub(r"\s+", "", value).split(";"))
    return {name: text for name, _, text in pairs}
