"""No public page shows a word that a translator could not reach.

A page whose staff write Cyrillic is made with a catalogue in which every letter of ours is a wide one. Whatever
plain Latin letters are left are words nobody may translate, but for a few names.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from incidents.publishing.readings import Readings
from incidents.timeline.models import ActionItem, Page, Postmortem
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.pseudo import write_catalogue
from tests.publishing.making import all_documents

pytestmark = pytest.mark.django_db

_KEPT = re.compile(r"(<[^>]*>|\{\w+\}|%\(\w+\)[sd]|&\w+;)")
_WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_NAMES = re.compile(
    r"\b(?:UTC|Unix|Atom|RSS|CSV|JSON|zone|name|state|phase|count|own|page|Sa|So|Mo|Di|Mi|Do|Fr|und)\b|\bhttp://\S+"
)
"""Names of zone and formats, what scripts put into a pattern, addresses; "und" and days come from locale data."""

_DATES = re.compile(
    r"\b(?:\w+tag|Mittwoch|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    r"(?:Jan|Feb|Apr|Aug|Sept|Okt|Nov|Dez)\.)(?!\w)"
)
_SPOKEN = ("aria-label", "title", "alt", "placeholder", "abbr", "label")
_META = ("description", "og:title", "og:description", "og:site_name", "og:image:alt")


def wide(text: str) -> str:
    return "".join(piece if _KEPT.fullmatch(piece) else piece.translate(_WIDE) for piece in _KEPT.split(text))


@pytest.fixture
def pseudo(settings: Any, tmp_path: Path) -> None:
    """A catalogue in front of the German one."""
    write_catalogue(tmp_path, wide)
    settings.LOCALE_PATHS = [tmp_path]


class _Words(HTMLParser):
    """Collects what people read or hear of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.is_silent = tag in ("style", "script")
        self.found += [given[name] for name in _SPOKEN if name in given]
        if tag == "meta" and given.get("name", given.get("property")) in _META:
            self.found.append(given["content"])
        if given.get("id") in ("live-news", "times-in"):
            self.found += [value for name, value in given.items() if name.startswith("data-")]

    def handle_endtag(self, tag: str) -> None:
        self.is_silent = False

    def handle_data(self, data: str) -> None:
        if not self.is_silent:
            self.found.append(data)


def left_over(html: str) -> Iterator[str]:
    reader = _Words()
    reader.feed(html)
    for text in reader.found:
        if re.search("[A-Za-z]{2,}", _DATES.sub("", _NAMES.sub("", unescape(text)))):
            yield text.strip()


def full_page() -> Page:
    page = make_page(name="Страница")
    page.edit(by="test", at=page.created_at, language="de", publishes_detection=True, postmortem_due_days=5)
    page.edit(by="test", at=page.created_at, publishes_scorecard=True)
    group = make_group(page, name="Ядро")
    parts = [make_component(page, name=name, group=group) for name in ("Почта", "Поиск")]
    parts += [make_component(page, name=name) for name in ("Вход", "Файлы", "Звонки", "Чат", "Архив", "Облако")]
    ended = make_incident(
        page, title="Сбой", body="Ищем.", at=NOON - timedelta(days=3), components=dict.fromkeys(parts, "major_outage"),
        detected_by="customer",
    )  # fmt: skip
    told = ended.post_update(
        body="Нашли.", phase=page.phase("identified"), by="test", at=ended.impact_started_at + minutes(9)
    )
    told.edit(body="Нашли причину.", by="test", at=told.posted_at + timedelta(days=1))
    ended.post_update(body="Чиним.", phase=page.phase("monitoring"), by="test", at=told.posted_at + minutes(9))
    ended.post_update(body="Снова.", phase=page.phase("investigating"), by="test", at=told.posted_at + minutes(19))
    ended.resolve(
        body="Всё.", by="test", at=told.posted_at + minutes(30), components=dict.fromkeys(parts, "operational")
    )
    report = Postmortem.write(incident=ended, draft="# Отчёт\n\n| а | б |\n|---|---|\n| в | г |", by="test", at=NOON)
    report.publish(by="test", at=NOON)
    for text, state, days in (("Раз", "planned", -1), ("Два", "done", 4), ("Три", "in_progress", 3)):
        due = (NOON + timedelta(days=days)).date()
        action = ActionItem.add(postmortem=report, text=text, owner="Аня", due_on=due, by="test", at=NOON)
        if state != "planned":
            action.move_to(state, by="test", at=NOON)
    for number in range(7):
        title, states = f"Беда {number}", {parts[number]: "partial_outage"}
        make_incident(page, title=title, body="Ищем.", at=NOON - minutes(50 - number), components=states)
    make_maintenance(page, title="Работы", body="Меняем.", components=parts[:2])
    running = make_maintenance(
        page, title="Идёт", body="Меняем.", starts_at=NOON - minutes(90), ends_at=NOON - minutes(5),
        at=NOON - timedelta(days=1), components=parts[7:],
    )  # fmt: skip
    running.start(by="test", at=NOON - minutes(90))
    off = make_maintenance(page, title="Отмена", body="Нет.", starts_at=NOON + timedelta(days=2))
    off.cancel(body="Не будет.", by="test", at=NOON)
    return Page.objects.get(pk=page.pk)


@pytest.mark.usefixtures("pseudo")
def test_every_word_of_every_page_can_be_translated() -> None:
    readings = Readings(full_page(), seen_at=NOON + minutes(1))
    untranslated: dict[str, list[str]] = {}
    kinds = set()
    for recipe in all_documents(readings):
        if recipe.family.content_type.startswith(("text/html", "image/svg")):
            kinds.add(recipe.family.name)
            for text in left_over(recipe.make(readings).decode()):
                untranslated.setdefault(text, []).append(recipe.path)
    assert untranslated == {}
    assert {
        "index",
        "incident",
        "history",
        "month_table_newest",
        "promises",
        "uptime",
        "component",
        "scorecard",
        "badge",
    } <= kinds
    assert {"update_edits", "embed_frame", "live_index"} <= kinds


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize(
    "address",
    [
        "/nothing/here",
        "/history/search",
        "/history/search?q=Беда&open=1&postmortem=1&state=partial_outage&kind=incident&since=2026-01-01&until=2026-12-31",
        "/history/search?since=x&until=y&component=zzz",
        "/history/search?since=2026-02-02&until=2026-01-01",
    ],
)
def test_pages_made_for_each_reader_speak_the_language_too(client: Client, address: str) -> None:
    full_page()
    html = client.get(address).content.decode()
    assert '<html lang="de"' in html
    assert [text for text in left_over(html) if "nothing/here" not in text] == []
