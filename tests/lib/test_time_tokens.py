"""Times inside prose: what staff type, what is kept, what readers get."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.lib.markdown import render_markdown
from incidents.lib.time_tokens import completed, in_words, localised, token_of

BERLIN, PACIFIC = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles")
NIGHT = datetime(2026, 11, 21, 23, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("[time: 03:40]", "[time: 2026-11-22 03:40 Europe/Berlin]"),
        ("[time: 23:40]", "[time: 2026-11-21 23:40 Europe/Berlin]"),
        ("[time:3:40]", "[time: 2026-11-22 03:40 Europe/Berlin]"),
        ("[time: 2026-11-21 03:40]", "[time: 2026-11-21 03:40 Europe/Berlin]"),
        ("[time: 2026-11-21 03:40 UTC]", "[time: 2026-11-21 03:40 UTC]"),
        ("[time: 2026-11-21 03:40 +05:30]", "[time: 2026-11-21 03:40 +05:30]"),
        ("by [time: 03:40 America/Los_Angeles].", "by [time: 2026-11-22 03:40 America/Los_Angeles]."),
    ],
)
def test_a_token_is_completed_to_one_instant(typed: str, kept: str) -> None:
    assert completed(typed, zone=BERLIN, on=NIGHT) == kept
    assert completed(kept, zone=PACIFIC, on=NIGHT) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "[time: 25:00]",
        "[time: 2026-13-40 03:40]",
        "[time: 03:40 PST]",
        "[time: soon]",
        "[time: 9999-12-31 23:59 -23:59]",
    ],
)
def test_what_is_no_time_stays_text(typed: str) -> None:
    assert completed(typed, zone=BERLIN, on=NIGHT) == typed
    assert "<time" not in render_markdown(typed)
    assert in_words(typed, BERLIN) == typed


def test_markdown_makes_a_time_element_of_it() -> None:
    html = render_markdown("Back by **[time: 2026-11-21 03:40 Europe/Berlin]**, see [this](https://example.com).")
    assert '<strong><time datetime="2026-11-21T02:40:00Z">2026-11-21 02:40 UTC</time></strong>' in html
    assert '<a href="https://example.com"' in html


def test_in_code_it_is_left_alone() -> None:
    assert "<time" not in render_markdown("`[time: 2026-11-21 03:40 UTC]`")


def test_readers_get_it_in_their_zone() -> None:
    text = "Back by [time: 2026-07-01 03:40 UTC]."
    assert in_words(text, PACIFIC) == "Back by Jun 30, 20:40 PDT."
    html = localised(render_markdown(text), BERLIN)
    assert html == '<p>Back by <time datetime="2026-07-01T03:40:00Z">Jul 1, 05:40 CEST</time>.</p>'


def test_a_time_element_somebody_typed_is_text() -> None:
    assert "<time" not in render_markdown('<time datetime="2026-07-01T03:40:00Z">now</time>')


FIRST, SECOND = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
"""Half past two in Berlin, twice: an hour later the clocks have gone back."""


def test_both_of_two_equal_times_are_told_apart() -> None:
    for moment, token in ((FIRST, "02:30 Europe/Berlin"), (SECOND, "02:30 +01:00")):
        assert token_of(moment, BERLIN) == f"[time: 2026-10-25 {token}]"
        assert f'datetime="{moment:%Y-%m-%dT%H:%M}:00Z"' in render_markdown(token_of(moment, BERLIN))


def test_a_time_without_a_day_means_the_nearer_of_two_equal_ones() -> None:
    for moment, kept in ((FIRST, "02:30 Europe/Berlin"), (SECOND, "02:30 +01:00")):
        said = completed("[time: 02:30]", zone=BERLIN, on=moment + timedelta(minutes=4))
        assert said == f"[time: 2026-10-25 {kept}]"
        assert completed(said, zone=PACIFIC, on=NIGHT) == said
