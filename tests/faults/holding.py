"""What the processes of the tests of held posts do, on a database of their own."""

from datetime import timedelta

from django.test import Client

from incidents.lib.clock import now
from incidents.publishing.follower import sweep
from incidents.timeline.holding import release_due
from incidents.timeline.models import Deed, HeldPost, Incident
from tests.build import make_component, make_incident, make_page, make_staff, make_subscriber

HOLD_SECONDS = 6
"""Long enough to kill a process in, short enough to wait for."""

NOTE = "The second note."


def prepare_held() -> str:
    """Make a page that holds, with a reader, an open incident and staff; return the key of a session."""
    at = now() - timedelta(minutes=20)
    page = make_page(at=at, hold_seconds=HOLD_SECONDS)
    make_subscriber(page, at=at)
    make_incident(page, at=at, components={make_component(page): "partial_outage"})
    sweep()
    client = Client()
    client.force_login(make_staff())
    return client.session.session_key or ""


def hold_one() -> None:
    """Hold an update whose time has come."""
    incident = Incident.objects.get()
    HeldPost.hold(
        page=incident.page,
        deed=Deed.UPDATE,
        incident=incident,
        arguments={"body": NOTE},
        request_key="one",
        by="ada",
        at=now() - timedelta(minutes=1),
    )


def release_at_once() -> None:
    """Release what is due."""
    release_due(at=now())
