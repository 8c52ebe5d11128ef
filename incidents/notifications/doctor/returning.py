"""What comes back: bounces, complaints, and the one-click way to leave."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError

from incidents.lib.clock import now
from incidents.notifications.bounces.mailbox import MailboxUnreachable, look_into
from incidents.notifications.bounces.reading import mailbox_from_settings
from incidents.notifications.doctor.findings import Finding, bad, doubtful, good, not_examined
from incidents.notifications.mail.return_path import return_address
from incidents.notifications.models import ReturnTally, Taken

TOLD_DAYS = 7


def examine_returning() -> Iterator[Finding]:
    """Yield whether bounces find their way back, and what has come."""
    yield _address()
    mailbox = mailbox_from_settings()
    if mailbox is not None:
        try:
            waiting = look_into(mailbox)
            yield good("Bounce mailbox", f"{mailbox.user} on {mailbox.host} can be read; {waiting} messages wait.")
        except MailboxUnreachable as error:
            yield bad("Bounce mailbox", error.sentence, "Mend BOUNCE_MAILBOX_URL.")
    if settings.MAIL_PROVIDER and not settings.PROVIDER_WEBHOOK_SECRET:
        advice = "Set PROVIDER_WEBHOOK_SECRET and enter SITE_URL/bounces/provider at the provider, with that sign-in."
        yield doubtful("Provider's reports", "Bounces and complaints at the provider are not reported to us.", advice)
    yield _one_click()
    yield _returned()


def _address() -> Finding:
    if settings.MAIL_PROVIDER:
        return not_examined("Bounce address", f"{settings.MAIL_PROVIDER} has a return path of its own.")
    if not settings.BOUNCE_ADDRESS:
        advice = "Set BOUNCE_ADDRESS, and BOUNCE_MAILBOX_URL or BOUNCE_SECRET so that bounces are read."
        return doubtful("Bounce address", "Bounces go to MAIL_FROM; dead addresses are written to for ever.", advice)
    if not (settings.BOUNCE_MAILBOX or settings.BOUNCE_SECRET):
        advice = "Set BOUNCE_MAILBOX_URL to the mailbox, or BOUNCE_SECRET and pipe them to /bounces/message."
        return bad("Bounce address", "Bounces come back to BOUNCE_ADDRESS, but nobody reads them.", advice)
    return good("Bounce address", f"Each mail has its own, such as {return_address(0)}.")


def _one_click() -> Finding:
    """Say whether mail programs may offer to leave by one click (RFC 8058: HTTPS, covered by DKIM)."""
    if not settings.SITE_URL.startswith("https://"):
        advice = "Serve the page over TLS and set SITE_URL to its https:// address."
        return bad("One-click leave", "Mail programs follow https:// addresses only, and SITE_URL is none.", advice)
    words = "List-Unsubscribe and List-Unsubscribe-Post are in every mail of news"
    if not settings.DKIM_SELECTORS and not settings.MAIL_PROVIDER:
        advice = (
            "The relay's DKIM signature must cover both; `manage.py doctor --received FILE` checks a mail that came."
        )
        return doubtful("One-click leave", f"{words}.", advice)
    return good("One-click leave", f"{words}; `--received FILE` checks that the signature covers them.")


def _returned() -> Finding:
    try:
        counts = ReturnTally.since(now() - timedelta(days=TOLD_DAYS))
    except DatabaseError:
        return not_examined("Returned mail", "The database does not answer.")
    told = ", ".join(f"{count} {Taken(kind).label.lower()}" for kind, count in sorted(counts.items()))
    words = f"In {TOLD_DAYS} days: {told or 'nothing'}."
    if counts.get(Taken.PARKED):
        return doubtful("Returned mail", words, f"Look at what was set aside in {settings.DATA_DIR / 'returned-mail'}.")
    return good("Returned mail", words)
