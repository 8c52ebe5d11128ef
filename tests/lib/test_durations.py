from datetime import timedelta

import pytest

from incidents.lib.durations import in_words


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=14, seconds=59), "14 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=1, minutes=27), "1 hour 27 minutes"),
        (timedelta(hours=23, minutes=59), "23 hours 59 minutes"),
        (timedelta(days=1, minutes=5), "1 day"),
        (timedelta(days=2, hours=3, minutes=40), "2 days 3 hours"),
        (timedelta(minutes=-5), "less than a minute"),
    ],
)
def test_a_duration_has_two_units_at_most(duration: timedelta, words: str) -> None:
    assert in_words(duration) == words
