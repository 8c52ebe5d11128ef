"""What a delivery report means for one delivery. Soft where in doubt: nobody is suppressed by guess."""

import re

from incidents.notifications.bounces.reports import Report, ReportedRecipient, folded
from incidents.notifications.channels.answers import RECIPIENT, Answer, failure, failure_of
from incidents.notifications.channels.contract import Fault, SendFailure

FAILED = "failed"
_STATUS = re.compile(r"\b([45])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"(?:^|[;\s])([45]\d\d)(?=[\s-]|$)")


def judged(report: Report, address: str) -> SendFailure | None:
    """Return the failure a report tells of for the mail to `address`; None where nothing has failed (yet)."""
    ours = [one for one in report.recipients if folded(address) in one.addresses]
    told = [one for one in ours or report.recipients if one.action in (FAILED, "")]
    if not told:
        return None if report.recipients else softened("The report names no recipient.")
    found = _failure(told[0])
    is_clear = len(ours) == 1 and told[0].action == FAILED
    if found.fault == Fault.RECIPIENT_PERMANENT and not is_clear:
        return softened(_said(told[0]))
    return found


def judged_words(words: str) -> SendFailure | None:
    """Return the failure that a relay's words in running text stand for, None where they hold no status."""
    status = _specific(words)
    return failure_of(Answer(_code(words, status), words, RECIPIENT)) if status else None


def softened(words: str) -> SendFailure:
    """Return a failure that counts as a passing one, whatever stands behind it."""
    return failure(Fault.RECIPIENT_TEMPORARY, words or "The report gives no reason.")


def _failure(recipient: ReportedRecipient) -> SendFailure:
    words, said = _without_type(recipient.diagnostic), _said(recipient)
    status = _specific(said)
    found = failure_of(Answer(_code(words, recipient.status), said, RECIPIENT))
    if not status and found.fault == Fault.RECIPIENT_PERMANENT:
        return softened(said)
    return found


def _said(recipient: ReportedRecipient) -> str:
    """Return status and diagnostic on one line, the status first where the diagnostic does not hold it."""
    words = _without_type(recipient.diagnostic)
    status = _specific(recipient.status) or ("" if _specific(words) else recipient.status)
    return words if status in words else f"{status} {words}".strip()


def _specific(text: str) -> str:
    """Return the first status code (RFC 3463) that says more than "it failed", "" where there is none."""
    return next((found[0] for found in _STATUS.finditer(text) if found[2] + found[3] != "00"), "")


def _code(words: str, status: str) -> int:
    found = _CODE.search(words)
    if found:
        return int(found[1])
    return 450 if status.startswith("4") else 550


def _without_type(diagnostic: str) -> str:
    """Return a diagnostic without its type ("smtp; 550 ...")."""
    kind, separator, words = diagnostic.partition(";")
    return words.strip() if separator and " " not in kind.strip() else diagnostic
