"""Acceptance 5: every address of the console and of the admin x every role x one's own and foreign things.

What is allowed is read from the table of duties; what happens is asked of the site. Each cell is one request inside one
transaction that is taken back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from incidents.console import urls
from incidents.console.duties import DUTIES, FOR_PROGRAMS, OPEN_TO_ALL, About, Right
from incidents.guide.models import UnmatchedText
from incidents.lib.clock import now
from incidents.notifications.models import Delivery
from incidents.staff.models import ApiToken, Invitation, Membership
from incidents.staff.roles import Role
from incidents.timeline.models import Component, Event, IncidentTemplate, Page
from tests.build import (
    make_component,
    make_group,
    make_incident,
    make_maintenance,
    make_member,
    make_outsider,
    make_page,
    make_staff,
    make_subscriber,
)
from tests.console.proving import prove
from tests.guide.making import make_entry

REFUSED = 403
MISSING = 404
ROLES = list(Role)
NOT_THERE = 999_999_999
NAMED_BY_THE_WRITER = {"draft", "draft_discard", "held"}
"""A draft has the name its form gave it; a post of another page is told of as one there never was."""
METHODS = ["get", "post"]


def routes() -> list[URLPattern]:
    """Return every address of the console that people come to."""
    found = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]
    assert len(found) == len(urls.urlpatterns)
    return [pattern for pattern in found if pattern.name not in OPEN_TO_ALL | FOR_PROGRAMS]


@dataclass(frozen=True)
class Place:
    """A page with one of everything an address can name."""

    page: Page
    component: Component
    given: dict[str, dict[str, Any]]

    def address(self, route: URLPattern) -> str:
        """Return the address of a route with what it names on this page."""
        name = str(route.name)
        kind = next((kind for kind in self.given if name.startswith(kind)), "")
        values = {**self.given[""], **self.given[kind]}
        needed = {key: values[key] for key in route.pattern.converters}
        return reverse(f"console:{name}", kwargs=needed)


def make_place(*, host: str = "") -> Place:
    """Return a page with one of everything."""
    at = now()
    page = make_page(name=host or "Acme", host=host, at=at)
    component = make_component(page)
    incident = make_incident(page, at=at, components={component: "partial_outage"})
    maintenance = make_maintenance(page, at=at, components=[component])
    template = IncidentTemplate.keep(page=page, name="API errors", body="Some fail.", by="test", at=at)
    subscriber = make_subscriber(page)
    letter = Delivery.objects.filter(page=page).latest("pk")
    owner = User.objects.filter(is_superuser=True).first() or make_staff(name="root")
    member = make_member(page, "viewer", name=f"member-{page.code}")
    token, _text = ApiToken.make(page=page, name="x", scopes=["page:read"], expires_at=None, by=owner, at=at)
    invitation, _secret = Invitation.make(email="x@example.com", page=page, role="viewer", by=owner, at=at)
    of_incident = {"code": incident.code, "update": incident.updates.get().code, "number": NOT_THERE}
    given: dict[str, dict[str, Any]] = {
        "component": {"code": component.code},
        "entry": {"code": make_entry(page, at=at).code},
        "unmatched": {"number": UnmatchedText.note(page=page, masked="x", words=("x",), code="", at=at).pk},
        "group": {"code": make_group(page).code},
        "maintenance": {"code": maintenance.code, "name": "cancel"},
        "window": {"code": maintenance.code},
        "template": {"number": template.pk},
        "subscriber": {"code": subscriber.code},
        "member": {"number": Membership.objects.get(user=member).pk},
        "token": {"number": token.pk},
        "invitation": {"number": invitation.pk},
        "channel": {"channel": "email"},
        "delivery_channel": {"channel": "email"},
        "import": {"number": NOT_THERE},
        "letter": {"number": letter.pk},
        "delivery_replay": {"number": letter.pk},
        "": {**of_incident, "channel": "email", "name": "cancel"},
    }
    return Place(page, component, given)


@pytest.fixture
def here(db: None) -> Place:
    return make_place()


def signed_in(user: User) -> Client:
    """Return somebody who has just proved who they are."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    prove(client, user)
    return client


def answers(client: Client, place: Place) -> Iterator[tuple[str, str, Right | None, int]]:
    """Yield (route, method, what it takes, status) for each cell; nothing of it stays."""
    for route in routes():
        for method in METHODS:
            with transaction.atomic():
                status = getattr(client, method)(place.address(route)).status_code
                transaction.set_rollback(True)
            duty = DUTIES[str(route.name)]
            yield str(route.name), method, duty.right(method.upper()), status


def may_be(status: int, *, right: Right | None, is_allowed: bool) -> bool:
    """Say whether a status is what the table asks for. Who may act may still be told of bad input or a missing row."""
    if right is None:
        # Somebody let in hears that the method is wrong, others that it is not for them.
        return status in (405, REFUSED)
    return status != REFUSED and status < 500 if is_allowed else status == REFUSED


def test_every_address_of_the_console_has_a_duty_and_every_duty_an_address() -> None:
    names = {str(route.name) for route in routes()}
    assert names - set(DUTIES) == set(), "Give these a line in incidents/console/duties.py"
    assert set(DUTIES) - names == set(), "These have no address any more"


def test_an_address_without_a_line_is_refused_to_everybody(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(DUTIES, "more")
    assert signed_in(make_staff()).get("/console/more").status_code == REFUSED


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_the_table_says_and_nothing_else(here: Place, role: Role) -> None:
    client = signed_in(make_member(here.page, role))
    for name, method, right, status in answers(client, here):
        if name == "page_new":
            assert status == REFUSED, (name, method, status)
            continue
        is_allowed = right is not None and role.covers(right.least)
        assert may_be(status, right=right, is_allowed=is_allowed), (name, method, status)


@pytest.mark.parametrize("role", [Role.RESPONDER, Role.EDITOR])
def test_who_answers_for_other_components_acts_on_none_of_these(here: Place, role: Role) -> None:
    other = make_component(here.page, name="Their own")
    client = signed_in(make_member(here.page, role, components=[other]))
    for name, method, right, status in answers(client, here):
        if right is None or not role.covers(right.least) or name == "page_new":
            assert status in (REFUSED, 405), (name, method, status)
        elif right.about == About.PAGE:
            assert status == REFUSED, (name, method, status)
        elif right.about == About.COMPONENTS and names_a_component(name):
            assert status == MISSING, (name, method, status)
        else:
            assert status not in (REFUSED, 500), (name, method, status)


def names_a_component(name: str) -> bool:
    """Say whether the address itself names a component, or an incident or a maintenance that affects one."""
    route = next(route for route in routes() if route.name == name)
    return "code" in route.pattern.converters


@pytest.mark.parametrize("role", ROLES)
def test_what_is_on_another_page_is_not_there(here: Place, role: Role) -> None:
    there = make_place(host="other.example")
    client = signed_in(make_member(here.page, role))
    before = Event.objects.filter(page=there.page).count()
    for route in routes():
        named = set(route.pattern.converters) - {"channel"}
        if not named or str(route.name) in NAMED_BY_THE_WRITER:
            continue
        for method in METHODS:
            status = getattr(client, method)(there.address(route)).status_code
            assert status in (REFUSED, MISSING, 405), (route.name, method, status)
    assert Event.objects.filter(page=there.page).count() == before
    assert client.post("/console/page/choice", {"page": there.page.code}).status_code == MISSING


@pytest.mark.parametrize("name", ["incidents", "updates", "maintenances"])
def test_a_component_of_others_cannot_be_slipped_into_a_form(here: Place, name: str) -> None:
    mine = make_component(here.page, name="Mine")
    client = signed_in(make_member(here.page, "editor", components=[mine]))
    incident = make_incident(here.page, at=now(), components={mine: "partial_outage"})
    address = reverse(f"console:{name}", kwargs={"code": incident.code} if name == "updates" else {})
    for said in ({f"state_{here.component.code}": "major_outage"}, {"components": here.component.code}):
        assert client.post(address, {"title": "T", "body": "B", **said}).status_code == MISSING
    here.component.refresh_from_db()
    assert here.component.status == "partial_outage"


def test_a_limit_is_felt_with_the_next_request(here: Place) -> None:
    bob = make_member(here.page, "responder")
    client = signed_in(bob)
    assert client.get("/console/incidents/new").status_code == 200
    Membership.give(user=bob, page=here.page, role="viewer", by="test", at=now())
    assert client.get("/console/incidents/new").status_code == REFUSED
    Membership.objects.get(user=bob).end(by="test", at=now())
    assert client.get("/console/").status_code == REFUSED


def rows() -> list[tuple[str, int]]:
    """Return a digest of everything in the database but sessions."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            if table not in {Session._meta.db_table, "django_migrations"}:
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
                found.append((table, hash(repr(sorted(map(repr, cursor.fetchall()))))))
    return found


def test_get_changes_nothing(here: Place) -> None:
    client = signed_in(make_staff())
    before = rows()
    for route in routes():
        client.get(here.address(route))
        client.head(here.address(route))
    assert rows() == before


def admin_addresses() -> list[str]:
    """Return the address of every route of the admin."""
    found = []
    for name in get_resolver("statuspage.urls").namespace_dict["admin"][1].reverse_dict:
        for arguments in ([], ["1"], ["1", "1"], ["auth"]):
            try:
                found.append(reverse(f"admin:{name}", args=arguments))
            except NoReverseMatch:
                continue
            break
    return found


def test_the_admin_is_for_superusers_only(here: Place) -> None:
    addresses = [address for address in admin_addresses() if "/jsi18n/" not in address and "/logout/" not in address]
    assert len(addresses) > len(admin.site._registry)
    owner = make_member(None, "owner", name="olga")
    for user in (None, make_outsider(), make_member(here.page, "editor"), owner):
        client = signed_in(user) if user else Client()
        for address in addresses:
            for method in METHODS:
                answer = getattr(client, method)(address)
                assert answer.status_code == 302, (address, method)
                assert answer.url.startswith(("/admin/login/?next=", "/console/sign-in?next=")), address
    ada = signed_in(make_staff())
    for address in addresses:
        if "/login/" not in address:
            assert ada.get(address).status_code in (200, 301, 302, 403, 404), address
