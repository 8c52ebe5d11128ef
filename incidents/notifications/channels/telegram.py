"""Telegram: messages of the installation's own bot (TELEGRAM_BOT_TOKEN) to a chat or channel.

Texts are escaped for parse_mode HTML, and an invisible space follows each "@", which Telegram would
take for a mention. Source: core.telegram.org/bots/api "sendMessage" (4,096 UTF-16 units once tags are
read), "HTML style" (only &, < and > need escapes), "ResponseParameters" (`retry_after`, seconds).
"""

from datetime import datetime, timedelta
from html import escape

from django.conf import settings

from incidents.lib.http import Answer
from incidents.notifications.channels.contract import Fault, PermanentFailure, TemporaryFailure
from incidents.notifications.channels.hook import Parcel, Request, as_json
from incidents.notifications.channels.judging import fields_of, gone_for_good, judged, words_of
from incidents.notifications.notes import Note, cut, utf16, without_mentions

TEXT_UNITS = 2_500
"""Of 4,096: title, facts and links take the rest."""

_GONE = ("chat not found", "bot was kicked", "bot was blocked", "user is deactivated", "upgraded to a supergroup")
_FORBIDDEN = ("not enough rights", "need administrator rights", "bot is not a member", "have no rights")


class Telegram:
    """The bot of this installation."""

    name = "Telegram"

    def compose(self, parcel: Parcel) -> Request:
        """Return the message: bold title, state, text, facts, links, without previews."""
        document = {
            "chat_id": parcel.address,
            "text": _text(parcel.note),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        url = f"{settings.TELEGRAM_API_URL}/bot{settings.TELEGRAM_BOT_TOKEN}/sendMessage"
        return Request(url, as_json(document))

    def read(self, answer: Answer, *, at: datetime) -> str:
        """Take `ok` for a yes. A wrong token is our fault; a chat that has thrown the bot out is gone."""
        said = fields_of(answer)
        if answer.status == 200 and said.get("ok") is True:
            return "200 ok"
        words, description = words_of(answer), str(said.get("description", "")).lower()
        if answer.status in {401, 404}:
            raise TemporaryFailure(f"Telegram refuses our bot; check TELEGRAM_BOT_TOKEN: {words}", fault=Fault.SENDER)
        if answer.status in {400, 403} and any(part in description for part in (*_GONE, *_FORBIDDEN)):
            raise gone_for_good(words)
        if answer.status == 429:
            hint = _retry_after(said)
            raise TemporaryFailure(f"Telegram wants us to slow down: {words}", fault=Fault.QUOTA, retry_after=hint)
        if answer.status == 200:
            raise PermanentFailure(f"Telegram did not take the message: {words}", fault=Fault.CONTENT)
        return judged(answer, at=at, gone=(403,), refused=(400, 413))


def _retry_after(said: dict[str, object]) -> timedelta | None:
    parameters = said.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return timedelta(seconds=min(seconds, 3_600)) if isinstance(seconds, int) and seconds >= 0 else None


def _text(note: Note) -> str:
    facts = "\n".join(f"<b>{_safe(label, 60)}:</b> {_safe(value, 150)}" for label, value in note.facts)
    links = [_link(note.url, note.button)]
    if note.manage_url:
        links.append(_link(note.manage_url, note.manage_button))
    parts = [
        f"<b>{_safe(note.title, 255)}</b>\n{_safe(f'{note.page_name} · {note.headline}', 250)}",
        _safe(note.text, TEXT_UNITS),
        facts,
        " · ".join(links),
    ]
    return "\n\n".join(part for part in parts if part)


def _safe(text: str, units: int) -> str:
    return escape(without_mentions(cut(text, units, size=lambda words: utf16(without_mentions(words)))), quote=False)


def _link(url: str, words: str) -> str:
    return f'<a href="{escape(url)}">{escape(words)}</a>'
