"""How long another side asks to be left alone."""

from datetime import timedelta

import pytest

from incidents.notifications.channels.hints import LONGEST_HINT, hint_in_header, hint_in_words, retry_after_of
from tests.build import NOON

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("try again in 30 seconds", 30 * SECOND),
        ("4.7.1 Greylisted for 300 seconds", 300 * SECOND),
        ("Greylisted, please try again in 00:04:59", 299 * SECOND),
        ("Please retry after 5 minutes", 5 * MINUTE),
        ("Rate limited. Retry in 1 hour.", HOUR),
        ("wait 90s", 90 * SECOND),
        ("come back in 10 min", 10 * MINUTE),
        ('{"message": "You are being rate limited.", "retry_after": 1.5, "global": false}', 2 * SECOND),
        ("Retry-After: 120", 120 * SECOND),
        ("Too Many Requests: retry after 35", 35 * SECOND),
        ("try again in 900 hours", LONGEST_HINT),
        ("try again later", None),
        ("timed out after 30 seconds", None),
        ("the limit is 500 mails in 24 hours", None),
        ("", None),
    ],
)
def test_a_wait_is_found_in_words(text: str, wait: timedelta | None) -> None:
    assert hint_in_words(text) == wait


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", 120 * SECOND),
        ("0", 0 * SECOND),
        (" 2.4 ", 3 * SECOND),
        ("Sat, 21 Nov 2026 12:02:00 GMT", 120 * SECOND),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0 * SECOND),
        ("Sat, 21 Nov 2099 11:00:00 GMT", LONGEST_HINT),
        ("999999999", LONGEST_HINT),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_wait_is_read_from_a_header(value: str, wait: timedelta | None) -> None:
    assert hint_in_header(value, at=NOON) == wait


def test_the_header_goes_before_the_words() -> None:
    assert retry_after_of({"Retry-After": "7"}, "try again in 30 seconds", at=NOON) == 7 * SECOND
    assert retry_after_of({"retry-after": "nonsense"}, "try again in 30 seconds", at=NOON) == 30 * SECOND
    assert retry_after_of({}, "no", at=NOON) is None
