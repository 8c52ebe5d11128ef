"""A passkey, made and used in a real browser with an authenticator of its own."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from incidents.lib.clock import now
from tests.build import PASSWORD, make_page, make_staff, minutes

pytestmark = pytest.mark.django_db(transaction=True)

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_opens_the_console_without_a_password(browser: Browser, live_server: LiveServer) -> None:
    make_page(at=now() - minutes(60))
    make_staff()
    # Passkeys belong to a name, never to an address of four numbers.
    context = browser.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    tab = context.new_page()
    keys = context.new_cdp_session(tab)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    tab.goto("/console/sign-in")
    tab.fill("#id_username", "ada")
    tab.fill("#id_password", PASSWORD)
    tab.click("button.primary")
    tab.wait_for_url("**/console/")
    tab.goto("/console/account/passkeys/new")
    tab.fill("input[type=password]", PASSWORD)
    tab.click("button.primary")
    tab.locator("#mfa_webauthn_add").wait_for()
    # The script that asks for the passkey listens from here on.
    tab.wait_for_load_state()
    tab.click("#mfa_webauthn_add")
    tab.wait_for_url("**/console/account/recovery")
    context.clear_cookies()
    tab.goto("/console/sign-in")
    tab.click("#passkey_login")
    tab.wait_for_url("**/console/")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Now")
    context.close()
