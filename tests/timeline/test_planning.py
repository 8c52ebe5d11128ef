"""What speaks against a window: each warning in words (C17), and the hours a page agreed on."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.timeline.agreed_hours import AgreedHours
from incidents.timeline.models import Component, Maintenance, Page
from incidents.timeline.planning import cautions, next_dates
from incidents.timeline.refusals import UnknownChoice
from tests.build import NOON, make_component, make_maintenance, make_page

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def page() -> Page:
    return make_page(time_zone="Europe/Berlin")


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


def against(page: Page, starts_at: datetime, *, hours: float = 2, at: datetime = NOON, **more) -> dict[str, str]:
    ends_at = starts_at + timedelta(hours=hours)
    found = cautions(page, starts_at=starts_at, ends_at=ends_at, at=at, **more)
    return {str(caution.kind): caution.sentence for caution in found}


def test_a_window_with_notice_by_day_and_alone_has_nothing_against_it(page: Page) -> None:
    assert against(page, NOON + timedelta(days=3)) == {}


def test_c17_an_overlap_names_the_other_window_and_what_both_touch(page: Page, api: Component) -> None:
    other = make_maintenance(page, starts_at=NOON + timedelta(days=3), components=[api])
    start = NOON + timedelta(days=3, hours=1)
    assert against(page, start, components=[api]) == {
        "overlap": "It overlaps “Database upgrade” (Nov 24, 13:00 CET to Nov 24, 15:00 CET), which touches API as well."
    }
    assert "on other components" in against(page, start)["overlap"]
    assert against(page, start + timedelta(hours=1)) == {}, "one ends as the other begins"
    assert against(page, start, but=other) == {}, "what is moved does not overlap itself"
    other.cancel(body="No.", by="t", at=NOON)
    assert against(page, start, components=[api]) == {}


def test_c17_a_coming_date_of_a_series_overlaps_as_well(page: Page) -> None:
    make_maintenance(page, starts_at=NOON + timedelta(days=3), recurrence="FREQ=WEEKLY")
    assert "Dec 8, 13:00 CET" in against(page, NOON + timedelta(days=17, hours=1))["overlap"]
    assert against(page, NOON + timedelta(days=16)) == {}


def test_c17_a_change_of_the_clocks_shows_both_offsets_and_how_long_it_really_lasts(page: Page) -> None:
    start = datetime(2027, 3, 28, 1, tzinfo=BERLIN)
    assert against(page, start) == {
        "clocks": "The clocks change meanwhile: it starts in CET (UTC+01:00) and ends in CEST (UTC+02:00); "
        "it lasts 2 hours."
    }
    back = against(page, datetime(2027, 10, 31, 1, tzinfo=BERLIN), hours=3)["clocks"]
    assert "starts in CEST (UTC+02:00) and ends in CET (UTC+01:00); it lasts 3 hours" in back


def test_the_offset_of_a_zone_behind_utc_has_its_sign() -> None:
    page = make_page(time_zone="America/St_Johns")
    start = datetime(2027, 3, 14, 1, tzinfo=page.zone)
    assert "NST (UTC-03:30) and ends in NDT (UTC-02:30)" in against(page, start)["clocks"]


def test_c17_short_notice_says_how_short(page: Page) -> None:
    assert against(page, NOON + timedelta(hours=5)) == {
        "short_notice": "Short notice: it starts in 5 hours, in less than 24 hours."
    }
    assert against(page, NOON + timedelta(hours=24)) == {}
    assert against(page, NOON - timedelta(minutes=20)) == {
        "begun": "The start lies 20 minutes back: it begins as soon as you publish."
    }


def test_a_window_outside_the_agreed_hours_is_said_to_be(page: Page) -> None:
    page.edit(agreed_hours=AgreedHours(time(22), time(6), (5, 6)), by="t", at=NOON)
    saturday = datetime(2026, 11, 28, 23, tzinfo=BERLIN)
    assert against(page, saturday, hours=6) == {}
    for start, hours in ((saturday, 8), (saturday - timedelta(days=1), 2), (saturday + timedelta(hours=8), 1)):
        assert against(page, start, hours=hours) == {
            "hours": "It lies outside the agreed hours (22:00 to 06:00, Saturday, Sunday, Europe/Berlin)."
        }


def test_neighbouring_hours_are_one_and_a_change_of_the_clocks_is_inside_them() -> None:
    whole_days = AgreedHours(time(0), time(0), (5, 6))
    friday_night = datetime(2027, 3, 27, 0, tzinfo=BERLIN)
    assert whole_days.hold(friday_night, datetime(2027, 3, 29, 0, tzinfo=BERLIN), zone=BERLIN)
    assert not whole_days.hold(friday_night, datetime(2027, 3, 29, 0, 1, tzinfo=BERLIN), zone=BERLIN)


def test_the_next_agreed_hours_begin_after_a_moment() -> None:
    agreed = AgreedHours(time(22), time(6), (6,))
    assert agreed.next_start(after=NOON, zone=BERLIN) == datetime(2026, 11, 22, 22, tzinfo=BERLIN)
    after = datetime(2026, 11, 22, 22, tzinfo=BERLIN)
    assert agreed.next_start(after=after, zone=BERLIN) == datetime(2026, 11, 29, 22, tzinfo=BERLIN)


def test_hours_without_a_day_are_refused_and_none_end_them(page: Page) -> None:
    with pytest.raises(UnknownChoice):
        page.edit(agreed_hours=AgreedHours(time(22), time(6), ()), by="t", at=NOON)
    page.edit(agreed_hours=AgreedHours(time(22), time(6)), by="t", at=NOON)
    assert AgreedHours.kept(page.agreed_hours) == AgreedHours(time(22), time(6))
    page.edit(agreed_hours=None, by="t", at=NOON)
    assert AgreedHours.kept(page.agreed_hours) is None


def test_the_next_five_dates_come_with_what_speaks_against_each(page: Page) -> None:
    make_maintenance(page, starts_at=NOON + timedelta(days=10))
    start = NOON + timedelta(days=3)
    dates = next_dates(page, rule="FREQ=WEEKLY", starts_at=start, ends_at=start + timedelta(hours=1))
    assert [date.starts_at for date in dates] == [start + timedelta(weeks=number) for number in range(1, 6)]
    assert [len(date.cautions) for date in dates] == [1, 0, 0, 0, 0]
    assert next_dates(page, rule="", starts_at=start, ends_at=start + timedelta(hours=1)) == []


def test_asking_costs_the_same_however_many_windows_there_were(page: Page, django_assert_num_queries) -> None:
    for number in range(3):
        made: Maintenance = make_maintenance(page, starts_at=NOON + timedelta(days=1 + number))
        made.cancel(body="No.", by="t", at=NOON)
    with django_assert_num_queries(1):
        against(page, NOON + timedelta(days=2))
