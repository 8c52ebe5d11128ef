"""What must be there before the first request: tables, static files, a staff login, a page."""

from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connections

from incidents.lib.clock import now
from incidents.staff.models import SetUp
from incidents.subscriptions.tidying import tidy
from incidents.timeline.models import Page
from statuspage.embedded.collecting import collect_static_files

ACTOR = "setup"


@dataclass(frozen=True)
class FirstLogin:
    """How the first person comes in: with the login of the environment (`email`), or by the link with `token`."""

    email: str = ""
    token: str = ""


def prepare(*, with_demo: bool) -> FirstLogin | None:
    """Bring the data folder up to date and return how the first person comes in, None where somebody is in already.

    Safe to run at every start. Closes its database connections, so that no child inherits one.
    """
    call_command("migrate", verbosity=0, interactive=False)
    collect_static_files()
    # A database that was restored learns who has left since, before anything is sent.
    tidy(at=now())
    login = make_first_login()
    make_first_page(with_demo=with_demo)
    connections.close_all()
    return login


def make_first_login() -> FirstLogin | None:
    """Make the login of the environment on a database without one, or offer the set-up; None where somebody is in."""
    token = SetUp.offer()
    if not token:
        return None
    email, password = settings.STATUSPAGE_ADMIN_EMAIL, settings.STATUSPAGE_ADMIN_PASSWORD
    if not password:
        return FirstLogin(token=token)
    SetUp.close(token, email=email, name="", password=password, at=now())
    return FirstLogin(email=email)


def make_first_page(*, with_demo: bool) -> None:
    """Make a page on a database without one: the demo, or an empty page."""
    if Page.objects.exists():
        return
    if with_demo and "demo" in get_commands():
        call_command("demo")
    else:
        Page.create(name="Status", by=ACTOR, at=now())
