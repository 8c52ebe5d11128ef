"""The sheet with the numbers: in five cases, and in no other."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, Deed, Draft, HeldPost, Incident, IncidentTemplate, Page
from tests.build import make_component, make_incident, make_page, make_staff, make_subscribers, minutes
from tests.console.filling import fields_in, form_at

NEW, REPORT = "/console/incidents/new", "/console/incidents"


@pytest.fixture
def page(db: None) -> Page:
    page = make_page(at=now() - timedelta(days=100), hold_seconds=10)
    make_subscribers(page, 12, at=now() - timedelta(days=10))
    return page


@pytest.fixture
def many(page: Page) -> list[Component]:
    return [make_component(page, name=f"Part {number}") for number in range(1, 8)]


def report(client: Client, shown_at: str = NEW, **said: Any) -> Any:
    form = {**form_at(client, shown_at, action=REPORT), "title": "Errors", "body": "We look.", **said}
    return client.post(REPORT, {name: value for name, value in form.items() if value is not None})


def asks(answer: Any) -> bool:
    return answer.status_code == 409 and answer.headers.get("X-Sheet") == "1"


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_in_the_normal_case_nothing_is_asked(ada: Client, page: Page, many: list[Component]) -> None:
    said = {f"state_{part.code}": "partial_outage" for part in many[:5]}
    assert report(ada, **said).status_code == 303
    assert HeldPost.objects.count() == 1


def test_more_recipients_than_the_limit_of_the_page_are_asked_about(ada: Client, page: Page) -> None:
    page.edit(confirm_recipients=11, by="test", at=now())
    answer = report(ada)
    assert asks(answer)
    assert "Emails 12 people." in words(answer)
    assert "Email 12 people" in words(answer)
    assert not HeldPost.objects.exists()
    page.edit(confirm_recipients=12, by="test", at=now())
    assert report(ada).status_code == 303


def test_whom_nobody_tells_nobody_has_to_confirm(ada: Client, page: Page) -> None:
    page.edit(confirm_recipients=11, by="test", at=now())
    assert report(ada, notify=None).status_code == 303


def test_more_than_five_components_at_once_are_asked_about(ada: Client, page: Page, many: list[Component]) -> None:
    answer = report(ada, **{f"state_{part.code}": "partial_outage" for part in many[:6]})
    assert asks(answer)
    assert "Marks 6 components Partial outage." in words(answer)
    assert "Part 6 Operational → Partial outage" in words(answer)
    assert "Posts to 1 page." in words(answer)


def test_a_major_outage_no_template_named_is_asked_about_and_one_that_was_named_is_not(
    ada: Client, page: Page, many: list[Component]
) -> None:
    states = {many[0]: "major_outage"}
    template = IncidentTemplate.keep(page=page, name="Down", body="Down.", components=states, by="test", at=now())
    named, other = (f"state_{part.code}" for part in many[:2])
    assert asks(report(ada, **{named: "major_outage"}))
    assert report(ada, f"{NEW}?template={template.pk}").status_code == 303
    answer = report(ada, f"{NEW}?template={template.pk}", **{other: "major_outage"})
    assert asks(answer)
    assert "Part 2 goes to Major outage, which no template named." in words(answer)


def test_history_written_down_with_mails_is_asked_about_and_without_is_not(ada: Client, page: Page) -> None:
    past = f"{now() - timedelta(days=2):%Y-%m-%dT%H:%M}"
    assert asks(report(ada, posted_at=past))
    assert report(ada, posted_at=past, notify=None).status_code == 303


def test_what_automation_asks_for_shows_the_reason_and_waits_for_one_tap(ada: Client, page: Page) -> None:
    held = HeldPost.hold(
        page=page,
        deed=Deed.REPORT,
        arguments={"title": "Errors", "body": "We look."},
        request_key="a1",
        asks=True,
        recipients=12,
        reach={"numbers": ["Emails 12 people."], "reasons": ["Ten checks fail."], "button": "Email 12 people"},
        by="detection",
        at=now(),
    )
    screen = words(ada.get(f"/console/held/{held.pk}"))
    assert "detection asks you to agree" in screen
    assert "Ten checks fail." in screen
    assert "Email 12 people" in screen
    assert ada.post(f"/console/held/{held.pk}/approval").status_code == 303
    assert HeldPost.objects.get().state == "waiting"


def test_confirming_is_sending_the_same_form_with_the_seal(ada: Client, page: Page) -> None:
    page.edit(confirm_recipients=11, by="test", at=now())
    sheet = report(ada, title="Search errors")
    answer = ada.post(REPORT, fields_in(sheet, action=REPORT))
    assert answer.status_code == 303
    held = HeldPost.objects.get()
    assert (held.title, held.recipients) == ("Search errors", 12)


def test_where_the_numbers_grew_meanwhile_it_asks_again(ada: Client, page: Page) -> None:
    page.edit(confirm_recipients=11, by="test", at=now())
    sheet = fields_in(report(ada), action=REPORT)
    make_subscribers(page, 30, at=now() - timedelta(days=1), start=100)
    answer = ada.post(REPORT, sheet)
    assert asks(answer)
    assert "Email 42 people" in words(answer)


@pytest.mark.parametrize("seal", ["", "12", "12-", "-", "x-y", "99999999999999999999-abc", "²-x", "1" * 101])
def test_a_seal_of_nothing_confirms_nothing(ada: Client, page: Page, seal: str) -> None:
    page.edit(confirm_recipients=11, by="test", at=now())
    assert report(ada, confirmed=seal).status_code in (409, 422)
    assert not HeldPost.objects.exists()


def test_cancel_leads_back_to_what_was_typed(ada: Client, page: Page) -> None:
    page.edit(confirm_recipients=11, by="test", at=now())
    sheet = report(ada, title="Search errors").content.decode()
    (cancel,) = re.findall(r'href="([^"]+)" data-cancel autofocus', sheet)
    assert form_at(ada, cancel, action=REPORT)["title"] == "Search errors"


def test_where_the_page_wants_a_second_person_confirming_asks_them(ada: Client, page: Page) -> None:
    page.edit(confirm_recipients=11, asks_second_person=True, by="test", at=now())
    sheet = report(ada)
    assert "Ask for approval" in words(sheet)
    ada.post(REPORT, fields_in(sheet, action=REPORT))
    held = HeldPost.objects.get()
    assert held.is_asking
    assert ada.post(f"/console/held/{held.pk}/approval", follow=True).status_code == 200
    bob = Client()
    bob.force_login(make_staff(name="bob"))
    assert "ada asks you to agree" in words(bob.get("/console/"))
    assert "Email 12 people" in words(bob.get(f"/console/held/{held.pk}"))
    held.refresh_from_db()
    assert held.is_asking
    bob.post(f"/console/held/{held.pk}/approval")
    held.refresh_from_db()
    assert held.state == "waiting"


def test_without_a_hold_a_second_person_is_asked_all_the_same(ada: Client, page: Page) -> None:
    page.edit(confirm_recipients=11, asks_second_person=True, hold_seconds=0, by="test", at=now())
    ada.post(REPORT, fields_in(report(ada), action=REPORT))
    assert HeldPost.objects.get().is_asking
    assert not Incident.objects.exists()


def test_an_update_is_asked_about_as_a_report_is(ada: Client, page: Page, many: list[Component]) -> None:
    incident = make_incident(page, at=now() - minutes(10), components={many[0]: "partial_outage"})
    address = f"/console/incidents/{incident.code}"
    form = form_at(ada, address, action=f"{address}/updates")
    answer = ada.post(f"{address}/updates", {**form, "body": "Worse.", f"state_{many[0].code}": "major_outage"})
    assert asks(answer)
    assert "Marks 1 component Major outage." in words(answer)
    confirmed = ada.post(f"{address}/updates", fields_in(answer, action=f"{address}/updates"))
    assert confirmed.status_code == 303
    assert not Draft.objects.exists()
