from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from incidents.lib import stamps

PACIFIC = ZoneInfo("America/Los_Angeles")
BERLIN = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")
RESOLVED = datetime(2023, 4, 5, 4, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "text"),
    [
        (RESOLVED, PACIFIC, "Apr 04, 2023 - 21:58 PDT"),
        (RESOLVED, UTC_ZONE, "Apr 05, 2023 - 04:58 UTC"),
        (RESOLVED, ZoneInfo("Etc/UTC"), "Apr 05, 2023 - 04:58 UTC"),
        (datetime(2023, 12, 5, 4, 58, tzinfo=UTC), PACIFIC, "Dec 04, 2023 - 20:58 PST"),
        (RESOLVED, ZoneInfo("America/Sao_Paulo"), "Apr 05, 2023 - 01:58 UTC-03"),
    ],
)
def test_a_stamp_has_two_digit_day_twenty_four_hours_and_zone(moment: datetime, zone: ZoneInfo, text: str) -> None:
    assert stamps.stamp(moment, zone) == text


def test_the_abbreviation_is_that_of_the_moment_and_not_of_today() -> None:
    assert stamps.clock(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), BERLIN) == "02:30 CEST"
    assert stamps.clock(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), BERLIN) == "02:30 CET"


def test_a_time_element_carries_utc_for_machines() -> None:
    assert stamps.element(RESOLVED, "then") == '<time datetime="2023-04-05T04:58:00Z">then</time>'


@pytest.mark.parametrize(
    ("start", "end", "long", "short"),
    [
        (
            datetime(2026, 11, 21, 2, 54, tzinfo=UTC),
            datetime(2026, 11, 21, 4, 21, tzinfo=UTC),
            ("Nov 21, 2026 - 02:54", "04:21 UTC"),
            ("Nov 21, 02:54", "04:21 UTC"),
        ),
        (
            datetime(2026, 11, 20, 23, 54, tzinfo=UTC),
            datetime(2026, 11, 21, 1, 10, tzinfo=UTC),
            ("Nov 20, 2026 - 23:54 UTC", "Nov 21, 2026 - 01:10 UTC"),
            ("Nov 20, 23:54", "Nov 21, 01:10 UTC"),
        ),
    ],
)
def test_a_span_repeats_the_date_only_where_it_differs(
    start: datetime, end: datetime, long: tuple[str, str], short: tuple[str, str]
) -> None:
    for markup, texts in (
        (stamps.long_span(start, end, UTC_ZONE), long),
        (stamps.short_span(start, end, UTC_ZONE), short),
    ):
        for text in texts:
            assert f">{text}</time>" in markup


def test_a_span_over_a_clock_change_names_both_zones() -> None:
    start, end = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)
    markup = stamps.short_span(start, end, BERLIN)
    assert "02:30 CEST" in markup
    assert "03:00 CET" in markup


def test_runs_of_days_name_the_month_once() -> None:
    assert stamps.days(date(2026, 11, 12), date(2026, 11, 18)) == "Nov 12 – 18"
    assert stamps.days(date(2026, 10, 30), date(2026, 11, 2)) == "Oct 30 – Nov 2"
    assert stamps.days(date(2026, 11, 2), date(2026, 11, 2)) == "Nov 2"
