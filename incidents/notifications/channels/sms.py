"""SMS through Twilio or whatever speaks its API: a form, Basic authentication, a status in words.

Sources: twilio.com/docs/messaging/api/message-resource (parameters, statuses), docs/api/errors (codes),
docs/glossary/what-is-gsm-7-character-encoding, 3GPP TS 23.038 (the alphabet) and 23.040 (parts of 153 and
67). A text outside GSM-7 costs more than twice the parts, so typographic signs become plain ones.
"""

from base64 import b64encode
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings

from incidents.lib.http import Answer
from incidents.notifications.channels.contract import Fault, PermanentFailure, TemporaryFailure
from incidents.notifications.channels.hints import retry_after_of
from incidents.notifications.channels.hook import Parcel, Request
from incidents.notifications.channels.judging import fields_of, gone_for_good, judged, words_of
from incidents.notifications.notes import Note, cut, utf16

PARTS = 3
"""Parts a message may take: each is paid for."""

GSM_PART, UCS2_PART = (160, 153), (70, 67)
"""Characters of a message of one part, and of each part of a longer one."""

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = set("^{}\\[~]|€\f")
_PLAIN = str.maketrans({"–": "-", "—": "-", "→": "->", "…": "...", "·": "-", "•": "-", "\u00a0": " "}) | str.maketrans(
    "“”„‘’‚", "\"\"\"'''"
)

_GONE_CODES = {21211, 21214, 21217, 21610, 21614, 30003, 30005, 30006}
_OUR_CODES = {20003, 20005, 20008, 21212, 21603, 21606, 21659, 21660, 21701, 21703}
_UNSUPPORTED_CODES = {21408, 21612, 60410}
_QUOTA_CODES = {20429, 21611, 30001, 30022}
_CONTENT_CODES = {14103, 21602, 21605, 21617, 21619, 30007, 30019}


class Sms:
    """An account at Twilio or a compatible gateway."""

    name = "SMS"

    def compose(self, parcel: Parcel) -> Request:
        """Return the form: number, sender, and a text of at most three parts."""
        sender = settings.SMS_FROM
        whom = "MessagingServiceSid" if sender.startswith("MG") else "From"
        form = {"To": parcel.address, whom: sender, "Body": text_of(parcel.note)}
        account, token = settings.SMS_ACCOUNT, settings.SMS_TOKEN
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": f"Basic {b64encode(f'{account}:{token}'.encode()).decode()}",
        }
        url = f"{settings.SMS_API_URL}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json"
        return Request(url, urlencode(form).encode(), headers)

    def read(self, answer: Answer, *, at: datetime) -> str:
        """Take 2xx with any status but "failed" for a yes; a code says whose fault a refusal is."""
        said = fields_of(answer)
        code, status = said.get("error_code") or said.get("code"), str(said.get("status", ""))
        if 200 <= answer.status < 300 and status not in {"failed", "undelivered"}:
            return f"{answer.status} {status} {said.get('sid', '')}".strip()[:100]
        _refuse_by_code(code if isinstance(code, int) else 0, answer, at)
        if answer.status in {401, 403}:
            raise TemporaryFailure(f"{_OURS}: {words_of(answer)}", fault=Fault.SENDER)
        if answer.status == 429:
            hint = retry_after_of(answer.headers, "", at=at)
            raise TemporaryFailure(f"{_SLOWER}: {words_of(answer)}", fault=Fault.QUOTA, retry_after=hint)
        if 200 <= answer.status < 300:
            raise TemporaryFailure(f"The gateway failed: {words_of(answer)}", fault=Fault.RECIPIENT_TEMPORARY)
        return judged(answer, at=at, gone=(), refused=(413,))


_OURS = "The gateway refuses us as the sender; check SMS_ACCOUNT, SMS_TOKEN and SMS_FROM"
_SLOWER = "The gateway wants us to slow down"


def _refuse_by_code(code: int, answer: Answer, at: datetime) -> None:
    """Raise what a code of Twilio stands for; return for one that says nothing of its own."""
    words = words_of(answer)
    if code in _GONE_CODES:
        raise gone_for_good(words)
    if code in _OUR_CODES:
        raise TemporaryFailure(f"{_OURS}: {words}", fault=Fault.SENDER)
    if code in _UNSUPPORTED_CODES:
        raise PermanentFailure(f"The gateway cannot reach this number: {words}", fault=Fault.UNSUPPORTED)
    if code in _QUOTA_CODES:
        hint = retry_after_of(answer.headers, "", at=at)
        raise TemporaryFailure(f"{_SLOWER}: {words}", fault=Fault.QUOTA, retry_after=hint)
    if code in _CONTENT_CODES:
        raise PermanentFailure(f"The gateway refuses the text: {words}", fault=Fault.CONTENT)


def text_of(note: Note) -> str:
    """Return page, state, title, as much of the text as fits, and the link, which is always whole."""
    start = f"{note.page_name}: {note.headline} - {note.title}".translate(_PLAIN)
    body = " ".join(note.text.split()).translate(_PLAIN)
    end = f" {note.url}"
    words = f"{start}. {body}" if body else start
    if parts_of(words + end) <= PARTS:
        return words + end
    # "…" is outside the alphabet, three dots are not.
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        fits = parts_of(f"{words[:middle]}...{end}") <= PARTS
        low, high = (middle, high) if fits else (low, middle - 1)
    return f"{cut(words, low).removesuffix(' …').rstrip()}...{end}"


def parts_of(text: str) -> int:
    """Return how many parts a text is sent in: GSM-7 where all its letters are in that alphabet, else UCS-2."""
    if set(text) <= _GSM | _GSM_TWICE:
        length, (alone, joined) = sum(2 if sign in _GSM_TWICE else 1 for sign in text), GSM_PART
    else:
        length, (alone, joined) = utf16(text), UCS2_PART
    return 1 if length <= alone else -(-length // joined)
