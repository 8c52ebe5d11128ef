"""Signing in: what it tells, how often it may be tried, what ends when something changes."""

import time
import unicodedata
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from incidents.console.forms.sign_in import FAILED, TOO_MANY
from incidents.lib.clock import now
from incidents.staff.models import TryTally
from incidents.timeline.models import Page
from tests.build import PASSWORD, make_member, make_outsider, make_staff, minutes
from tests.periods import well_within

DOOR = "/console/sign-in"


def sign_in(client: Client, name: str = "ada", password: str = PASSWORD, **headers: Any) -> Any:
    return client.post(DOOR, {"username": name, "password": password}, **headers)


def is_in(client: Client) -> bool:
    return client.get("/console/").status_code == 200


def without_tokens(answer: Any) -> str:
    """Return the page without what differs each time."""
    lines = answer.content.decode().splitlines()
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line and 'id="id_username"' not in line)


def test_people_sign_in_by_their_name_or_their_address(page: Page) -> None:
    make_staff()
    for name in ("ada", "ada@example.com", "ADA@example.com"):
        client = Client()
        assert sign_in(client, name).status_code == 302
        assert is_in(client)


def test_b182_every_failure_is_the_same_page(page: Page) -> None:
    make_staff()
    make_outsider()
    User.objects.create_user("gone", "gone@example.com", PASSWORD, is_staff=True, is_active=False)
    tries = [("nobody", PASSWORD), ("ada", "wrong"), ("gone", PASSWORD), ("eve", PASSWORD), ("nobody@example.com", "x")]
    pages = [sign_in(Client(), *one, REMOTE_ADDR=f"198.51.100.{place}") for place, one in enumerate(tries)]
    assert {answer.status_code for answer in pages} == {422}
    assert len({without_tokens(answer) for answer in pages}) == 1
    assert FAILED in pages[0].content.decode()


def test_b182_every_failure_costs_one_hash(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    make_staff()
    User.objects.create_user("x@example.com", "x@example.com", PASSWORD, is_staff=True)
    User.objects.create_user("gone", "gone@example.com", PASSWORD, is_staff=True, is_active=False)
    hashed = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode",
        lambda self, password, salt: hashed.append(password) or f"md5${salt}${'0' * 32}",
    )
    for place, name in enumerate(("nobody", "ada", "x@example.com", "nobody@example.com", "gone")):
        hashed.clear()
        sign_in(Client(), name, "wrong", REMOTE_ADDR=f"198.51.100.{place}")
        assert len(hashed) == 1, name


@pytest.mark.parametrize("password", ["x" * 1_000_000, "\0", "   ", "x" * 64, "x" * 1_025])
def test_b183_strange_passwords_are_refused_quickly_and_in_the_same_words(page: Page, password: str) -> None:
    make_staff()
    # In time of our own: a busy machine says nothing.
    begun = time.thread_time()
    answer = sign_in(Client(), "ada", password)
    assert time.thread_time() - begun < 1
    assert answer.status_code == 422
    assert "That did not work" in answer.content.decode()


def test_b183_a_long_password_counts_to_its_last_letter_and_as_nfc(page: Page) -> None:
    word = unicodedata.normalize("NFC", "ångström" * 10)
    User.objects.create_user("lin", "lin@example.com", word, is_staff=True)
    make_member(page, "viewer")
    assert sign_in(Client(), "lin", word[:-1]).status_code == 422
    assert sign_in(Client(), "lin", unicodedata.normalize("NFD", word)).status_code == 302


def test_five_failures_close_an_account_for_five_minutes_before_anything_is_hashed(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = make_staff()
    inside = Client()
    inside.force_login(ada)
    well_within(minutes(5))
    for place in range(5):
        assert FAILED in sign_in(Client(), password="wrong", REMOTE_ADDR=f"198.51.100.{place}").content.decode()
    monkeypatch.setattr(User, "check_password", lambda *_: pytest.fail("hashed although too much was tried"))
    refused = sign_in(Client(), REMOTE_ADDR="198.51.100.9")
    assert refused.status_code == 422
    assert TOO_MANY in refused.content.decode()
    assert is_in(inside), "an attack does not lock out who is in already"


def test_right_passwords_are_not_counted_against_the_account(page: Page) -> None:
    make_staff()
    for place in range(8):
        assert sign_in(Client(), REMOTE_ADDR=f"198.51.100.{place}").status_code == 302


def spend(*subject: str, tries: int) -> None:
    """Take tries of this minute of the clock and of the next, whichever of them a request falls into."""
    for at in (now(), now() + minutes(1)):
        for _ in range(tries):
            TryTally.take(*subject, limit=1_000, period=minutes(1), at=at)


def test_ten_tries_a_minute_is_all_an_address_has(page: Page) -> None:
    make_staff()
    spend("sign-in from", "127.0.0.1", tries=9)
    assert TOO_MANY not in sign_in(Client(), "nobody", "x").content.decode()
    spend("sign-in from", "127.0.0.1", tries=1)
    assert TOO_MANY in sign_in(Client()).content.decode()
    assert sign_in(Client(), REMOTE_ADDR="198.51.100.1").status_code == 302


def test_sixty_tries_a_minute_is_all_there_are(page: Page) -> None:
    spend("sign-in", "everybody", tries=59)
    assert TOO_MANY not in sign_in(Client(), "nobody", "x", REMOTE_ADDR="203.0.113.1").content.decode()
    spend("sign-in", "everybody", tries=1)
    assert TOO_MANY in sign_in(Client(), "nobody", "x", REMOTE_ADDR="203.0.113.2").content.decode()


@pytest.mark.parametrize("proxies", [0, 1])
def test_c54_c14_a_made_up_client_address_opens_no_new_count(page: Page, settings: Any, proxies: int) -> None:
    settings.TRUSTED_PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    spend("sign-in from", "198.51.100.7" if proxies else "127.0.0.1", tries=10)
    for place in range(10):
        refused = sign_in(Client(), f"nobody{place}", "x", HTTP_X_FORWARDED_FOR=f"192.0.2.{place}, 198.51.100.7")
        assert TOO_MANY in refused.content.decode()


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "https:evil.example",
        "https:/evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/console/../../evil",
        "/console//evil.example",
        "https://testserver@evil.example/",
        "https://evil.example\\@testserver/",
        "/%5cevil.example",
        "/%2f%2fevil.example",
        "\u2028//evil.example",
    ],
)
def test_c40_no_redirect_leads_out(page: Page, wanted: str) -> None:
    make_staff()
    answer = Client().post(f"{DOOR}?next=x", {"username": "ada", "password": PASSWORD, "next": wanted})
    assert answer.status_code == 302
    assert answer.url == "/console/"


def test_an_identifier_from_before_the_sign_in_opens_nothing_after_it(page: Page) -> None:
    make_staff()
    client = Client()
    client.get(DOOR)
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    sign_in(client)
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = str(planted)
    assert not is_in(thief)


def test_c16_a_new_password_ends_every_other_session_with_the_next_request(page: Page) -> None:
    make_staff()
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    said = {"oldpassword": PASSWORD, "password1": "nine lives have cats", "password2": "nine lives have cats"}
    assert here.post("/console/account/password", said).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_c16_an_account_that_is_switched_off_is_out_with_the_next_request(page: Page) -> None:
    ada, client = make_staff(), Client()
    sign_in(client)
    ada.is_active = False
    ada.save()
    assert not is_in(client)


def test_the_list_of_sessions_names_them_and_ends_the_others(page: Page) -> None:
    make_staff()
    here, elsewhere = Client(), Client()
    sign_in(elsewhere, HTTP_USER_AGENT="An old phone", REMOTE_ADDR="198.51.100.3")
    sign_in(here)
    listed = here.get("/console/account/sessions").content.decode()
    assert "An old phone" in listed
    assert "198.51.100.3" in listed
    assert here.post("/console/account/sessions").status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_cookies_of_staff_are_for_http_and_this_site_only(page: Page) -> None:
    make_staff()
    client = Client()
    sign_in(client)
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def test_signing_in_leaves_a_line_in_the_log_and_no_secret(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    ada = make_staff()
    caplog.set_level("INFO", "incidents")
    sign_in(Client(), "ada\r\nforged line", "wrong")
    sign_in(Client())
    assert f"account {ada.pk}" in caplog.text
    assert PASSWORD not in caplog.text
    assert "forged" not in caplog.text


def test_nobody_signs_up(page: Page) -> None:
    for address in ("/console/account/sign-up", "/console/account/signup/", "/accounts/signup/"):
        assert Client().post(address, {"username": "eve"}).status_code == 404
    assert not User.objects.exists()
