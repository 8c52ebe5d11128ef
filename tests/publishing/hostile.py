"""Every public address, and what nobody honest ever sends there."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.forms import Form
from django.urls import URLPattern, URLResolver, get_resolver

from incidents.lib.clock import now
from incidents.publishing.catalogue import FAMILIES
from incidents.publishing.searching.filters import HistoryFilters
from incidents.subscriptions.forms.manage import LeaveForm, MoveForm
from incidents.subscriptions.forms.scope import ScopeForm
from incidents.subscriptions.forms.subscribe import SubscribeForm
from incidents.subscriptions.links import paths_of, request_link
from incidents.subscriptions.models import SubscriptionRequest
from incidents.timeline.models import Page
from tests.build import ask, make_component, make_incident, make_maintenance, make_page, make_subscriber
from tests.guide.making import make_entry

TEXTS = {
    "NUL": "a%00b",
    "lone surrogate": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "many digits": "9" * 5_000,
    "superscript digit": "%C2%B2",
    "negative": "-1",
    "overlong": "x" * 20_000,
    "first day": "0001-01-01",
}
"""As they stand in an address: percent-encoded octets."""

CHARSETS = ("utf-7", "hex", "idna", "no-such")
BODIES = {
    "nothing": b"",
    "no UTF-8": b"\xff\xfe\x00",
    "a lone surrogate": b'{"text": "API \\ud800", "RecordType": "\\ud800", "event-data": {"event": "\\ud800"}}',
    "NUL": b'{"text": "API \\u0000", "RecordType": "Bounce", "Metadata": {"delivery": "\\u0000"}}',
    "many digits": b'{"text": ' + b"9" * 5_000 + b"}",
    "deep": b"[" * 100_000,
    "no number": b'{"text": NaN, "signature": {"timestamp": "1e999"}}',
    "a list": b"[1, null, {}]",
    "null": b"null",
    "long": b"x" * 200_000,
}
KINDS = ("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")

FIRST = {"page", "website", "channel", "again", "leave", "leave_incident", "follow_incident", "pause", "resume", "move"}
"""What is looked at before all else, so that nothing else is: asked for with it and without it."""

_READ_BY_HAND = (
    *("page", "affected", "range", "provider", "code", "incident", "saved", "moving", "recipient", "domain", "text"),
    *(
        "keep",
        "device",
        "next",
        "username",
        "password",
        "again",
        "leave",
        "leave_incident",
        "follow_incident",
        "confirm",
    ),
    *("pause", "resume", "move", "share", "renew_secret", "List-Unsubscribe"),
)


def names() -> list[str]:
    """Return every name that a public query or form is asked for."""
    forms: tuple[type[Form], ...] = (HistoryFilters, SubscribeForm, ScopeForm, LeaveForm, MoveForm)
    return list(dict.fromkeys([*(name for form in forms for name in form.base_fields), *_READ_BY_HAND]))


@dataclass(frozen=True)
class Site:
    """An installation that takes in everything it can, and what stands for the parts of its addresses."""

    page: Page
    codes: dict[str, str]
    tokens: tuple[str, ...]

    def address(self, route: str, *, text: str = "") -> str:
        """Return an address of a route: with what exists, or with `text` in each part."""
        return "/" + re.sub(r"<(\w+:)?(\w+)>", lambda part: self._part(part[1] or "", part[2], text), route)

    def asked(self) -> list[str]:
        """Return the addresses that are no documents: they read what a reader sends; whose link, where one is."""
        return [*(self.address(one) for one in self._asked_routes() if not one.startswith("<language")), *self.tokens]

    def taking(self) -> list[str]:
        """Return those of them that take in what is posted."""
        others = ("/history/", "/components", "/hosts/", "/errors/search", "/subscribe/expectation")
        return [one for one in self.asked() if not one.startswith(others) and not one.endswith("/")]

    def once(self) -> list[str]:
        """Return one address of each kind of document, and what is asked in the further language."""
        asked = set(self.asked())
        known = [self.address(one) for one in routes_of_strangers() if "token" not in one]
        return [one for one in dict.fromkeys(known) if one not in asked]

    def _asked_routes(self) -> list[str]:
        documents = {family.route for family in FAMILIES}
        routes = [one for one in routes_of_strangers() if one.removeprefix("<language:language>/") not in documents]
        return [one for one in routes if "token" not in one and one != "<language:language>"]

    def _part(self, kind: str, name: str, text: str) -> str:
        if kind == "language:":
            return "de"
        return text or self.codes.get(name, "400-499" if kind == "codes:" else self.codes["code"])


def make_site(settings: Any) -> Site:
    """Return a page with one of everything that addresses name, its doors for mail systems open."""
    settings.BOUNCE_SECRET, settings.BOUNCE_ADDRESS = "open sesame", "bounces@status.example.com"
    settings.MAIL_PROVIDER, settings.PROVIDER_WEBHOOK_SECRET = "postmark", "provider:open sesame"
    settings.MAIL_PROVIDER_WEBHOOK = "anymail.webhooks.postmark.PostmarkTrackingWebhookView"
    settings.ANYMAIL = {"WEBHOOK_SECRET": settings.PROVIDER_WEBHOOK_SECRET}
    settings.SUBSCRIPTIONS_PER_NETWORK = 100_000
    at = now()
    page = make_page(at=at - timedelta(days=400))
    page.edit(further_languages=["de"], by="test", at=page.created_at)
    api = make_component(page)
    incident = make_incident(page, at=at - timedelta(hours=3), components={api: "major_outage"})
    make_maintenance(page, at=at, components=[api])
    entry = make_entry(page, at=at, components=("API",), providers=("Gmail",))
    subscriber = make_subscriber(page, at=at)
    ask(page, email="new@example.com", at=at)
    confirm = request_link(SubscriptionRequest.objects.latest("pk")).partition("testserver")[2]
    tokens = (confirm, *paths_of(subscriber.code, subscriber.consents))
    return Site(page, {"code": incident.code, "slug": entry.slug, "name": "gmail"}, tokens)


def routes_of_strangers() -> list[str]:
    """Return the routes of Django's own list that are nobody's in particular: neither the console's nor the admin's."""
    found = [route for route in _routes(get_resolver()) if not route.startswith(("console/", "admin/"))]
    return list(dict.fromkeys(found))


def secret_of(address: str) -> dict[str, str]:
    """Return the header by which a mail system or a provider proves who it is."""
    if address.startswith("/bounces/message"):
        return {"Authorization": "Bearer open sesame"}
    if address.startswith("/bounces/provider"):
        return {"Authorization": f"Basic {b64encode(b'provider:open sesame').decode()}"}
    return {}


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from _routes(one, route)
