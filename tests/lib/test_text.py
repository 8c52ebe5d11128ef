"""Cleaning and Markdown: what people paste cannot break a mail, a feed or the page."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.markdown import render_markdown
from incidents.lib.text import clean_line, clean_text, is_blank


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=200))
def test_cleaned_text_is_valid_in_xml_and_in_utf_8(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode("utf-8")
    assert all(
        character in "\t\n"
        or "\x20" <= character <= "\ud7ff"
        or "\ue000" <= character <= "\ufffd"
        or character > "\uffff"
        for character in cleaned
    )


def test_a_line_stays_one_line() -> None:
    assert clean_line(" a\r\nb\u2028c\td ") == "a b c d"


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u00a0\u2060", "\n\t"])
def test_what_nobody_can_see_is_blank(text: str) -> None:
    assert is_blank(text)


def test_an_emoji_of_next_year_is_not_blank() -> None:
    assert not is_blank("\U0001fadf")


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![](https://evil.example/pixel.gif)",
        "<svg/onload=alert(1)>",
        "<a href='vbscript:x'>x</a>",
        "`<b onmouseover=alert(1)>`",
        "<iframe src=//evil.example></iframe>",
        '[x](<https://a.example/" onclick=alert(1)>)',
    ],
)
def test_no_payload_survives_as_markup(payload: str) -> None:
    html = render_markdown(payload).lower()
    for live in ("<script", "<img", "<svg", "<iframe", "<b ", 'href="javascript', 'href="data', 'href="vbscript'):
        assert live not in html
    assert " onclick=" not in html.replace("%22", "").replace("&quot;", "") or 'onclick="' not in html


@pytest.mark.parametrize("text", ["{{7*7}}", "${7*7}", "<%= 7 %>", "{% include 'x' %}", "%(secret)s"])
def test_template_languages_stay_text(text: str) -> None:
    assert "49" not in render_markdown(text)


@pytest.mark.parametrize("text", ["[" * 10_000, "*a " * 8_000, "> " * 8_000, "a|" * 8_000, "- " * 8_000])
def test_no_text_of_a_legal_length_takes_long(text: str) -> None:
    # Computing time: what else the machine does must not count.
    plain = time.process_time()
    render_markdown("word " * (len(text) // 5))
    plain = time.process_time() - plain
    begun = time.process_time()
    render_markdown(text)
    assert time.process_time() - begun < max(1.0, 200 * plain)
