"""Answers over HTTP, to whose fault a refusal is: what holds for every product that says nothing more.

An endpoint belongs to its subscriber. Whatever it answers is its own affair and never a reason to
pause a channel; the two products where we have an account (Telegram, SMS) read their own answers.
"""

import json
import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from incidents.lib.http import (
    AddressForbidden,
    Answer,
    CertificateRefused,
    RequestFailed,
    UnusableAddress,
)
from incidents.lib.text import clean_line
from incidents.notifications.channels.contract import Fault, PermanentFailure, SendFailure, TemporaryFailure
from incidents.notifications.channels.http_answers import HttpAnswer, endpoint_failure

UNREACHABLE = "This address is not reachable from the public internet."
"""One sentence for every address the guard refuses, here and at sign-up, so that nobody can map a network."""

WORDS_LIMIT = 200
_ADDRESSES = re.compile(r"https?://\S+")


def judged(answer: Answer, *, at: datetime, gone: Collection[int] = (410,), refused: Collection[int] = ()) -> str:
    """Return the words of an accepting answer (2xx), raise the failure another one stands for.

    `gone` are the statuses by which a product says that the address will never work again,
    `refused` those that say that this text will never be taken.
    """
    if 200 <= answer.status < 300:
        return words_of(answer)
    if answer.status in gone:
        raise gone_for_good(words_of(answer))
    if answer.status in refused:
        # Not CONTENT, which holds the update back for everybody: an endpoint speaks for itself alone.
        raise PermanentFailure(f"The text was refused: {words_of(answer)}", fault=Fault.UNSUPPORTED)
    failure = endpoint_failure(HttpAnswer(answer.status, _shown(answer), at, answer.headers))
    # Also where it asks for patience: the schedule of endpoints holds, and no channel of ours is slowed.
    raise later(failure.sentence, retry_after=failure.retry_after)


def gone_for_good(words: str) -> PermanentFailure:
    """Return the failure of an address that says itself that it is no more."""
    return PermanentFailure(
        f"The address does not exist any more: {words}", fault=Fault.RECIPIENT_PERMANENT, is_unknown=True
    )


def later(sentence: str, **details: Any) -> TemporaryFailure:
    """Return the failure of an address that may take the same message later."""
    return TemporaryFailure(sentence, fault=Fault.RECIPIENT_TEMPORARY, **details)


def unasked(error: RequestFailed) -> SendFailure:
    """Return the failure where no answer was had at all."""
    if isinstance(error, AddressForbidden):
        return later(UNREACHABLE)
    if isinstance(error, UnusableAddress):
        return PermanentFailure(error.sentence, fault=Fault.RECIPIENT_PERMANENT)
    if isinstance(error, CertificateRefused):
        return later(error.sentence)
    return TemporaryFailure(error.sentence, fault=Fault.CONNECTION)


def words_of(answer: Answer) -> str:
    """Return the status and the beginning of the body as staff may read them, without addresses."""
    return f"{answer.status} {_shown(answer)}".strip()


def _shown(answer: Answer) -> str:
    body = clean_line(answer.body[:2_000].decode("utf-8", "replace"))
    return _ADDRESSES.sub("(address)", "".join(sign for sign in body if sign.isprintable()))[:WORDS_LIMIT]


def fields_of(answer: Answer) -> dict[str, Any]:
    """Return the object an answer holds, empty where it is no JSON object."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
