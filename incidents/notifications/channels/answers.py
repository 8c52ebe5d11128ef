"""Answers of mail relays (RFC 5321, RFC 3463), to whose fault it is, what to say about it and what to change."""

import re
from dataclasses import dataclass
from datetime import timedelta

from incidents.lib.text import storable
from incidents.notifications.channels.contract import Fault, PermanentFailure, SendFailure, TemporaryFailure
from incidents.notifications.channels.hints import hint_in_words
from incidents.notifications.channels.rule import CONTENT, ENVELOPE, RECIPIENT, Rule
from incidents.notifications.channels.smtp_rules import RULES

__all__ = ["CONTENT", "ENVELOPE", "RECIPIENT", "Answer", "failure", "failure_of"]

_ENHANCED = re.compile(r"(?:^|[\s#(-])([245]\.\d{1,3}\.\d{1,3})\b")
_REPEATED_CODE = re.compile(r"(?m)^\s*[2-5]\d\d[ -]")

LASTING = {Fault.RECIPIENT_PERMANENT, Fault.CONTENT, Fault.UNSUPPORTED}
"""Trying the same bytes again is of no use; where the fault is not the recipient's, staff may try again later."""

SENTENCES = {
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
    """All lines; whether each still has its code ("550-5.1.1 ...") does not matter."""
    step: str

    @property
    def enhanced(self) -> str:
        """The enhanced status code (RFC 3463), "" where there is none."""
        found = _ENHANCED.search(self.words)
        return found[1] if found else ""

    @property
    def words(self) -> str:
        """The text on one line, with neither the code nor the enhanced code repeated on each."""
        text = _REPEATED_CODE.sub("", self.text)
        found = _ENHANCED.search(text)
        if found:
            again = re.compile(rf"(?<=\n){re.escape(found[1])} ?")
            text = again.sub("", text)
        return " ".join(text.split())


def failure_of(answer: Answer) -> SendFailure:
    """Return the failure a refusing answer stands for; it is not raised here."""
    rule = rule_of(answer)
    words = answer.words
    return failure(
        rule.fault,
        f"{answer.code} {words}",
        sentence=rule.says,
        retry_after=hint_in_words(words),
        is_unknown=rule.is_unknown,
    )


def failure(
    fault: Fault,
    words: str,
    *,
    sentence: str = "",
    retry_after: timedelta | None = None,
    is_unknown: bool = False,
) -> SendFailure:
    """Return the failure for a fault, with the other side's `words` after our sentence, fit to be kept."""
    kind = PermanentFailure if fault in LASTING else TemporaryFailure
    said = f"{sentence or SENTENCES[fault]}: {' '.join(storable(words).split())}"
    return kind(said, fault=fault, retry_after=retry_after, is_unknown=is_unknown)


def rule_of(answer: Answer) -> Rule:
    """Return the first rule that covers an answer; the last one covers everything."""
    words, enhanced = answer.words, answer.enhanced
    return next(
        rule for rule in RULES if rule.covers(code=answer.code, enhanced=enhanced, step=answer.step, text=words)
    )
