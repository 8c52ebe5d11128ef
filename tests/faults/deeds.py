"""What people do while something is broken, by the verbs the console and the public pages call."""

from django.db import connection

from incidents.lib.clock import now
from incidents.subscriptions.models import Subscriber
from incidents.timeline.events import recorded
from incidents.timeline.models import Incident, Page
from tests.build import make_component, make_incident, make_page, make_subscriber, make_subscribers


def prepare(subscribers: int) -> str:
    """Make a page that `reader0@example.com` and so on follow; return its code."""
    page = make_page(at=now())
    make_component(page)
    make_subscribers(page, subscribers, at=now())
    connection.close()
    return page.code


def report(title: str = "Elevated error rates on the API") -> str:
    """Open an incident on the page; return its code."""
    return make_incident(Page.objects.get(), title=title, at=now()).code


def post(incident: str, body: str = "We found the cause.", phase: str = "") -> int:
    """Post an update; return its event's number."""
    found = Incident.objects.get(code=incident)
    found.post_update(body=body, by="ada", at=now(), **({"phase": phase} if phase else {}))
    return int(Page.objects.get().last_seq)


def leave(address: str) -> None:
    """Unsubscribe as the page does."""
    Subscriber.objects.get(address=address).leave(at=now())


def lose_rings() -> None:
    """Wake no worker from now on."""
    recorded.disconnect(dispatch_uid="ring_fan_out")


def take_back(incident: str) -> None:
    """Remove the newest update of an incident."""
    update = Incident.objects.get(code=incident).updates.standing().newest_first()[0]
    update.remove(by="ada", at=now(), reason="Posted by mistake")


def subscribe(address: str) -> None:
    """Ask and confirm, as the page does."""
    make_subscriber(Page.objects.get(), email=address, at=now())
