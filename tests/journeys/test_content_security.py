"""Acceptance 6: a browser walks through every screen of the console and of the account and reports no violation of the
content security policy; the policy holds no `unsafe-*`."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from incidents.lib.clock import now
from incidents.staff.models import Invitation, SetUp
from incidents.timeline.models import Page
from tests.build import (
    PASSWORD,
    make_component,
    make_incident,
    make_member,
    make_page,
    make_staff,
    make_subscriber,
    minutes,
)

pytestmark = pytest.mark.django_db(transaction=True)

LISTENER = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.broken.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@pytest.fixture
def page() -> Page:
    page = make_page(at=now() - minutes(60))
    api = make_component(page)
    make_incident(page, at=now(), components={api: "partial_outage"}, body="<script>alert(1)</script>")
    make_subscriber(page)
    return page


@pytest.fixture
def tab(browser: Browser, live_server: LiveServer) -> Iterator[Tab]:
    context = browser.new_context(base_url=live_server.url)
    context.add_init_script(LISTENER)
    yield context.new_page()
    context.close()


def assert_clean(tab: Tab, address: str) -> None:
    """Open an address and read what the browser refused there."""
    answer = tab.goto(address)
    assert answer is not None
    assert answer.status < 500, address
    policy = answer.headers["content-security-policy"]
    assert "unsafe-" not in policy, address
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy, address
    assert tab.evaluate("window.broken") == [], address


SCREENS = [
    *("now", "more", "incidents", "incident_new", "maintenances", "maintenance_new", "components", "component_new"),
    *("group_new", "templates", "template_new", "page", "look", "readership", "place", "trials", "subscribers"),
    *(
        "subscriber_new",
        "import_new",
        "deliveries",
        "outbox",
        "history",
        "people",
        "invitations",
        "tokens",
        "token_new",
    ),
]
ACCOUNT = [
    *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_generate_recovery_codes"),
    *("usersessions_list", "account_change_password", "account_reauthenticate"),
]


def test_no_screen_breaks_the_policy(page: Page, tab: Tab, live_server: LiveServer) -> None:
    make_staff()
    assert_clean(tab, "/console/sign-in")
    tab.fill("#id_username", "ada")
    tab.fill("#id_password", PASSWORD)
    tab.click("text=Sign in >> nth=1")
    tab.wait_for_url("**/console/")
    incident = page.incidents.get()
    assert_clean(tab, reverse("console:incident", args=[incident.code]))
    assert_clean(tab, reverse("account_reauthenticate"))
    tab.fill("input[type=password]", PASSWORD)
    with tab.expect_navigation(url=lambda url: not url.endswith(reverse("account_reauthenticate"))):
        tab.click("button.primary")
    for name in SCREENS:
        assert_clean(tab, reverse(f"console:{name}"))
    for name in ACCOUNT:
        assert_clean(tab, reverse(name))
    assert_clean(tab, "/")
    assert_clean(tab, f"/incidents/{incident.code}")


def test_the_doors_for_strangers_break_it_neither(page: Page, tab: Tab, live_server: LiveServer) -> None:
    _invitation, secret = Invitation.make(email="bea@example.com", page=page, role="viewer", by=make_staff(), at=now())
    for address in (reverse("console:accept", args=[secret]), reverse("account_reset_password"), "/console/nothing"):
        assert_clean(tab, address)
    User.objects.all().delete()
    assert_clean(tab, reverse("console:set_up", args=[SetUp.offer()]))


@pytest.mark.parametrize("address", ["/", "/console/", "/console/nothing", "/console/sign-in", "/admin/", "/nothing"])
@pytest.mark.parametrize("method", ["get", "post", "put", "trace"])
def test_every_answer_carries_the_policy_and_refuses_to_be_sniffed(page: Page, address: str, method: str) -> None:
    client = Client()
    client.force_login(make_member(page, "viewer"))
    answer = getattr(client, method)(address)
    assert "unsafe-" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer.status_code < 500
