"""An outsider's walk: whatever is sent to any public address, nothing fails, and no fact changes."""

from collections.abc import Iterable
from itertools import count
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from incidents.notifications.models import Delivery
from incidents.subscriptions.models import Subscriber, SubscriptionRequest
from incidents.timeline.models import Event
from statuspage.readable_requests import made_readable
from tests.publishing.hostile import (
    BODIES,
    CHARSETS,
    FIRST,
    KINDS,
    TEXTS,
    Site,
    make_site,
    names,
    routes_of_strangers,
    secret_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FORM = "application/x-www-form-urlencoded"
IN_PARTS = ("NUL", "many digits", "overlong")

_clients = count(1)


@pytest.fixture
def site(settings: Any) -> Site:
    return make_site(settings)


class Stranger(Client):
    """Asks by way of what stands before Django, as statuspage/wsgi.py has it."""

    def request(self, **request: Any) -> Any:
        return super().request(**request) if made_readable(request) else HttpResponse(status=400)


def status(method: str, address: str, body: bytes | str = "", kind: str = FORM, **environ: str) -> int:
    """Return what a stranger is answered, each of another network: tries are counted."""
    number = next(_clients)
    client = Stranger(raise_request_exception=False, REMOTE_ADDR=f"10.{number >> 8 & 255}.{number & 255}.1")
    # generic() tells no kind of an empty body.
    told = {"CONTENT_TYPE": kind, **environ}
    answer = client.generic(method, address, body, kind, headers=secret_of(address), **told)
    return int(answer.status_code)


def failed(method: str, addresses: Iterable[str], *said: str, **environ: str) -> list[str]:
    return [one[:90] for one in addresses if status(method, one, *said, **environ) >= 500]


def facts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Event, Subscriber, SubscriptionRequest, Delivery))


def queries(text: str) -> list[str]:
    """Return `text` under every name, and under those that are looked at when the first of them are not there."""
    return ["&".join(f"{name}={text}" for name in asked) for asked in (names(), [*{*names()} - FIRST])]


def test_the_walk_comes_by_every_address_and_a_number_of_nothing_fails_nowhere(site: Site) -> None:
    before = facts()
    known = [*site.asked(), *site.once()]
    assert len(known) >= len([one for one in routes_of_strangers() if "token" not in one])
    assert {"/", "/subscribe", "/de/history/search", "/errors/ask", "/components", "/bounces/message"} <= {*known}
    answers = {address: status("GET", f"{address}?page={TEXTS['many digits']}") for address in known}
    assert [address for address, answer in answers.items() if answer >= 500] == []
    assert len([answer for answer in answers.values() if answer == 200]) > 80
    assert facts() == before


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_query_fails(site: Site, text: str) -> None:
    before = facts()
    assert failed("GET", [f"{address}?{query}" for address in site.asked() for query in queries(text)]) == []
    assert failed("GET", [f"{address}?page={text}" for address in ("/history", "/history.json", "/de/history")]) == []
    assert facts() == before


@pytest.mark.parametrize("text", [TEXTS[one] for one in IN_PARTS], ids=IN_PARTS)
def test_no_address_fails_whose_parts_nobody_gave_out(site: Site, text: str) -> None:
    before = facts()
    routes = [one for one in routes_of_strangers() if "<" in one.removeprefix("<language:language>")]
    addresses = [site.address(route, text=text) for route in routes if not route.startswith("<language")]
    addresses += [f"/{text}", f"/de/{text}", f"/api/v2/{text}", f"{site.tokens[1]}{text}"]
    assert failed("GET", addresses) == []
    assert failed("POST", addresses[-4:]) == []
    assert facts() == before


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_form_fails(site: Site, text: str) -> None:
    for query in queries(text):
        assert failed("POST", site.taking(), query) == []


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_fails(site: Site, body: bytes) -> None:
    for kind in KINDS:
        assert failed("POST", site.taking(), body, kind) == [], kind


@pytest.mark.parametrize("charset", CHARSETS)
def test_no_charset_fails(site: Site, charset: str) -> None:
    before, query = facts(), queries("%2B2AA-%5Cud800")[1]
    assert failed("GET", [f"{one}?{query}" for one in site.asked()], "", f"text/plain; charset={charset}") == []
    assert failed("POST", [f"{one}?{query}" for one in site.taking()], query, f"{FORM}; charset={charset}") == []
    assert facts() == before


def test_a_form_in_another_encoding_is_refused(site: Site) -> None:
    before = facts()
    sent = "email=sam%40elsewhere.example&what=page"
    assert status("POST", "/subscribe", sent, f"{FORM}; charset=utf-7") == 400
    assert facts() == before
    assert status("POST", "/subscribe", sent, f"{FORM}; charset=UTF-8") == 202


@pytest.mark.parametrize("name", ["sessionid", "page_pass", "csrftoken"])
def test_no_cookie_fails(site: Site, name: str) -> None:
    site.page.restrict(access="sign_in", by="test", at=site.page.created_at)
    addresses = ("/", "/history.atom", "/subscribe", "/enter", "/console/", "/console/sign-in", "/admin/")
    for cookie in (f'{name}="\\000aaaaaaaaaaaa"', f"{name}={'x' * 20_000}"):
        assert failed("GET", addresses, HTTP_COOKIE=cookie) == []
        assert failed("POST", addresses, HTTP_COOKIE=cookie) == []


@pytest.mark.parametrize("length", ["9" * 5_000, "-1", "x", "\xb2", " 7 "])
def test_no_length_fails(site: Site, length: str) -> None:
    assert failed("POST", site.taking(), "text=API", FORM, CONTENT_LENGTH=length) == []


@pytest.mark.parametrize("host", ["a\x00b", "x" * 5_000, "[::1", "[::g]", "a:b", "a:99999999", "m\xfcnchen", ".", ""])
def test_no_host_fails(site: Site, host: str) -> None:
    assert failed("GET", ("/", "/subscribe", "/hosts/ask", "/api/v2/nothing", "/nothing"), HTTP_HOST=host) == []
