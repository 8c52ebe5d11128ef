"""A forgotten password: the link in the mail opens once, whoever looks at it first."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils.http import int_to_base36

from incidents.timeline.models import Page
from tests.build import PASSWORD, make_staff

FORGOTTEN = "/console/account/forgotten"
NEW = "nine lives have cats"


@pytest.fixture(autouse=True)
def no_counts_of_before() -> None:
    """Let nobody have asked for a link within the last minute."""
    cache.clear()


def link_for(address: str = "ada@example.com") -> str:
    """Ask for a link and return its path."""
    assert Client().post(FORGOTTEN, {"email": address}).status_code == 302
    found = re.search(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def opened(client: Client, link: str) -> str:
    """Open a link; return where its form is, "" where it opens nothing."""
    answer = client.get(link)
    return str(answer["Location"]) if answer.status_code == 302 else ""


def choose(client: Client, form: str, password: str = NEW) -> Any:
    return client.post(form, {"password1": password, "password2": password})


def opens_with(password: str) -> bool:
    return User.objects.get().check_password(password)


def test_b187_the_link_of_the_mail_sets_a_new_password(page: Page) -> None:
    make_staff()
    reader = Client()
    form = opened(reader, link_for())
    assert form.endswith("-set-password"), "the key does not stay in the address"
    assert reader.get(form).status_code == 200
    assert choose(reader, form).status_code == 302
    assert opens_with(NEW)


def test_b187_a_link_opens_once(page: Page) -> None:
    make_staff()
    link = link_for()
    first, late = Client(), Client()
    form, late_form = opened(first, link), opened(late, link)
    choose(first, form)
    assert opened(Client(), link) == ""
    assert choose(late, late_form, "another lot of words").status_code == 200
    assert opens_with(NEW)


def test_b187_what_a_scanner_opens_changes_nothing_and_uses_nothing_up(page: Page) -> None:
    make_staff()
    link = link_for()
    for scanner in (Client(), Client(HTTP_USER_AGENT="Mail scanner")):
        scanner.head(link)
        form = opened(scanner, link)
        scanner.get(form)
    assert opens_with(PASSWORD)
    person = Client()
    choose(person, opened(person, link))
    assert opens_with(NEW)


def test_b187_a_link_sent_to_an_address_that_was_changed_since_opens_nothing(page: Page) -> None:
    ada = make_staff()
    link = link_for()
    reader = Client()
    form = opened(reader, link)
    ada.email = "ada@elsewhere.example"
    ada.save()
    assert opened(Client(), link) == ""
    assert choose(reader, form).status_code == 200
    assert opens_with(PASSWORD)


def test_b187_the_link_of_one_person_opens_no_account_of_another(page: Page) -> None:
    make_staff()
    link = link_for()
    bob = make_staff(name="bob")
    assert opened(Client(), re.sub(r"/[0-9a-z]+-", f"/{int_to_base36(bob.pk)}-", link, count=1)) == ""


@pytest.mark.parametrize("ending", ["1-set-password", "1-abc-def", "zzzzzzzzzzzzzz-x", "0-0-0", "1-%00"])
def test_a_made_up_link_opens_nothing_and_is_no_fault(page: Page, ending: str) -> None:
    make_staff()
    assert Client().get(f"{FORGOTTEN}/{ending}").status_code in (200, 404)
    assert Client().post(f"{FORGOTTEN}/{ending}", {"password1": NEW, "password2": NEW}).status_code in (200, 404)
    assert opens_with(PASSWORD)


def test_a_new_password_ends_the_sessions_there_were(page: Page) -> None:
    ada = make_staff()
    thief, reader = Client(), Client()
    thief.force_login(ada)
    choose(reader, opened(reader, link_for()))
    assert thief.get("/console/").status_code == 302


def test_the_answer_does_not_tell_whether_there_is_an_account(page: Page) -> None:
    make_staff()
    known, unknown = (Client().post(FORGOTTEN, {"email": f"{name}@example.com"}) for name in ("ada", "nobody"))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [sent.to for sent in mail.outbox] == [["ada@example.com"]]
