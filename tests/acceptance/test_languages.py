"""Words 40 % longer, and staff text in any direction: points R05 and R06."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page as Tab

from incidents.lib.durations import in_words
from incidents.lib.languages import speaking
from incidents.lib.names import joined
from incidents.lib.stamps import day
from incidents.publishing.documents.index import index
from incidents.publishing.facts.documents import index_facts
from incidents.publishing.facts.rows import Rows
from tests.acceptance.conftest import Opened, Stage
from tests.acceptance.scenes import addresses, set_up
from tests.build import NOON
from tests.pseudo import write_catalogue
from tests.publishing.making import made

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (360, 768, 1280)
PAGES = ("index", "open incident", "history", "subscribe")
_KEPT = re.compile(r"(<[^>]*>|\{\w+\}|%\(\w+\)[sd]|&\w+;|\s+)")
_ACCENTS = str.maketrans("aeiouncsAEIOUNCS", "áéíóúñçšÁÉÍÓÚÑÇŠ")


def longer(text: str) -> str:
    """Return a pattern with accents and 40 % more letters; what is filled in stays as it is."""
    said = "".join(piece if _KEPT.fullmatch(piece) else piece.translate(_ACCENTS) for piece in _KEPT.split(text))
    letters = len(_KEPT.sub("", text))
    filler = "łóñgér "[: max(1, round(letters * 0.4)) % 7] + "łóñgér " * (round(letters * 0.4) // 7)
    return f"{said} {filler}".rstrip() if letters > 3 else said


@pytest.fixture
def pseudo(settings: Any, tmp_path: Path) -> None:
    """A catalogue of long words in front of the German one."""
    write_catalogue(tmp_path, longer)
    settings.LOCALE_PATHS = [tmp_path]


@pytest.mark.usefixtures("pseudo")
def test_r05_words_40_percent_longer_are_neither_clipped_nor_on_top_of_each_other(
    stage: Stage, opened: Opened, tmp_path: Path
) -> None:
    page, address = stage("three", language="de")
    tab = opened()
    paths = addresses(page)
    faults = []
    for name in PAGES:
        tab.goto(address + paths[name])
        assert "łóñ" in tab.content()
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            tab.screenshot(path=tmp_path / f"{name.replace(' ', '-')}-{width}.png", full_page=True)
            faults += [f"{name} {width}: {one}" for one in crowded(tab)]
    assert faults == []


def crowded(tab: Tab) -> list[str]:
    """Return texts that are cut off, stand on each other, or make the page scroll sideways."""
    found: list[str] = tab.evaluate(_CROWDED)
    return found


_CROWDED = """() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push('scrolls sideways');
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, around = node.parentElement;
    if (!node.data.trim() || !around.checkVisibility({ visibilityProperty: true })) continue;
    if (around.closest('.hidden-text, .skip, option, script, style, .trap')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) if (box.width > 1) texts.push([node.data.trim().slice(0, 40), box]);
    for (let one = around; one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      if (style.overflowX === 'auto' || style.overflowX === 'scroll') break;
      if (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
        found.push('cut off: ' + node.data.trim().slice(0, 40));
    }
  }
  for (let a = 0; a < texts.length; a++)
    for (let b = a + 1; b < texts.length; b++) {
      const [one, first] = texts[a], [two, second] = texts[b];
      const across = Math.min(first.right, second.right) - Math.max(first.left, second.left);
      const down = Math.min(first.bottom, second.bottom) - Math.max(first.top, second.top);
      // Boxes of lines are taller than their letters.
      if (across > 2 && down > Math.min(first.height, second.height) / 2) found.push(one + ' on ' + two);
    }
  return [...new Set(found)];
}"""

_LISTS = {
    "en": ("API, Web and DNS", "Nov 21, 2026"),
    "de": ("API, Web und DNS", "21. Nov. 2026"),
    "ar": ("API وWeb وDNS", "21 نوفمبر 2026"),
    "ja": ("API、Web、DNS", "2026年11月21日"),
}


@pytest.mark.parametrize(("language", "words"), _LISTS.items())
def test_r06_lists_and_days_are_those_of_the_locale(language: str, words: tuple[str, str]) -> None:
    with speaking(language):
        assert joined(["API", "Web", "DNS"]) == words[0]
        assert day(NOON.date()) == words[1]


_HOURS = {
    "en": ("1 hour", "2 hours", "5 hours", "11 hours"),
    "de": ("1 Stunde", "2 Stunden", "5 Stunden", "11 Stunden"),
    "ar": ("ساعة واحدة", "ساعتان", "5 ساعات", "11 ساعة"),
    "ja": ("1時間", "2時間", "5時間", "11時間"),
}


@pytest.mark.parametrize(("language", "words"), _HOURS.items())
def test_r06_numbers_of_things_follow_the_plurals_of_the_locale(language: str, words: tuple[str, ...]) -> None:
    with speaking(language):
        assert tuple(in_words(timedelta(hours=count)) for count in (1, 2, 5, 11)) == words


def test_r06_staff_text_has_a_direction_of_its_own() -> None:
    page = set_up("three", at=NOON, language="ar")
    html = index(index_facts(Rows(page), seen_at=NOON)).decode()
    for written in ("Elevated error rates on the API", "Dashboard does not load in Europe"):
        assert re.search(rf'dir="auto"[^>]*>{written}', html), written
    assert re.search(r'<div class="prose" dir="auto"[^>]*><p>A deployment at', html)
    told = made(page, "history", "1").decode()
    assert re.search(r'dir="auto"[^>]*>Delayed webhooks', told)
