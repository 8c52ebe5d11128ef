"""Mails as programs show them: points X03 and X04; the other points of X are tried in tests/notifications."""

import re
from email.message import EmailMessage
from html import unescape

import pytest
from playwright.sync_api import Page as Tab

from tests.acceptance.conftest import Opened
from tests.notifications.test_mail_kinds import mails, part
from tests.publishing.test_tokens import contrast

__all__ = ["mails"]


def test_x03_without_styles_every_mail_reads_in_its_order_and_its_glyph_has_a_word(
    mails: dict[str, EmailMessage],
) -> None:
    for kind, mail in mails.items():
        body = part(mail, "html").partition("<body")[2].partition(">")[2]
        bare = re.sub(r'<div style="display:none.*?</div>', "", body, flags=re.DOTALL)
        bare = re.sub(r' (?:style|class|width|height|align|bgcolor)="[^"]*"', "", bare)
        words = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare)))
        title = re.search(r"<h1[^>]*>(.*?)</h1>", bare, re.DOTALL)
        assert title, kind
        order = [
            words.index(unescape(title.group(1)).strip()),
            words.index("You follow everything"),
            words.index("Manage your subscription"),
            words.index("Unsubscribe from all"),
        ]
        assert order == sorted(order), kind
        for alternative in re.findall(r'<img [^>]*alt="([^"]*)"', body):
            assert words.index(alternative) < order[0], f"{kind}: the word stands beside its glyph"


TEXTS = """() => {
  const grounds = one => { for (let at = one; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (colour !== "rgba(0, 0, 0, 0)") return colour; } return "rgb(255, 255, 255)"; };
  return [...document.querySelectorAll("body *")].filter(one =>
    one.checkVisibility() && [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .map(one => {
      const style = getComputedStyle(one);
      return {words: one.textContent.trim().slice(0, 40), ink: style.color, ground: grounds(one),
        isLarge: parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700};
    });
}"""


def hexed(colour: str, *, inverted: bool) -> str:
    parts = [int(part) for part in re.findall(r"\d+", colour)[:3]]
    return "#" + "".join(f"{255 - part if inverted else part:02x}" for part in parts)


def too_faint(tab: Tab, *, inverted: bool = False) -> list[str]:
    """Return texts below 4.5 : 1, or 3 : 1 where they are large and bold, as shown or with every colour turned over."""
    found = []
    for text in tab.evaluate(TEXTS):
        ratio = contrast(hexed(text["ink"], inverted=inverted), hexed(text["ground"], inverted=inverted))
        if ratio < (3 if text["isLarge"] else 4.5):
            found.append(f"{text['words']}: {ratio:.2f}")
    return found


@pytest.mark.django_db(transaction=True)
def test_x04_every_text_is_readable_in_light_in_dark_and_turned_over_by_force(
    mails: dict[str, EmailMessage], opened: Opened
) -> None:
    tab = opened(viewport={"width": 360, "height": 780})
    tab.route("**/*", lambda route: route.abort())
    for kind, mail in mails.items():
        tab.set_content(part(mail, "html"))
        tab.emulate_media(color_scheme="light")
        assert tab.evaluate("document.documentElement.scrollWidth") == 360, kind
        assert too_faint(tab) == [], kind
        assert too_faint(tab, inverted=True) == [], kind
        tab.emulate_media(color_scheme="dark")
        assert too_faint(tab) == [], kind
