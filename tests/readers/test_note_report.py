"""A reader says that something affects them too: once per device, for a day, without anybody's address."""

from datetime import timedelta
from typing import Any

import pytest

from incidents.readers.counting import voices_by_code, voices_on_components, voices_on_incident
from incidents.readers.models import KEPT_FOR, PER_NETWORK, ReaderReport
from incidents.readers.refusals import NothingToReport, ReportsNotTaken, TooManyReports
from incidents.readers.tasks import forget_task
from incidents.timeline.models import Component, Incident, Page
from tests.build import NOON, make_component, make_incident, make_page, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def page() -> Page:
    return make_page().edit(takes_reports=True, by="test", at=NOON - timedelta(days=1))


@pytest.fixture
def api(page: Page) -> Component:
    return make_component(page)


def note(page: Page, about: Component | Incident, **said: Any) -> ReaderReport:
    said = {"client": "192.0.2.1", "browser": "Some/1.0", "token": "", "at": NOON, **said}
    return ReaderReport.note(page=page, about=about, **said)


def test_a_device_counts_once_and_is_told_when_it_was_noted(page: Page, api: Component) -> None:
    first = note(page, api)
    assert note(page, api, at=NOON + minutes(5)).at == first.at
    note(page, api, browser="Other/2.0")
    note(page, api, token="made-up-by-script")
    assert voices_on_components(page, at=NOON + minutes(6))[0].count == 3


def test_after_a_day_the_same_device_counts_again(page: Page, api: Component) -> None:
    note(page, api)
    later = NOON + KEPT_FOR
    assert note(page, api, at=later).at == later
    assert ReaderReport.objects.count() == 1


def test_nothing_of_the_person_is_kept_and_everything_goes_after_a_day(page: Page, api: Component) -> None:
    note(page, api, client="198.51.100.77", browser="Secret/1.0", token="token-of-the-device")
    row = " ".join(str(value) for value in ReaderReport.objects.values().get().values())
    assert not any(known in row for known in ("198.51.100", "Secret", "token-of"))
    assert ReaderReport.forget(at=NOON + KEPT_FOR - minutes(1)) == 0
    assert ReaderReport.forget(at=NOON + KEPT_FOR) == 1


def test_the_clock_forgets(page: Page, api: Component) -> None:
    note(page, api, at=NOON - timedelta(days=400))
    forget_task()
    assert not ReaderReport.objects.exists()


def test_an_incident_counts_people_and_not_taps(page: Page, api: Component) -> None:
    incident = make_incident(page, components={api: "partial_outage"})
    note(page, incident)
    note(page, api)
    note(page, api, client="192.0.2.2")
    note(page, make_component(page, name="Web"), client="192.0.2.3")
    assert voices_on_incident(incident, at=NOON) == 2
    assert voices_by_code(page, at=NOON)[incident.code] == 2
    assert voices_on_incident(incident, at=NOON + minutes(61)) == 0


def test_numbers_for_readers_leave_out_what_only_staff_see(page: Page, api: Component) -> None:
    incident = make_incident(page, components={api: "partial_outage"})
    note(page, api)
    api.edit(visibility="staff", by="test", at=NOON)
    assert voices_by_code(page, at=NOON) == {}
    assert voices_on_incident(incident, at=NOON) == 1


def test_a_page_that_does_not_ask_and_an_incident_that_is_over_take_nothing(page: Page, api: Component) -> None:
    incident = make_incident(page)
    incident.resolve(body="Over.", by="test", at=NOON)
    with pytest.raises(NothingToReport):
        note(page, incident)
    page.edit(takes_reports=False, by="test", at=NOON)
    with pytest.raises(ReportsNotTaken):
        note(page, api)
    assert not ReaderReport.objects.exists()


def test_a_network_that_shouts_is_stopped(page: Page, api: Component) -> None:
    for number in range(PER_NETWORK):
        note(page, api, token=f"device {number}")
    with pytest.raises(TooManyReports):
        note(page, api, token="one more")
    note(page, api, token="from elsewhere", client="203.0.113.5")
    note(page, api, token="later", at=NOON + minutes(61))
    assert ReaderReport.objects.count() == PER_NETWORK + 2
