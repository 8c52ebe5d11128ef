"""Answers of mail relays (RFC 5321, RFC 3463), to whose fault it is and what to say about it."""

import re
from dataclasses import dataclass

from incidents.notifications.channels.contract import Fault, PermanentFailure, SendFailure, TemporaryFailure

ENVELOPE = "envelope"
RECIPIENT = "recipient"
CONTENT = "content"

_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_SENDER_WORDS = re.compile(r"spf|dkim|dmarc|unauthenticated|authentication|relay|sender|not owned", re.IGNORECASE)
_RATE_WORDS = re.compile(r"rate|quota|too (?:many|fast|much)|throttl|slow down", re.IGNORECASE)

_BY_ENHANCED = {
    Fault.RECIPIENT_PERMANENT: {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"},
    Fault.RECIPIENT_TEMPORARY: {"4.2.1", "4.2.2", "5.2.2", "4.4.1", "4.4.2", "4.4.3", "4.7.1"},
    Fault.SENDER: {"5.1.7", "5.1.8", "5.7.1", "5.7.8", "5.7.26", "5.7.60", "5.7.57"},
    Fault.QUOTA: {"4.7.0", "4.7.28", "4.3.0", "4.3.1", "4.3.2", "4.5.3", "5.4.5", "5.5.3"},
    Fault.CONTENT: {"5.3.4", "5.7.0", "5.6.0", "5.6.1"},
    Fault.UNSUPPORTED: {"5.6.7", "4.6.7"},
}
_SENDER_CODES = {530, 534, 535, 538}

_SENTENCES = {
    Fault.RECIPIENT_PERMANENT: "The mailbox does not exist or takes no mail",
    Fault.RECIPIENT_TEMPORARY: "The mailbox takes no mail right now",
    Fault.SENDER: "The relay refuses us as the sender; check EMAIL_URL and MAIL_FROM",
    Fault.QUOTA: "The relay wants us to slow down",
    Fault.CONTENT: "The relay refuses the content of this message",
    Fault.UNSUPPORTED: "The relay cannot handle this address",
    Fault.CONNECTION: "The relay cannot be reached",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a relay said, and at which step: ENVELOPE (sender), RECIPIENT or CONTENT."""

    code: int
    text: str
    step: str

    @property
    def enhanced(self) -> str:
        """The enhanced status code (RFC 3463), "" where there is none."""
        found = _ENHANCED.search(self.text)
        return found[1] if found else ""


def failure_of(answer: Answer) -> SendFailure:
    """Return the failure a refusing answer stands for; it is not raised here."""
    fault = fault_of(answer)
    return failure(fault, f"{answer.code} {answer.text}")


def failure(fault: Fault, words: str) -> SendFailure:
    """Return the failure for a fault, with the other side's `words` after our sentence."""
    sentence = f"{_SENTENCES[fault]}: {' '.join(words.split())}"
    lasting = fault in {Fault.RECIPIENT_PERMANENT, Fault.CONTENT, Fault.UNSUPPORTED}
    return PermanentFailure(sentence, fault=fault) if lasting else TemporaryFailure(sentence, fault=fault)


def fault_of(answer: Answer) -> Fault:
    """Return whose fault a refusal is, by enhanced code first, then by code, step and words.

    Refusals of us (authentication, policy, From) come as 5xx at RCPT too; taking them for
    bounces would erase a subscriber list.
    """
    if answer.code in _SENDER_CODES:
        return Fault.SENDER
    for fault, codes in _BY_ENHANCED.items():
        if answer.enhanced in codes:
            return fault
    if answer.code < 500:
        return _temporary_fault(answer)
    if answer.step == RECIPIENT and not _SENDER_WORDS.search(answer.text):
        return Fault.RECIPIENT_PERMANENT
    return Fault.CONTENT if answer.step == CONTENT and not _SENDER_WORDS.search(answer.text) else Fault.SENDER


def _temporary_fault(answer: Answer) -> Fault:
    if answer.code == 421 or answer.step == ENVELOPE or _RATE_WORDS.search(answer.text):
        return Fault.QUOTA
    return Fault.RECIPIENT_TEMPORARY
