"""A site whose staff sign in through an identity provider, each in a process of its own, and browsers that do."""

import itertools
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.running.running import ROOT, RunningSite, command_environment, running_site
from tests.servers.finding import free_port
from tests.servers.identity.people import CLIENT, PASSWORD, SECRET
from tests.servers.identity.running import RunningProvider, running_identity_provider

OWN_PASSWORD = "correct horse battery"
BUTTON = "Staff login"
DOOR = "/console/sign-in"
RETURN = "/console/account/sso/oidc/sso/login/callback/"

STAFF = """
import django
django.setup()
from django.contrib.auth.models import User
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from incidents.lib.clock import now
from tests.build import make_component, make_incident, make_member, make_outsider
from incidents.timeline.models import Page
page = Page.objects.get()
make_component(page)
make_incident(page, at=now())
make_member(page, "responder", name="bob")
make_member(page, "viewer", name="vic")
make_member(page, "viewer", name="member")
User.objects.filter(username="member").update(email="member@staff.example")
TOTP.activate(make_member(page, "viewer", name="factor"), generate_totp_secret())
make_outsider()
User.objects.filter(pk=make_member(page, "viewer", name="gone").pk).update(is_active=False)
for name in ("twin", "twin2"):
    User.objects.filter(pk=make_member(page, "viewer", name=name).pk).update(email="twin@example.com")
"""


@dataclass
class Place:
    """The site and its identity provider."""

    site: RunningSite
    provider: RunningProvider
    data: Path

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what the site's database answers."""
        with sqlite3.connect(f"file:{self.data / 'statuspage.sqlite3'}?mode=ro", uri=True) as database:
            return list(database.execute(query, values))

    def accounts(self) -> list[tuple[Any, ...]]:
        """Return every account with its password, to see that nothing about them changed."""
        return self.rows("SELECT username, email, password, is_staff, is_active FROM auth_user ORDER BY id")

    def links(self) -> list[str]:
        """Return the names of the accounts that are linked to somebody at the provider."""
        found = self.rows("SELECT username FROM socialaccount_socialaccount s JOIN auth_user u ON u.id = s.user_id")
        return sorted(name for (name,) in found)


@dataclass
class Visitor:
    """Somebody at a browser."""

    tab: Page
    place: Place

    def open(self, path: str) -> int:
        """Open an address of the site; return the status."""
        answer = self.tab.goto(self.place.site.address + path)
        return answer.status if answer else 0

    def press(self, *, wanting: str = DOOR) -> None:
        """Go to a screen, be led to the door, and press the button there."""
        self.open(wanting)
        self.press_here()

    def press_here(self) -> None:
        """Press the button of the door that is open."""
        self.tab.get_by_role("button", name=BUTTON).click()

    def is_asked(self) -> None:
        """Wait until the provider asks who this is: a click does not wait for where it leads."""
        self.tab.get_by_role("heading", name="Provider").wait_for()

    def prove(self, name: str) -> None:
        """Type name and password at the provider."""
        self.is_asked()
        self.tab.fill("#id_username", name)
        self.tab.fill("#id_password", PASSWORD)
        self.tab.get_by_role("button", name="Prove it").click()

    def agree(self, answer: str = "Authorize") -> None:
        """Let the provider tell the site who this is, and wait to be led back."""
        self.tab.get_by_role("button", name=answer).click()
        self.tab.wait_for_url(f"{self.place.site.address}/**")

    def come_in(self, name: str, *, wanting: str = DOOR) -> None:
        """Do all of it."""
        self.press(wanting=wanting)
        self.prove(name)
        self.agree()

    def come_in_by_password(self, name: str) -> None:
        """Use the other door."""
        self.open(DOOR)
        self.tab.fill("#id_username", name)
        self.tab.fill("#id_password", OWN_PASSWORD)
        self.tab.click("button.primary")
        self.tab.wait_for_url("**/console/")

    def says(self) -> str:
        """Return what stands on the screen."""
        return self.tab.locator("main").inner_text()

    def is_in(self) -> bool:
        """Say whether the console opens."""
        return self.open("/console/") == 200 and "/console/sign-in" not in self.tab.url


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Both of them, with staff."""
    with running_place(tmp_path_factory.mktemp("place")) as place:
        yield place


@contextmanager
def running_place(folder: Path, **variables: str) -> Iterator[Place]:
    """Start the provider and the site; both stop at the end."""
    port = free_port()
    data = folder / "site"
    with running_identity_provider(folder / "provider", leads_back_to=f"http://127.0.0.1:{port}{RETURN}") as provider:
        said = {
            "OIDC_ISSUER": provider.issuer,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_CLIENT_SECRET": SECRET,
            "OIDC_NAME": BUTTON,
            "OIDC_MAIL_DOMAINS": "staff.example",
            "STATUSPAGE_ADMIN_EMAIL": "ada@example.com",
            "STATUSPAGE_ADMIN_PASSWORD": OWN_PASSWORD,
            # Each browser comes from an address of its own, so that none uses up the tries of the others.
            "TRUSTED_PROXY_COUNT": "1",
            **variables,
        }
        with running_site(data, "--no-demo", port=port, **said) as site:
            environment = {**command_environment(data, port, **said), "DJANGO_SETTINGS_MODULE": "statuspage.settings"}
            subprocess.run([sys.executable, "-c", STAFF], cwd=ROOT, env=environment, check=True)
            yield Place(site, provider, data)


_numbers = itertools.count(1)


@pytest.fixture
def visit(browser: Browser, place: Place) -> Iterator[Callable[[], Visitor]]:
    """Somebody new with each call."""
    contexts = []

    def new() -> Visitor:
        number = next(_numbers)
        address = f"198.51.{os.getpid() % 100}.{number % 250}"
        context = browser.new_context(extra_http_headers={"X-Forwarded-For": address})
        contexts.append(context)
        return Visitor(context.new_page(), place)

    yield new
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(visit: Callable[[], Visitor]) -> Visitor:
    """Somebody at a browser that was never here."""
    return visit()
