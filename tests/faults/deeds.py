"""What people do while something is broken, by the verbs the console and the public pages call."""

from datetime import timedelta
from tempfile import NamedTemporaryFile

from celery import current_app
from django.core.management import call_command
from django.db import connection

from incidents.lib.clock import now
from incidents.notifications.doorbell import CANARY
from incidents.notifications.mending import resume_channel
from incidents.notifications.models import Canary
from incidents.subscriptions.models import Subscriber
from incidents.subscriptions.suppression.keeping import write_what_is_missing
from incidents.timeline.events import recorded
from incidents.timeline.models import Incident, Page
from tests.build import make_component, make_incident, make_maintenance, make_page, make_subscriber, make_subscribers
from tests.notifications.channels.building import make_endpoint


def prepare(subscribers: int) -> str:
    """Make a page that `reader0@example.com` and so on follow; return its code."""
    page = make_page(at=now())
    make_component(page)
    make_subscribers(page, subscribers, at=now())
    # The first of a process reads every template; that is not what a broken broker costs.
    make_incident(page, title="An incident nobody is told of", notify=False, at=now())
    connection.close()
    return page.code


def report(title: str = "Elevated error rates on the API") -> str:
    """Open an incident on the page; return its code."""
    return make_incident(Page.objects.get(), title=title, at=now()).code


def post(incident: str, body: str = "We found the cause.", phase: str = "") -> int:
    """Post an update; return its event's number."""
    found = Incident.objects.get(code=incident)
    chosen = Page.objects.get().phase(phase) if phase else None
    found.post_update(body=body, phase=chosen, by="ada", at=now())
    return int(Page.objects.get().last_seq)


def leave_all(addresses: list[str]) -> None:
    """Let many unsubscribe."""
    for address in addresses:
        leave(address)


def import_list(addresses: list[str]) -> None:
    """Take a list over, as staff does from the command line."""
    with NamedTemporaryFile("w", suffix=".csv") as file:
        print("email", *addresses, sep="\n", file=file, flush=True)
        call_command("subscribers", "import", file.name, evidence="They ticked a box at the fair.")


def write_journal() -> int:
    """Write what a full disk kept out of the journal; return how many lines are still missing."""
    return write_what_is_missing()


def resume_mail() -> None:
    """Let mail go on, as the console does after something was mended."""
    resume_channel("email", by="ada", at=now())


def add_webhooks(addresses: list[str]) -> None:
    """Add endpoints that agreed and follow the whole page."""
    for address in addresses:
        make_endpoint(Page.objects.get(), address)


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


def forget_canaries() -> None:
    """Forget when a worker last took a task."""
    Canary.objects.all().delete()


def send_canary() -> bool:
    """Put a canary into the queue of news; return whether the broker took it."""
    try:
        current_app.send_task(CANARY, queue="news", expires=60, retry=False)
    except Exception:  # noqa: BLE001 - the broker is away, which is what the run is about
        return False
    return True


def plan_maintenance() -> str:
    """Plan a short maintenance that begins in a moment; return its code."""
    page = Page.objects.get()
    starts_at = now() + timedelta(seconds=2)
    ends_at = starts_at + timedelta(seconds=8)
    planned = make_maintenance(page, at=now(), starts_at=starts_at, ends_at=ends_at, auto_start=True, auto_finish=True)
    return planned.code
