"""The first run: one account by one token, however many try, and never again."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from incidents.staff.models import SetUp
from tests.build import PASSWORD, make_page, make_staff

SAID = {"email": "ada@example.com", "name": "Ada", "password": PASSWORD}


@pytest.mark.django_db
def test_the_first_person_makes_an_account_and_is_in() -> None:
    make_page()
    token, client = SetUp.offer(), Client()
    assert client.get(f"/console/set-up/{token}").status_code == 200
    answer = client.post(f"/console/set-up/{token}", SAID)
    assert (answer.status_code, answer.url) == (302, "/console/")
    assert client.get("/console/").status_code == 200
    ada = User.objects.get()
    assert (ada.username, ada.is_superuser, ada.first_name) == ("ada@example.com", True, "Ada")


@pytest.mark.django_db
def test_c03_it_is_closed_for_ever_after_and_says_nothing_to_others() -> None:
    token, client = SetUp.offer(), Client()
    assert client.get("/console/set-up/wrong").status_code == 404
    assert client.post("/console/set-up/wrong", SAID).status_code == 404
    client.post(f"/console/set-up/{token}", SAID)
    for method in ("get", "post"):
        assert getattr(Client(), method)(f"/console/set-up/{token}", SAID).status_code == 404
    User.objects.all().delete()
    assert SetUp.offer() == ""
    assert Client().post(f"/console/set-up/{token}", SAID).status_code == 404


@pytest.mark.django_db
def test_c03_a_database_with_people_never_opens_it() -> None:
    token = SetUp.offer()
    make_staff()
    assert SetUp.offer() == ""
    assert Client().get(f"/console/set-up/{token}").status_code == 404
    with pytest.raises(CommandError, match="Somebody works here already"):
        call_command("set_up")


@pytest.mark.django_db
def test_a_later_token_ends_the_earlier_one(capsys: pytest.CaptureFixture[str]) -> None:
    first = SetUp.offer()
    call_command("set_up")
    link = capsys.readouterr().out.strip()
    assert Client().get(f"/console/set-up/{first}").status_code == 404
    assert Client().get(urlsplit(link).path).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad", [{"email": ""}, {"email": "nobody"}, {"password": "short"}, {"password": "password123"}]
)
def test_bad_input_is_said_and_the_set_up_stays_open(bad: dict[str, str]) -> None:
    token = SetUp.offer()
    assert Client().post(f"/console/set-up/{token}", {**SAID, **bad}).status_code == (
        302 if bad == {"name": ""} else 422
    )
    assert not User.objects.exists()
    assert SetUp.is_open_to(token)


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_c23_fifty_set_ups_at_the_same_moment_make_one_user() -> None:
    token = SetUp.offer()

    def try_it(number: int) -> int:
        try:
            said = {**SAID, "email": f"person{number}@example.com"}
            return Client().post(f"/console/set-up/{token}", said).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        statuses = list(threads.map(try_it, range(50)))
    assert sorted(set(statuses)) == [302, 404]
    assert statuses.count(302) == 1
    assert User.objects.count() == 1
