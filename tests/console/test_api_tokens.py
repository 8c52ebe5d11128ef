"""Tokens in the console, and what programs reach with one: private pages, the audit log, the list of subscribers."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from incidents.lib.clock import now
from incidents.staff.bearing import PER_MINUTE
from incidents.staff.models import ApiToken
from incidents.staff.scopes import Scope
from incidents.timeline.access import Access
from incidents.timeline.models import Page
from tests.build import make_incident, make_page, make_staff, make_subscriber
from tests.console.filling import send
from tests.console.proving import prove

TOKENS, NEW = "/console/tokens", "/console/tokens/new"


@pytest.fixture
def root(page: Page) -> Client:
    user = make_staff()
    client = Client()
    client.force_login(user)
    prove(client, user)
    return client


def make_token(page: Page, *scopes: str, days: int = 1) -> str:
    by = User.objects.filter(is_superuser=True).first() or make_staff()
    ends = now() + timedelta(days=days)
    return ApiToken.make(page=page, name="Program", scopes=scopes, expires_at=ends, by=by, at=now())[1]


def ask(address: str, token: str = "", **headers: Any) -> Any:
    said = {"Authorization": f"Bearer {token}"} if token else {}
    return Client().get(address, headers={**said, **headers})


def text_of(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_the_text_of_a_new_token_is_shown_once(page: Page, root: Client) -> None:
    answer = send(root, NEW, TOKENS, name="Grafana", scopes="page:read", expires_on="2030-01-01")
    assert answer.status_code == 200
    token = ApiToken.objects.get()
    shown = answer.content.decode().split('class="secret" type="text" readonly value="')[1].split('"')[0]
    assert ApiToken.opening(shown, scope="page:read", page=page, at=now()) == token
    assert shown not in root.get(TOKENS).content.decode()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "bad", [{"name": ""}, {"scopes": None}, {"scopes": "admin"}, {"expires_on": "2020-01-01"}, {"expires_on": "soon"}]
)
def test_bad_input_is_said_and_makes_none(page: Page, root: Client, bad: dict[str, Any]) -> None:
    answer = send(root, NEW, TOKENS, **{"name": "x", "scopes": "page:read", **bad})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_replacing_and_withdrawing(page: Page, root: Client) -> None:
    old = make_token(page, Scope.READ_AUDIT)
    token = ApiToken.objects.get()
    assert root.post(f"{TOKENS}/{token.pk}/successor").status_code == 200
    assert ApiToken.objects.count() == 2
    assert ask(f"/console/exports/{page.code}/audit.csv", old).status_code == 200
    assert root.post(f"{TOKENS}/{token.pk}/withdrawal").status_code == 303
    assert ask(f"/console/exports/{page.code}/audit.csv", old).status_code == 401


def test_a_private_page_and_its_api_are_read_with_a_token(page: Page) -> None:
    incident = make_incident(page, at=now())
    page.restrict(access=Access.SIGN_IN, by="test", at=now())
    token = make_token(page, Scope.READ_PAGE)
    for address in ("/", "/api/v2/summary.json", "/history.atom", f"/incidents/{incident.code}"):
        assert ask(address).status_code == 403, address
        answer = ask(address, token)
        assert answer.status_code == 200, address
        assert "no-store" in answer["Cache-Control"], address
        assert "Set-Cookie" not in answer.headers, address
        assert ask(address, make_token(page, Scope.READ_AUDIT)).status_code == 403, address
        assert ask(address, token[:-1]).status_code == 403, address


def test_c28_a_token_of_another_page_opens_nothing(page: Page) -> None:
    other = make_page(name="Other", host="other.example", at=now())
    page.restrict(access=Access.SIGN_IN, by="test", at=now())
    foreign = make_token(other, *Scope.values)
    assert ask("/", foreign).status_code == 403
    for name in ("audit", "subscribers"):
        assert ask(f"/console/exports/{page.code}/{name}.csv", foreign).status_code == 401
        assert ask(f"/console/exports/{other.code}/{name}.csv", foreign).status_code == 200


def test_c09_the_list_of_subscribers_takes_its_own_right_and_is_noted(page: Page) -> None:
    make_subscriber(page)
    address = f"/console/exports/{page.code}/subscribers.csv"
    assert ask(address).status_code == 401
    assert ask(address, make_token(page, Scope.READ_PAGE, Scope.READ_AUDIT)).status_code == 401
    assert "sam@example.com" in text_of(ask(address, make_token(page, Scope.READ_SUBSCRIBERS)))
    assert page.events.get(kind="subscribers.exported").actor_name == "token Program"


def test_the_audit_log_is_read_with_a_token_and_not_with_a_session(page: Page, root: Client) -> None:
    make_incident(page, at=now(), title="=cmd()")
    address = f"/console/exports/{page.code}/audit.csv"
    lines = text_of(ask(address, make_token(page, Scope.READ_AUDIT)))
    assert lines.startswith("number,at,who,what,words,about")
    assert "incident.opened" in lines
    assert root.get(address).status_code == 401
    assert ask("/console/exports/0123456789bc/audit.csv", "spg_x").status_code == 401


def test_a_token_opens_no_screen_of_the_console(page: Page) -> None:
    token = make_token(page, *Scope.values)
    for address in ("/console/", "/console/history", "/console/subscribers", "/admin/"):
        assert ask(address, token).status_code == 302


def test_what_was_withdrawn_or_expired_opens_nothing_with_the_next_request(page: Page) -> None:
    address = f"/console/exports/{page.code}/audit.csv"
    token = make_token(page, Scope.READ_AUDIT)
    assert ask(address, token).status_code == 200
    ApiToken.objects.update(expires_at=now())
    assert ask(address, token).status_code == 401


def test_six_hundred_calls_a_minute_is_all_a_token_has(page: Page) -> None:
    address = f"/console/exports/{page.code}/audit.csv"
    token = make_token(page, Scope.READ_AUDIT)
    statuses = [ask(address, token).status_code for _ in range(PER_MINUTE + 2)]
    # The minute of the clock may turn meanwhile.
    assert statuses[:PER_MINUTE] == [200] * PER_MINUTE
    refused = ask(address, token)
    assert refused.status_code in (200, 429)
    if refused.status_code == 429:
        assert refused["Retry-After"] == "60"
    assert 429 in statuses or statuses.count(200) > PER_MINUTE
