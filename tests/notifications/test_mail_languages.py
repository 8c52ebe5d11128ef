"""Every kind of mail speaks the reader's language, to the last word of ours."""

import email
import re
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from incidents.lib.languages import OFFERED
from incidents.notifications.models import Delivery
from incidents.notifications.writing import Writer
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import ActionItem, Maintenance, Page, Postmortem
from tests.build import NOON, ask, make_component, make_incident, make_maintenance, make_page, minutes
from tests.notifications.test_mail import body, follow, mails
from tests.pseudo import write_catalogue
from tests.publishing.test_pseudo_language import wide

pytestmark = pytest.mark.django_db

_OURS_TO_KEEP = re.compile(r"https?://\S+|\S+@\S+|\b(?:UTC|und|zone)\b|\d+\. (?:Nov|November)\b\.?")


def tell_everything(page: Page) -> None:
    """Make news of every kind, in words of staff that are Cyrillic."""
    parts = [make_component(page, name=name) for name in ("Почта", "Поиск", "Вход", "Чат")]
    incident = make_incident(
        page, title="Сбой", body="Ищем.", components=dict.fromkeys(parts, "major_outage"),
        next_update_due_at=NOON + minutes(30),
    )  # fmt: skip
    update = incident.post_update(
        body="Нашли.", phase=page.phase("identified"), components={parts[0]: "partial_outage"}, by="test",
        at=NOON + minutes(9),
    )  # fmt: skip
    update.edit(body="Нашли, да.", notify=True, by="test", at=NOON + minutes(10))
    incident.resolve(body="Всё.", by="test", at=NOON + minutes(30), components=dict.fromkeys(parts, "operational"))
    report = Postmortem.write(incident=incident, draft="Скрипт.", by="test", at=NOON + minutes(40))
    ActionItem.add(postmortem=report, text="Сторож.", by="test", at=NOON + minutes(40))
    report.publish(by="test", at=NOON + minutes(50))
    planned = Maintenance.objects.get(pk=make_maintenance(page, title="Работы", body="Меняем.", components=parts).pk)
    starts_at = NOON + timedelta(days=2)
    planned.move(starts_at=starts_at, ends_at=starts_at + minutes(90), body="Позже.", by="test", at=NOON + minutes(1))
    planned.remind(minutes=60, by="test", at=starts_at - minutes(60))
    planned.start(by="test", at=starts_at)
    planned.post_update(body="Идёт.", phase=page.phase("verifying", maintenance=True), by="test", at=starts_at)
    planned.finish(by="test", at=starts_at + minutes(80))
    off = make_maintenance(page, title="Отмена", body="Нет.", notify=False)
    off.cancel(body="Не будет.", by="test", at=NOON + minutes(2))


def links(page: Page) -> list[EmailMessage]:
    """Return the mails with a link of ours: to confirm, and to what is subscribed already."""
    for address in ("new@example.com", "reader@example.com"):
        ask(page, email=address, at=NOON)
    rows = list(Delivery.objects.on(page).filter(event=None).order_by("pk"))
    return [email.message_from_bytes(Writer(rows, at=NOON).write(row).content, policy=policy.default) for row in rows]


def reader_of(language: str) -> Page:
    page = make_page(name="Страница")
    page.edit(by="test", at=page.created_at, language=language, postmortem_due_days=5)
    follow(page, email="reader@example.com")
    return page


def left_over(text: str) -> list[str]:
    """Return the lines in which plain Latin letters are left."""
    plain = unescape(re.sub(r"<style.*?</style>|<[^>]*>", "\n", text, flags=re.DOTALL))
    lines = (_OURS_TO_KEEP.sub("", line).strip() for line in plain.splitlines())
    return [line for line in lines if re.search("[A-Za-z]{2,}", line)]


@pytest.fixture
def pseudo(settings: Any, tmp_path: Path) -> None:
    """A catalogue of wide letters in front of the German one."""
    write_catalogue(tmp_path, wide)
    settings.LOCALE_PATHS = [tmp_path]


@pytest.mark.usefixtures("pseudo")
def test_every_word_of_every_mail_can_be_translated() -> None:
    page = reader_of("de")
    tell_everything(page)
    told = [*mails(page), *links(page)]
    assert len(told) >= 14
    for mail in told:
        for text in (mail["Subject"], body(mail), body(mail, "html")):
            assert left_over(text) == [], mail["Subject"]


@pytest.mark.parametrize("language", OFFERED)
def test_every_kind_of_mail_is_made_in_every_language(language: str) -> None:
    page = reader_of(language)
    tell_everything(page)
    for mail in [*mails(page), *links(page)]:
        html = body(mail, "html")
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
        assert mail["Content-Language"] == language
        assert "%(" not in mail["Subject"] + body(mail) + html
        assert len(mail["Subject"]) <= 78
        assert len(bytes(mail)) < 25 * 1024


def test_a_subject_in_a_language_without_spaces_is_whole() -> None:
    page = reader_of("en")
    Subscriber.objects.update(language="ja")
    make_incident(page, title="Сбой", body="Ищем.")
    (mail,) = mails(page)
    assert mail["Subject"] == "調査中：Сбой"
