"""Staff are mailed of what does not hold together after 3, 6, 12 and 24 hours, each once, whoever restarts what."""

from datetime import datetime, timedelta

import pytest

from incidents.notifications.models import Alarm, Delivery
from incidents.notifications.truth_alarms import AT_ONCE, tell_of_doubts
from incidents.timeline.models import Component, Freeze, FreezeKind, Page
from tests.build import NOON, make_component, make_page, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def page() -> Page:
    make_staff()
    return make_page()


@pytest.fixture
def api(page: Page) -> Component:
    component = make_component(page)
    component.set_status("major_outage", by="test", at=NOON)
    return component


def after(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def mails() -> int:
    return Delivery.objects.filter(kind="alarm").count()


def test_staff_are_told_at_each_step_once(api: Component) -> None:
    told = []
    for minute in range(0, 50 * 60, 5):
        tell_of_doubts(at=NOON + timedelta(minutes=minute))
        if mails() > len(told):
            told.append(minute / 60)
    assert told == [3, 6, 12, 24]
    assert mails() == 4


def test_looking_again_after_a_restart_tells_nothing_twice(api: Component) -> None:
    assert [tell_of_doubts(at=after(3)) for _ in range(3)] == [1, 0, 0]


def test_who_was_away_is_told_once_and_not_four_times(api: Component) -> None:
    assert tell_of_doubts(at=after(13)) == 1
    assert tell_of_doubts(at=after(14)) == 0
    alarm = Alarm.objects.get()
    assert alarm.sentence == "API is in major outage but no open incident says why."
    assert alarm.fix == "It has been so for 13 hours. Open an incident with this."
    assert alarm.path == "/console/"


def test_a_doubt_that_is_over_ends_its_alarm_and_begins_anew(api: Component) -> None:
    tell_of_doubts(at=after(3))
    api.set_status("operational", by="test", at=after(4))
    tell_of_doubts(at=after(4))
    assert not Alarm.objects.going_on().exists()
    api.set_status("major_outage", by="test", at=after(5))
    assert tell_of_doubts(at=after(7)) == 0
    assert tell_of_doubts(at=after(8)) == 1


def test_what_was_so_for_days_before_anybody_looked_is_no_news(api: Component) -> None:
    assert tell_of_doubts(at=after(72)) == 0
    assert tell_of_doubts(at=after(73)) == 0
    assert mails() == 0


def test_a_flood_of_doubts_is_no_flood_of_mails(page: Page, api: Component) -> None:
    for number in range(AT_ONCE + 2):
        make_component(page, name=f"Part {number}").set_status("major_outage", by="test", at=NOON)
    assert tell_of_doubts(at=after(3)) == AT_ONCE
    assert tell_of_doubts(at=after(4)) == 0
    assert Alarm.objects.filter(fix__endswith="3 more stand on Now.").count() == 1


def test_while_automation_is_frozen_nobody_is_told(page: Page, api: Component) -> None:
    freeze = Freeze.begin(
        page=page, kind=FreezeKind.AUTOMATION, reason="Drill", ends_at=after(5), by="test", at=after(1)
    )
    assert tell_of_doubts(at=after(4)) == 0
    assert tell_of_doubts(at=freeze.ends_at) == 1


def test_other_pages_keep_their_own(page: Page, api: Component) -> None:
    other = make_page(name="Other", host="other.example")
    make_component(other).set_status("major_outage", by="test", at=NOON)
    assert tell_of_doubts(at=after(3)) == 2
    assert set(Alarm.objects.values_list("page", flat=True)) == {page.pk, other.pk}
