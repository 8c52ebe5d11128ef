"""Sanitised HTML goes back to Markdown that reads the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.markdown import render_markdown
from incidents.lib.markdown_writing import escaped, link, markdown_of

SAME = [
    "Plain words.",
    "Two paragraphs.\n\nThe second one.",
    "A **bold** word, an _inclined_ one and a ~~wrong~~ one.",
    "[Our page](https://example.com/a?b=c)",
    "- one\n- two\n    - inside",
    "3. three\n4. four",
    "> said by somebody\n>\n> else",
    "```\nrm -rf *\n```",
    "Use `a | b` here.",
    "| Part | State |\n| --- | --- |\n| API | down |",
    "one\\\ntwo",
    "---",
]


@pytest.mark.parametrize("text", SAME)
def test_what_was_written_is_rendered_to_the_same_again(text: str) -> None:
    html = render_markdown(text)
    assert render_markdown(markdown_of(html)) == html


def test_headings_become_bold_lines() -> None:
    assert markdown_of("<h3>Cause</h3><p>A cable.</p>") == "**Cause**\n\nA cable."


def test_a_time_inside_words_stays_its_words() -> None:
    assert markdown_of('<p>At <time datetime="2026-11-21T12:00:00Z">12:00 UTC</time>.</p>') == "At 12:00 UTC."


@pytest.mark.parametrize(
    "words",
    ["# no heading", "1. no list", "- no list", "*no* _markup_", "<script>", "[no](link)", "a | b", "+ x", "`x`"],
)
def test_words_that_look_like_markup_stay_words(words: str) -> None:
    html = render_markdown(escaped(words))
    assert html == f"<p>{words.replace('<', '&lt;').replace('>', '&gt;')}</p>"


def test_a_link_keeps_its_words_and_its_address() -> None:
    assert link("API [eu]", "https://example.com/c/1") == "[API \\[eu\\]](https://example.com/c/1)"
    assert link("x", "https://example.com/a(b)") == "[x](<https://example.com/a(b)>)"


@given(st.text(max_size=200))
def test_any_text_can_be_written(text: str) -> None:
    once = markdown_of(render_markdown(text))
    assert isinstance(once, str)
    assert "<script" not in once
