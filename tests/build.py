"""Builders with good defaults: the cast the tests share.

Page Acme with components API and Web, staff Ada, outsider Eve, subscriber Sam. Every builder goes through the
verbs the product uses.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from PIL import Image

from incidents.staff.models import Membership
from incidents.subscriptions.models import Scope, Subscriber, SubscriptionRequest
from incidents.subscriptions.tokens import CONFIRM, make_token
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Component, ComponentGroup, Incident, Maintenance, Page

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""The instant most tests happen at."""

PASSWORD = "correct horse battery"
"""Everybody's."""


def minutes(count: float) -> timedelta:
    """Return a number of minutes."""
    return timedelta(minutes=count)


def seconds(count: float) -> timedelta:
    """Return a number of seconds."""
    return timedelta(seconds=count)


def make_page(*, name: str = "Acme", at: datetime = NOON - timedelta(days=100), **fields: Any) -> Page:
    """Return a page made 100 days before NOON; what is published on it leaves at once."""
    fields.setdefault("hold_seconds", 0)
    return Page.create(name=name, by="test", at=at, **fields)


def a_logo(*, width: int = 200, height: int = 60, kind: str = "PNG") -> bytes:
    """Return a picture somebody might upload."""
    out = BytesIO()
    Image.new("RGB", (width, height), "#1f4fd8").save(out, kind)
    return out.getvalue()


def make_group(page: Page, *, name: str = "Core platform") -> ComponentGroup:
    """Return a component group."""
    return ComponentGroup.add(page=page, name=name, by="test", at=page.created_at)


def make_component(page: Page, *, name: str = "API", **fields: Any) -> Component:
    """Return an operational component as old as its page."""
    return Component.add(page=page, name=name, by="test", at=page.created_at, **fields)


def make_incident(page: Page, *, at: datetime = NOON, **fields: Any) -> Incident:
    """Return an open, public incident with one update."""
    fields.setdefault("title", "Elevated error rates on the API")
    fields.setdefault("body", "Some requests fail. We are looking for the cause.")
    return Incident.open(page=page, by="test", at=at, **fields)


def make_maintenance(page: Page, *, at: datetime = NOON, **fields: Any) -> Maintenance:
    """Return a maintenance that starts in a day and lasts two hours."""
    fields.setdefault("title", "Database upgrade")
    fields.setdefault("body", "We move the database to a newer version.")
    fields.setdefault("starts_at", at + timedelta(days=1))
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(hours=2))
    return Maintenance.schedule(page=page, by="test", at=at, **fields)


def make_staff(*, name: str = "ada") -> User:
    """Return a staff member who may do everything."""
    return _account(name, is_staff=True, is_superuser=True)


def make_member(page: Page | None, role: str, *, name: str = "bob", components: Iterable[Component] = ()) -> User:
    """Return somebody with a role on a page (None: on every page), limited to the components where any are given."""
    member = _account(name)
    Membership.give(user=member, page=page, role=role, components=components, by="test", at=NOON)
    return member


def make_outsider(*, name: str = "eve") -> User:
    """Return somebody with an account but no business in the console."""
    return _account(name)


def _account(name: str, **rights: bool) -> User:
    return User.objects.create(
        username=name, email=f"{name}@example.com", password=_hashed(settings.PASSWORD_HASHERS[0]), **rights
    )


@cache
def _hashed(_hasher: str) -> str:
    """Return everybody's password as the hasher in use keeps it: the real one needs a third of a second each time."""
    return make_password(PASSWORD)


EVERYTHING = Wish()
"""The wish of somebody who follows the whole page."""


def ask(
    page: Page,
    *,
    email: str = "sam@example.com",
    wish: Wish = EVERYTHING,
    at: datetime = NOON - timedelta(days=1),
    client: str = "",
) -> SubscriptionRequest:
    """Return the request of somebody who entered an address; a day before NOON."""
    return SubscriptionRequest.ask(page=page, address=email, wish=wish, client=client or _client_of(email), at=at)


def _client_of(email: str) -> str:
    """Return an IP address in a network of its own for each address: one network may ask ten times an hour only."""
    digest = hashlib.sha256(email.encode()).digest()
    return f"10.{digest[0]}.{digest[1]}.1"


def make_subscriber(
    page: Page,
    *,
    email: str = "sam@example.com",
    wish: Wish = EVERYTHING,
    at: datetime = NOON - timedelta(days=1),
    client: str = "",
) -> Subscriber:
    """Return somebody who asked and confirmed."""
    request = ask(page, email=email, wish=wish, at=at, client=client)
    return SubscriptionRequest.confirm(make_token(CONFIRM, request.code), at=at)


def make_subscribers(page: Page, count: int, *, at: datetime = NOON - timedelta(days=1), start: int = 0) -> None:
    """Add many who follow the whole page, in two statements; `start` numbers the first."""
    rows = Subscriber.objects.bulk_create(
        Subscriber(
            page=page,
            address=f"reader{number}@example.com",
            address_key=f"reader{number}@example.com",
            state="active",
            consents=1,
            created_at=at,
            confirmed_at=at,
        )
        for number in range(start, start + count)
    )
    Scope.objects.bulk_create(Scope(subscriber=row, created_at=at) for row in rows)
