"""The two stops in the console."""

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Freeze, Page
from tests.build import make_member, make_page, minutes
from tests.console.filling import send

STOPS = "/console/stops"


def test_a_stop_is_pulled_for_a_reason_and_every_screen_says_so(ada: Client, page: Page) -> None:
    answer = ada.post(STOPS, {"kind": "mail", "minutes": "60", "reason": "Wrong list."})
    assert (answer.status_code, answer["Location"]) == (303, STOPS)
    freeze = Freeze.objects.get()
    assert (freeze.reason, freeze.by_name) == ("Wrong list.", "ada")
    assert abs(freeze.ends_at - now() - minutes(60)) < minutes(1)
    for address in ("/console/", "/console/incidents/new", "/console/components", "/console/page", STOPS):
        screen = ada.get(address).content.decode()
        assert "Mail is frozen until" in screen
        assert "Wrong list." in screen


def test_the_form_on_the_screen_works_as_it_stands(ada: Client, page: Page) -> None:
    assert send(ada, STOPS, reason="Drill.").status_code == 303
    assert Freeze.objects.get().kind in ("mail", "automation")


def test_it_is_ended_before_its_time(ada: Client, page: Page) -> None:
    freeze = Freeze.begin(page=page, kind="mail", reason="Why.", ends_at=now() + minutes(60), by="bob", at=now())
    assert ada.post(f"{STOPS}/{freeze.pk}/end").status_code == 303
    assert "is frozen until" not in ada.get("/console/").content.decode()


def test_one_that_is_over_is_on_no_screen(ada: Client, page: Page) -> None:
    at = now() - minutes(120)
    Freeze.begin(page=page, kind="mail", reason="Why.", ends_at=at + minutes(60), by="bob", at=at)
    assert "is frozen until" not in ada.get("/console/").content.decode()


@pytest.mark.parametrize(
    "said", [{"reason": " "}, {"kind": "everything"}, {"minutes": "9999999"}, {"minutes": ""}, {"reason": "x" * 201}]
)
def test_bad_input_is_named_and_freezes_nothing(ada: Client, page: Page, said: dict[str, str]) -> None:
    answer = ada.post(STOPS, {"kind": "mail", "minutes": "60", "reason": "Why.", **said})
    assert answer.status_code == 422
    assert not Freeze.objects.exists()


def test_viewers_and_people_of_other_pages_freeze_nothing(page: Page) -> None:
    freeze = Freeze.begin(page=page, kind="mail", reason="Why.", ends_at=now() + minutes(60), by="bob", at=now())
    viewer, carl = Client(), Client()
    viewer.force_login(make_member(page, "viewer", name="vera"))
    carl.force_login(make_member(make_page(name="Other", host="other.example"), "owner", name="carl"))
    assert viewer.post(STOPS, {"kind": "automation", "minutes": "60", "reason": "Why."}).status_code == 403
    assert viewer.post(f"{STOPS}/{freeze.pk}/end").status_code == 403
    assert carl.post(f"{STOPS}/{freeze.pk}/end").status_code == 404
    assert [one.kind for one in Freeze.objects.in_force(at=now())] == ["mail"]
    assert "is frozen until" not in carl.get("/console/").content.decode()
