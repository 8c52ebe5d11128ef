"""Mail through a provider's HTTP interface, by django-anymail: EMAIL_URL=anymail+postmark://TOKEN@ and its like.

Loaded by name only where such an address is set: anymail is an extra (requirements/providers.txt).
The provider builds the message itself, so that the prepared bytes are taken apart again; it is
told the signed name of the delivery and hands it back with whatever it reports later. It keeps
its own return path: to Mailgun ours would even name another sending domain.
"""

import logging
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any, Self

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from requests import RequestException, Response

from incidents.lib.clock import now
from incidents.lib.text import clean_line
from incidents.notifications.channels.answers import failure
from incidents.notifications.channels.contract import ChannelDown, Fault, Message, SendFailure
from incidents.notifications.channels.http_answers import HttpAnswer, provider_failure
from incidents.notifications.mail.return_path import delivery_mark

MARK = "delivery"
"""The name under which a provider keeps our mark of a delivery."""

_KEEP_TAGS_ONLY = {"mailersend"}
"""Give metadata no place, but hand tags back (https://anymail.dev/en/stable/esps/mailersend/); others show tags."""

_MADE_BY_THE_PROVIDER = {
    *("from", "to", "subject", "reply-to", "date"),
    *("mime-version", "content-type", "content-transfer-encoding"),
}
_SHOWN_CHARACTERS = 300
_NO_KEY_FOR_AMAZON = re.compile(r"Unable to locate credentials|Partial credentials found")
_AMAZON_NOT_REACHED = re.compile(r"endpoint URL")
"""Errors of botocore that have no answer in them (botocore.exceptions), known by their words: it may not be there."""
_NOT_OPENED = "The provider's interface cannot be opened; check EMAIL_URL"
_UNREADABLE = "The provider's answer cannot be read; see whether the package django-anymail is up to date"

log = logging.getLogger(__name__)


class AnymailChannel:
    """An open session with the provider that EMAIL_URL names."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None

    def __enter__(self) -> Self:
        """Return the channel; the session opens with the first message."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Close the session."""
        if self._backend is not None:
            self._backend.close()
            self._backend = None

    def send(self, message: Message) -> str:
        """Hand one message over and return the provider's words.

        Raises PermanentFailure or TemporaryFailure, ChannelDown where the provider cannot be
        reached at all.
        """
        mail = _mail(message)
        try:
            self._opened().send_messages([mail])
        except AnymailRecipientsRefused as refusal:
            raise _refused(mail, refusal) from refusal
        except AnymailAPIError as error:
            raise _failure(error) from error
        except AnymailError as error:
            raise failure(Fault.CONTENT, _shown(error)) from error
        except SendFailure:
            raise
        except Exception as error:
            # Perhaps it was taken: counted as a refusal of us, so that twenty of these end it and not a day of copies.
            log.exception("an answer of %s could not be read", settings.MAIL_PROVIDER)
            raise failure(Fault.SENDER, _shown(repr(error)), sentence=_UNREADABLE) from error
        status = mail.anymail_status  # type: ignore[attr-defined]
        kinds = set(status.status or ())
        if getattr(status.esp_response, "status_code", 200) >= 400:
            # Anymail raises only for what it recognises; Postmark's refusals in other words pass as "unknown".
            raise _of_answer(status.esp_response)
        if "failed" in kinds:
            raise failure(Fault.CONNECTION, _shown(status.esp_response))
        said = ", ".join(sorted(map(str, kinds))) or "taken"
        return _shown(f"{settings.MAIL_PROVIDER}: {said} {status.message_id or ''}")

    def _opened(self) -> BaseEmailBackend:
        """Return the session. Raises ChannelDown where the provider's package cannot work with what it is given."""
        if self._backend is None:
            try:
                backend: BaseEmailBackend = get_connection(settings.MAIL_PROVIDER_BACKEND)
                backend.open()
            except Exception as error:
                # No key, no region, not installed: each package has an error of its own for it.
                found = failure(Fault.SENDER, _shown(error), sentence=_NOT_OPENED)
                raise ChannelDown(found.sentence, fault=Fault.SENDER) from error
            self._backend = backend
        return self._backend


def _mail(message: Message) -> EmailMultiAlternatives:
    """Return a prepared message as the parts that providers ask for."""
    parsed = message_from_bytes(message.content, policy=modern)
    mail = EmailMultiAlternatives(
        subject=str(parsed["Subject"]),
        body=_part(parsed, "plain"),
        from_email=str(parsed["From"]),
        to=[message.recipient],
        reply_to=[str(parsed["Reply-To"])] if parsed["Reply-To"] else None,
        headers={name: str(value) for name, value in parsed.items() if name.lower() not in _MADE_BY_THE_PROVIDER},
    )
    mail.attach_alternative(_part(parsed, "html"), "text/html")
    for attachment in parsed.iter_attachments():
        mail.attach(attachment.get_filename() or "file", attachment.get_content(), attachment.get_content_type())
    mark = delivery_mark(int(message.reference)) if message.reference.isdigit() else ""
    further: dict[str, Any] = {
        "metadata": {MARK: mark} if mark else {},
        "tags": [mark] if mark and settings.MAIL_PROVIDER in _KEEP_TAGS_ONLY else [],
        "track_opens": False,
        "track_clicks": False,
    }
    for name, value in further.items():
        setattr(mail, name, value)
    return mail


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if isinstance(part, EmailMessage) else ""


def _refused(mail: EmailMultiAlternatives, refusal: AnymailRecipientsRefused) -> SendFailure:
    """Return the failure for an address the provider will not send to: badly formed, or given up by it."""
    status = mail.anymail_status  # type: ignore[attr-defined]
    response = status.esp_response
    words = _shown(getattr(response, "text", "") or refusal)
    kinds = ", ".join(sorted(map(str, status.status or [])))
    sentence = "The provider does not send to this address (any more)"
    return failure(Fault.RECIPIENT_PERMANENT, f"{kinds} {words}".strip(), sentence=sentence)


def _failure(error: AnymailAPIError) -> SendFailure:
    response = error.response
    if isinstance(response, dict):
        return _of_amazon(response)
    if response is None or error.status_code is None:
        words = _shown(error.__cause__ or error)
        if _NO_KEY_FOR_AMAZON.search(words):
            return ChannelDown(failure(Fault.SENDER, words, sentence=_NOT_OPENED).sentence, fault=Fault.SENDER)
        found = failure(Fault.CONNECTION, words, sentence="The provider cannot be reached")
        down = isinstance(error, RequestException) or _AMAZON_NOT_REACHED.search(words)
        return ChannelDown(found.sentence, fault=Fault.CONNECTION) if down else found
    return _of_answer(response)


def _of_amazon(response: dict[str, Any]) -> SendFailure:
    """Return the failure that a refusal of Amazon SES stands for: boto3 hands it over taken apart."""
    said, about = response.get("Error", {}), response.get("ResponseMetadata", {})
    words = f"{said.get('Code', '')}: {said.get('Message', '')}"
    return provider_failure(
        HttpAnswer(int(about.get("HTTPStatusCode", 400)), words, now(), about.get("HTTPHeaders", {}))
    )


def _of_answer(response: Response) -> SendFailure:
    headers = {str(name): str(value) for name, value in response.headers.items()}
    return provider_failure(HttpAnswer(response.status_code, response.text, now(), headers))


def _shown(words: object) -> str:
    """Return the provider's words on one line, short, and without what a database does not keep."""
    return clean_line(str(words))[:_SHOWN_CHARACTERS]
