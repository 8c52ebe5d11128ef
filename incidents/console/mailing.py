"""Mails that leave while somebody waits for a screen: an invitation, the link for a new password.

All else that is mailed is a delivery, tried again by itself (room notifications).
"""

import logging
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage

from incidents.lib.text import clean_line

SHOWN_CHARACTERS = 300

log = logging.getLogger(__name__)


def mail_at_once(mail: EmailMessage) -> str:
    """Send a mail now; return "", or why it was not taken, in the words of whoever refused it."""
    try:
        mail.send()
        words = _refused_without_a_word(mail)
    except Exception as error:  # noqa: BLE001 - each provider's package has errors of its own, and is an extra
        words = _words(error)
    if words:
        log.warning("A mail was not taken: %s", words)
    return words


def _refused_without_a_word(mail: EmailMessage) -> str:
    """Return what a provider answered by HTTP 400 and above, and django-anymail did not know for a refusal."""
    status = getattr(mail, "anymail_status", None)
    response = getattr(status, "esp_response", None)
    code = getattr(response, "status_code", 200)
    if code >= 400 or "failed" in (getattr(status, "status", None) or ()):
        return _cut(f"{code} {getattr(response, 'text', '')}")
    return ""


def _words(error: Exception) -> str:
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        code, said = next(iter(error.recipients.values()))
        return _answered(code, said)
    if isinstance(error, SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    # "Connection refused" without "[Errno 111]".
    return _cut(getattr(error, "strerror", "") or str(error) or type(error).__name__)


def _answered(code: int, said: bytes | str) -> str:
    return _cut(f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}")


def _cut(words: str) -> str:
    line = clean_line(words)
    return line if len(line) <= SHOWN_CHARACTERS else f"{line[: SHOWN_CHARACTERS - 1]}…"
