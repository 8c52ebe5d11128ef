"""Answers over HTTP: of the APIs we send through, and of the endpoints subscribers gave us.

Who answers decides whose fault a status is: 401 of our provider is ours, 401 of a subscriber's
endpoint is the subscriber's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus

from incidents.lib.text import clean_line
from incidents.notifications.channels.account_rules import ACCOUNT_RULES
from incidents.notifications.channels.answers import CONTENT, Answer, failure, failure_of
from incidents.notifications.channels.contract import Fault, SendFailure
from incidents.notifications.channels.hints import retry_after_of
from incidents.notifications.channels.rule import Rule

SHOWN_CHARACTERS = 300
"""Of an answer's body; a page of HTML explains nothing."""

_INNER_ANSWER = re.compile(r"\b([45]\d\d)[ -]+(?:#)?([245]\.\d{1,3}\.\d{1,3}\b[^\"}]*)")
_MONEY = re.compile(r"payment|billing|invoice|credit|\bplan\b|subscription|suspended|\btrial", re.IGNORECASE)
_RATE = re.compile(r"quota|\brates?\b|too many|limit|throttl", re.IGNORECASE)
_DIFFERENT_FROM = re.compile(r"different\W{1,3}from", re.IGNORECASE)
_OURS = re.compile(
    r"[\"'`]from[\"'`.]|\bfrom[.\"'` ]{1,3}(?:address|domain|e-?mail|field|header|parameter|this|that|it)\b|send from"
    r"|sender|verif|identit|authenticat|authori[sz]|your (?:account|domain|key)|not (?:allowed|permitted) to send"
    r"|not (?:yet )?activated|sandbox",
    re.IGNORECASE,
)
"""What is said of the account, or of the address we send from."""

_RECIPIENT = re.compile(
    r"recipient|[\"'`]to[\"'`]|\bto[\"'` ]{1,2}(?:address|number|field|parameter)|\.to\b|(?:invalid|valid in) to\b"
    r"|mailbox|unsubscribed number|not a valid (?:mobile|phone)|inactive|suppress|bounced",
    re.IGNORECASE,
)
"""The field "to", never the word: "add a payment method to send mail" names no recipient."""

_THROTTLES = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
"""By Standard Webhooks: the endpoint is to be asked less often."""

_OF_PROVIDERS = {
    Fault.RECIPIENT_PERMANENT: "The provider cannot reach this address",
    Fault.SENDER: "The provider refuses us as the sender; check its key and MAIL_FROM",
    Fault.QUOTA: "The provider wants us to slow down",
    Fault.CONTENT: "The provider refuses the content of this message",
    Fault.CONNECTION: "The provider has a fault of its own",
}
_OF_ENDPOINTS = {
    Fault.RECIPIENT_PERMANENT: "The endpoint is gone for good",
    Fault.RECIPIENT_TEMPORARY: "The endpoint does not take messages right now",
    Fault.QUOTA: "The endpoint wants us to slow down",
}


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back: status, the beginning of the body, headers, and when (for dates in them)."""

    status: int
    text: str
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Status and body on one line, as shown to staff."""
        try:
            reason = HTTPStatus(self.status).phrase
        except ValueError:
            reason = ""
        body = clean_line(self.text)[:SHOWN_CHARACTERS]
        return " ".join(part for part in (f"HTTP {self.status}", reason, body and f"“{body}”") if part)


def provider_failure(answer: HttpAnswer) -> SendFailure:
    """Return the failure that a refusal of a sending API stands for (mail, SMS, bots of ours).

    Some pass a mail server's answer on in their body ("552 5.7.0 ..."); that is read like the
    server's own. 402 names the one recipient that failed with some, an unpaid bill with others.
    What they say of our account comes first: half of it speaks of recipients.
    """
    if rule := _rule_about_the_account(answer):
        sentence = rule.says or _OF_PROVIDERS[rule.fault]
        return failure(rule.fault, answer.words, sentence=sentence, retry_after=_wait(answer))
    if inner := _INNER_ANSWER.search(answer.text):
        return failure_of(Answer(int(inner[1]), clean_line(inner[2]), CONTENT))
    fault = _fault_of_provider(answer.status, answer.text)
    sentence = _OF_PROVIDERS[fault]
    if fault == Fault.SENDER and _MONEY.search(answer.text):
        sentence = "The provider wants to be paid or has suspended the account; see to it there"
    elif fault == Fault.SENDER and _DIFFERENT_FROM.search(answer.text):
        sentence = "The provider does not let us send as MAIL_FROM; set it to an address of the account"
    return failure(fault, answer.words, sentence=sentence, retry_after=_wait(answer))


def endpoint_failure(answer: HttpAnswer) -> SendFailure:
    """Return the failure that a refusal of a subscriber's endpoint stands for.

    By Standard Webhooks: 410 ends the subscription, 429, 502 and 504 ask for patience, everything
    else that is not 2xx, redirects included, is a failure to be tried again.
    """
    if answer.status == HTTPStatus.GONE:
        fault = Fault.RECIPIENT_PERMANENT
    else:
        fault = Fault.QUOTA if answer.status in _THROTTLES else Fault.RECIPIENT_TEMPORARY
    sentence = _OF_ENDPOINTS[fault]
    if 300 <= answer.status < 400:
        sentence = "The endpoint points elsewhere, and redirects are not followed; enter the new address"
    is_unknown = fault == Fault.RECIPIENT_PERMANENT
    return failure(fault, answer.words, sentence=sentence, retry_after=_wait(answer), is_unknown=is_unknown)


def _rule_about_the_account(answer: HttpAnswer) -> Rule | None:
    if answer.status >= 500:
        return None
    rules = (one for one in ACCOUNT_RULES if one.covers(code=answer.status, enhanced="", step="", text=answer.text))
    return next(rules, None)


def _fault_of_provider(status: int, text: str) -> Fault:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Fault.QUOTA
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Fault.CONTENT
    if status >= 500 or status == HTTPStatus.REQUEST_TIMEOUT:
        return Fault.CONNECTION
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND} or status < 400:
        return Fault.SENDER
    return _fault_by_words(status, text)


def _fault_by_words(status: int, text: str) -> Fault:
    """Return the fault of 400, 402, 422 and their like, which mean whatever their words say."""
    if _MONEY.search(text) or _DIFFERENT_FROM.search(text):
        return Fault.SENDER
    is_theirs = _RECIPIENT.search(text) is not None
    if _RATE.search(text) and not is_theirs:
        return Fault.QUOTA
    # Before the recipient: words about both ("'To' must share the domain of 'From'") are true of every recipient.
    if _OURS.search(text):
        return Fault.SENDER
    if is_theirs:
        return Fault.RECIPIENT_PERMANENT
    return Fault.SENDER if status == HTTPStatus.PAYMENT_REQUIRED or "domain" in text.lower() else Fault.CONTENT


def _wait(answer: HttpAnswer) -> timedelta | None:
    return retry_after_of(answer.headers, answer.text, at=answer.at)
