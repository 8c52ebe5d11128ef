from datetime import UTC, datetime, timedelta

import pytest

from incidents.publishing.relative import ago

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=2, seconds=59), "2 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=1, hours=23), "1 day ago"),
        (timedelta(days=30), "30 days ago"),
        (timedelta(days=30, seconds=1), ""),
        (timedelta(days=-2), "in 2 days"),
        (timedelta(seconds=-20), "just now"),
        (timedelta(days=-31), ""),
    ],
)
def test_a_moment_is_told_in_one_unit_and_dropped_after_thirty_days(distance: timedelta, words: str) -> None:
    assert ago(NOW - distance, seen_at=NOW) == words
