"""Numbers, dates, durations and lists as each language writes them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.lib import durations, figures, names, stamps
from incidents.lib.languages import OFFERED, speaking, spoken

MOMENT = datetime(2026, 4, 5, 4, 58, tzinfo=UTC)
PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("language", "long", "short", "whole", "run"),
    [
        ("en", "Apr 04, 2026 - 21:58 PDT", "Apr 4, 21:58 PDT", "Saturday 4 April 2026", "Oct 30 – Nov 2"),
        (
            "de",
            "4. April 2026, 21:58 PDT",
            "4. Apr., 21:58 PDT",
            "Samstag, 4. April 2026",
            "30. Okt.\u2009–\u20092. Nov.",
        ),
        ("ja", "2026年4月4日 21:58 PDT", "4月4日 21:58 PDT", "2026年4月4日土曜日", "10月30日～11月2日"),
        ("ar", "4 أبريل 2026، 21:58 PDT", "4 أبريل، 21:58 PDT", "السبت، 4 أبريل 2026", "30 أكتوبر – 2 نوفمبر"),
        ("zh-Hans", "2026年4月4日 21:58 PDT", "4月4日 21:58 PDT", "2026年4月4日星期六", "10月30日至11月2日"),
    ],
)
def test_dates_have_the_form_of_the_language(language: str, long: str, short: str, whole: str, run: str) -> None:
    with speaking(language):
        assert stamps.stamp(MOMENT, PACIFIC) == long
        assert stamps.short_stamp(MOMENT, PACIFIC) == short
        assert stamps.weekday(date(2026, 4, 4)) == whole
        assert stamps.days(date(2026, 10, 30), date(2026, 11, 2)) == run


@pytest.mark.parametrize("language", OFFERED)
def test_a_year_other_than_the_readers_is_said_in_every_language(language: str) -> None:
    with speaking(language):
        assert "2026" in stamps.short_stamp(MOMENT, PACIFIC, seen_at=MOMENT + timedelta(days=400))
        assert stamps.clock(MOMENT, PACIFIC) == "21:58 PDT"


ARABIC = {
    0: "أقل من دقيقة",
    1: "دقيقة واحدة",
    2: "دقيقتان",
    3: "3 دقائق",
    10: "10 دقائق",
    11: "11 دقيقة",
    59: "59 دقيقة",
}


@pytest.mark.parametrize(("count", "words"), ARABIC.items())
def test_arabic_chooses_among_its_forms(count: int, words: str) -> None:
    with speaking("ar"):
        assert durations.in_words(timedelta(minutes=count)) == words


def test_many_and_hundreds_differ_in_arabic() -> None:
    with speaking("ar"):
        assert durations.in_words(timedelta(days=11)) == "11 يومًا"
        assert durations.in_words(timedelta(days=100)) == "100 يوم"


def test_japanese_has_one_form() -> None:
    with speaking("ja"):
        assert [durations.in_words(timedelta(days=count)) for count in (1, 2, 100)] == ["1日", "2日", "100日"]
        assert durations.in_words(timedelta(hours=1, minutes=27)) == "1時間27分"


@pytest.mark.parametrize(
    ("language", "listed", "share"),
    [
        ("en", "A, B and C", "99.90%"),
        ("de", "A, B und C", "99,90\u00a0%"),
        ("fr", "A, B et C", "99,90\u00a0%"),
        ("es", "A, B y C", "99,90\u00a0%"),
        ("pt-BR", "A, B e C", "99,90%"),
        ("ja", "A、B、C", "99.90%"),
        ("zh-Hans", "A、B和C", "99.90%"),
    ],
)
def test_lists_and_shares_follow_the_locale(language: str, listed: str, share: str) -> None:
    with speaking(language):
        assert names.joined(["A", "B", "C"]) == listed
        assert figures.percent("99.90%") == share


def test_a_language_not_offered_is_english() -> None:
    with speaking("tlh"):
        assert spoken() == "en"
        assert stamps.stamp(MOMENT, PACIFIC) == "Apr 04, 2026 - 21:58 PDT"
