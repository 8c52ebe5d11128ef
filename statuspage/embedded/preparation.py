"""What must be there before the first request: tables, static files, a staff login, a page."""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command, get_commands
from django.db import connections

from incidents.lib.clock import now
from incidents.subscriptions.tidying import tidy
from incidents.timeline.models import Page

ACTOR = "setup"


@dataclass(frozen=True)
class FirstLogin:
    """The staff login that was made; the password is empty where the operator chose it."""

    email: str
    password: str


def prepare(*, with_demo: bool) -> FirstLogin | None:
    """Bring the data folder up to date and return the login that was made, None where staff existed already.

    Safe to run at every start. Closes its database connections, so that no child inherits one.
    """
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    # A database that was restored learns who has left since, before anything is sent.
    tidy(at=now())
    login = make_first_login()
    make_first_page(with_demo=with_demo)
    connections.close_all()
    return login


def make_first_login() -> FirstLogin | None:
    """Make a staff login on a database without staff and return it, else None."""
    if User.objects.filter(is_staff=True).exists():
        return None
    email = settings.STATUSPAGE_ADMIN_EMAIL
    chosen = settings.STATUSPAGE_ADMIN_PASSWORD
    made_up = "" if chosen else secrets.token_urlsafe(12)
    User.objects.create_superuser(username=email, email=email, password=chosen or made_up)
    return FirstLogin(email, made_up)


def make_first_page(*, with_demo: bool) -> None:
    """Make a page on a database without one: the demo, or an empty page."""
    if Page.objects.exists():
        return
    if with_demo and "demo" in get_commands():
        call_command("demo")
    else:
        Page.create(name="Status", by=ACTOR, at=now())
