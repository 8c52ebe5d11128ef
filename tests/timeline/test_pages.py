"""Page: several per install, phases of its own, a sequence without gaps."""

import threading

import pytest
from django.db import connection

from incidents.models import Event, Page
from incidents.timeline.refusals import (
    DuplicateName,
    EmptyText,
    UnknownLanguage,
    UnknownPhase,
    UnknownTimeZone,
    UnusableAddress,
)
from tests.build import NOON, make_component, make_incident, make_page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_the_first_page_is_the_default_and_hosts_choose_the_others() -> None:
    first, second = make_page(), make_page(name="Second", host="status.second.example")
    assert (first.is_default, second.is_default) == (True, False)
    assert Page.for_host("status.second.example") == second
    assert Page.for_host("anything.example") == first


def test_bad_input_is_refused() -> None:
    make_page(host="status.example")
    for refusal, fields in [
        (EmptyText, {"name": ""}),
        (UnknownTimeZone, {"time_zone": "Mars/Olympus"}),
        (UnknownTimeZone, {"time_zone": "../etc/passwd"}),
        (DuplicateName, {"host": "STATUS.example"}),
    ]:
        with pytest.raises(refusal):
            make_page(**fields)
    assert Page.objects.count() == 1


def test_a_page_adds_phases_of_its_own_mapped_to_a_canonical_one() -> None:
    page = make_page()
    phase = page.add_phase(slug="failing-over", label="Failing over", canonical="identified", by="t", at=NOON)
    incident = make_incident(page)
    incident.post_update(body="We fail over.", phase=phase, by="t", at=NOON)
    incident.refresh_from_db()
    assert incident.phase == phase
    with pytest.raises(UnknownPhase):
        page.add_phase(slug="x", label="X", canonical="x", by="t", at=NOON)
    with pytest.raises(DuplicateName):
        page.add_phase(slug="failing-over", label="Y", canonical="monitoring", by="t", at=NOON)


def test_each_page_counts_its_own_events_without_gaps() -> None:
    first, second = make_page(), make_page(name="Second")
    for page in (first, second, first):
        make_incident(page)
    for page in (first, second):
        numbers = list(Event.objects.filter(page=page).values_list("seq", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        page.refresh_from_db()
        assert page.last_seq == numbers[-1]


@pytest.mark.django_db(transaction=True)
def test_people_posting_at_once_get_different_numbers_in_order() -> None:
    page = make_page()
    make_component(page)
    incident = make_incident(page)
    failures: list[Exception] = []

    def post(who: int) -> None:
        try:
            for _ in range(5):
                type(incident).objects.get(pk=incident.pk).post_update(body=f"From {who}", by="t", at=NOON)
        except Exception as error:  # noqa: BLE001 - the thread's failure is the test's
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=post, args=[who]) for who in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert failures == []
    numbers = list(Event.objects.filter(page=page).values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert incident.updates.count() == 21


def test_addresses_that_cannot_be_served_or_linked_are_refused() -> None:
    page = make_page()
    for changes in (
        {"host": "https://status.example"},
        {"host": "status.example:8000"},
        {"host": "a b"},
        {"host": "-x.example"},
        {"product_url": "javascript:alert(1)"},
        {"product_url": "//example.com"},
    ):
        with pytest.raises(UnusableAddress):
            page.edit(by="t", at=NOON, **changes)
    page.edit(host="Status.Example", product_url="https://example.com/", by="t", at=NOON)
    assert (page.host, page.product_url) == ("status.example", "https://example.com/")


def test_further_languages_are_kept_in_the_order_they_are_offered_in_without_the_main_one() -> None:
    page = make_page()
    page.edit(by="test", at=NOON, further_languages=["ja", "de", "en", "de"])
    assert page.further_languages == ["de", "ja"]
    page.edit(by="test", at=NOON, language="de")
    assert page.further_languages == ["ja"]
    with pytest.raises(UnknownLanguage):
        page.edit(by="test", at=NOON, further_languages=["tlh"])
    page.refresh_from_db()
    assert (page.language, page.further_languages) == ("de", ["ja"])
