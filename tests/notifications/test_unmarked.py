"""The text part of a mail says what an update says, without the marks it was typed with."""

import pytest

from incidents.lib.markdown import render_markdown
from incidents.notifications.mail.unmarked import unmarked


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("**5xx** on _login_ and `api`", "5xx on login and api"),
        ("see [status](https://example.com/a)", "see status (https://example.com/a)"),
        ("<https://example.com/b>", "https://example.com/b"),
        ("first\nsecond\n\nthird", "first\nsecond\n\nthird"),
        ("- one **bold**\n- two", "- one bold\n- two"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("- one\n  - inner\n- two", "- one\n  - inner\n- two"),
        ("> quoted\n> again", "> quoted\n> again"),
        ("```\na  b\n  c\n```", "    a  b\n      c"),
        ("# Heading\n\ntext", "Heading\n\ntext"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
        ("5 < 6 & <b>", "5 < 6 & <b>"),
        ("", ""),
    ],
)
def test_marks_become_words(typed: str, read: str) -> None:
    assert unmarked(render_markdown(typed)) == read
