"""Second factors: an app, recovery codes, passkeys, and proving again before settings."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client

from incidents.console.signing.forms import TOO_MANY, WRONG
from incidents.lib.clock import now
from incidents.timeline.access import Access
from incidents.timeline.models import Page
from tests.build import PASSWORD, make_incident, make_page, make_staff, minutes
from tests.console.filling import fields_in
from tests.console.proving import prove
from tests.periods import well_within

MADE_UP = """{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "AAAA",
"authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "MQ"}}"""
DOOR, CODE = "/console/sign-in", "/console/account/code"


@pytest.fixture
def secret(db: None) -> str:
    """The secret in Ada's app."""
    made = generate_totp_secret()
    TOTP.activate(make_staff(), made)
    return made


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return what the app shows, so many steps of 30 seconds from now."""
    return format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30 + steps))


def half_in() -> Client:
    """Return somebody who typed the right password and is asked for the code."""
    client = Client()
    answer = client.post(DOOR, {"username": "ada", "password": PASSWORD})
    assert (answer.status_code, answer.url.partition("?")[0]) == (302, CODE)
    return client


def is_in(client: Client) -> bool:
    return client.get("/console/").status_code == 200


def test_the_password_alone_does_not_let_in(page: Page, secret: str) -> None:
    client = half_in()
    assert not is_in(client)
    shown = client.get(CODE)
    assert shown.status_code == 200
    assert "no-store" in shown["Cache-Control"]
    assert client.post(CODE, {"code": code_of(secret)}).url == "/console/"
    assert is_in(client)


def test_the_text_that_was_being_written_survives_the_code_as_well(page: Page, secret: str) -> None:
    incident = make_incident(page, at=now())
    client = Client()
    door = client.post(f"/console/incidents/{incident.code}/updates", {"body": "Careful words."})
    form = fields_in(door, action=DOOR)
    assert client.post(DOOR, {**form, "username": "ada", "password": PASSWORD}).status_code == 302
    assert client.post(CODE, {"code": code_of(secret)}).url == "/console/sign-in/again"
    assert "Careful words." in client.get("/console/sign-in/again").content.decode()
    assert incident.updates.count() == 1


def test_a_code_opens_once_also_after_the_memory_of_the_process_is_gone(page: Page, secret: str) -> None:
    code = code_of(secret)
    assert half_in().post(CODE, {"code": code}).status_code == 302
    cache.clear()
    again = half_in().post(CODE, {"code": code})
    assert again.status_code == 200
    assert WRONG in again.content.decode()


def test_a_code_of_another_time_is_wrong(page: Page, secret: str) -> None:
    for steps in (-3, 3):
        assert WRONG in half_in().post(CODE, {"code": code_of(secret, steps=steps)}).content.decode()


def test_c42_five_wrong_codes_close_it_for_a_quarter_of_an_hour(page: Page, secret: str) -> None:
    client = half_in()
    well_within(minutes(15))
    for _ in range(5):
        assert WRONG in client.post(CODE, {"code": "000000"}).content.decode()
    cache.clear()
    assert TOO_MANY in client.post(CODE, {"code": code_of(secret)}).content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("code", ["", "x" * 100_000, "\0", "１２３４５６", "000000' OR 1=1", "-1"])
def test_strange_codes_are_refused_in_words(page: Page, secret: str, code: str) -> None:
    answer = half_in().post(CODE, {"code": code})
    assert answer.status_code == 200
    assert "_auth_user_id" not in answer.client.session


def test_b185_a_recovery_code_opens_once(page: Page, secret: str) -> None:
    codes = RecoveryCodes.activate(User.objects.get()).get_unused_codes()
    assert half_in().post(CODE, {"code": codes[0]}).status_code == 302
    assert WRONG in half_in().post(CODE, {"code": codes[0]}).content.decode()
    assert half_in().post(CODE, {"code": codes[1]}).status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
@pytest.mark.parametrize("kind", ["totp", "recovery"])
def test_b185_of_many_tries_at_the_same_moment_one_opens(kind: str) -> None:
    make_page()
    made = generate_totp_secret()
    ada = make_staff()
    TOTP.activate(ada, made)
    code = code_of(made) if kind == "totp" else RecoveryCodes.activate(ada).get_unused_codes()[0]
    clients = [half_in() for _ in range(5)]

    def try_it(client: Client) -> int:
        try:
            return client.post(CODE, {"code": code}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        statuses = list(threads.map(try_it, clients))
    assert sorted(statuses) == [200, 200, 200, 200, 302]


def test_secrets_cannot_be_read_in_the_database(page: Page, secret: str) -> None:
    ada = User.objects.get()
    codes = RecoveryCodes.activate(ada).get_unused_codes()
    kept = repr(list(Authenticator.objects.values()))
    assert secret not in kept
    assert not any(code in kept for code in codes)


def test_a_key_that_was_in_use_before_still_reads_them(page: Page, secret: str, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key, fifty letters long, " * 2
    assert half_in().post(CODE, {"code": code_of(secret)}).status_code == 302


def test_c16_a_new_second_factor_ends_every_other_session(page: Page, django_capture_on_commit_callbacks: Any) -> None:
    ada = make_staff()
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post(DOOR, {"username": "ada", "password": PASSWORD})
    here.post("/console/account/again", {"password": PASSWORD})
    form = here.get("/console/account/app")
    secret = here.session["mfa.totp.secret"]
    assert form.status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert here.post("/console/account/app", {"code": code_of(secret)}).status_code == 302
    assert Authenticator.objects.filter(user=ada, type="totp").exists()
    assert is_in(here)
    assert not is_in(elsewhere)


@pytest.mark.parametrize("address", ["/console/people/invitations", "/console/tokens", "/console/tokens/new"])
def test_settings_of_people_and_tokens_ask_again_after_a_quarter_of_an_hour(page: Page, address: str) -> None:
    ada, client = make_staff(), Client()
    client.force_login(ada)
    prove(client, ada, seconds_ago=901)
    asked = client.get(address)
    assert (asked.status_code, asked.url) == (302, f"/console/account/again?next={address.replace('/', '%2F')}")
    assert client.post("/console/account/again", {"password": "wrong", "next": address}).status_code == 200
    assert client.post("/console/account/again", {"password": PASSWORD, "next": address}).url == address
    assert client.get(address).status_code == 200


def test_posting_never_asks_again(page: Page) -> None:
    incident = make_incident(page, at=now())
    ada, client = make_staff(), Client()
    client.force_login(ada)
    prove(client, ada, seconds_ago=6 * 24 * 3600)
    form = fields_in(
        client.get(f"/console/incidents/{incident.code}"), action=f"/console/incidents/{incident.code}/updates"
    )
    answer = client.post(f"/console/incidents/{incident.code}/updates", {**form, "body": "Still at it."})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
        MADE_UP,
        "x" * 100_000,
    ],
)
def test_b186_a_made_up_passkey_opens_nothing(page: Page, credential: str) -> None:
    make_staff()
    client = Client()
    client.get("/console/account/passkeys/sign-in", headers={"X-Requested-With": "XMLHttpRequest"})
    answer = client.post("/console/account/passkeys/sign-in", {"credential": credential})
    assert answer.status_code in (200, 302)
    assert not is_in(client)


def test_the_door_of_a_private_page_asks_for_the_second_factor_too(page: Page, secret: str) -> None:
    page.restrict(access=Access.SIGN_IN, by="test", at=now())
    client = Client()
    answer = client.post("/enter", {"username": "ada", "password": PASSWORD, "next": "/history"})
    assert answer.url.partition("?")[0] == CODE
    assert client.get("/history").status_code == 403
    assert not is_in(client)
    assert client.post(CODE, {"code": code_of(secret)}).url == "/history"
    assert client.get("/history").status_code == 200


def test_the_door_of_the_admin_is_the_same(page: Page, secret: str) -> None:
    client = Client()
    answer = client.post("/admin/login/", {"username": "ada", "password": PASSWORD})
    assert answer.url.startswith("/console/sign-in?next=")
    assert client.get("/admin/").status_code == 302
