"""The console as somebody on call sees it: an incident, a suspicion, a maintenance, mail on its way."""

from datetime import datetime, timedelta
from typing import Any

WIDTHS = (360, 1_280)


def build_console(page: Any, *, at: datetime) -> tuple[dict[str, str], str]:
    """Add to the demonstration what only staff see; return the path of each screen, and a session of Ada's."""
    # Models can be imported only in a Django that was set up.
    from django.test import Client

    from incidents.console.access import CHOSEN_PAGE
    from incidents.timeline.models import Incident, Postmortem
    from tests.build import make_staff, make_subscribers

    ada = make_staff()
    make_subscribers(page, 1_248, at=at - timedelta(days=40))
    incident = Incident.objects.on(page).open().incidents().get()
    update = incident.post_update(
        body="Changes made from now on arrive in seconds again. The delayed ones follow, oldest first.",
        phase=page.phase("identified"),
        next_update_due_at=at + timedelta(minutes=30),
        by=ada,
        at=at - timedelta(minutes=1),
    )
    deliver(update, at=at)
    components = list(page.components.filter(status="operational")[:1])
    Incident.prepare(
        page=page,
        title="Sign-in fails for some",
        visibility="suspected",
        components=components,
        detected_by="monitoring",
        by="monitoring",
        at=at - timedelta(minutes=2),
    )
    tell_times(page)
    page.edit(postmortem_due_days=5, by=ada, at=at)
    ended = Incident.objects.on(page).incidents().filter(resolved_at__isnull=False, imported_from="").first()
    Postmortem.write(incident=ended, draft=REPORT, by=ada, at=at)
    client = Client()
    client.force_login(ada)
    session = client.session
    session[CHOSEN_PAGE] = page.code
    session.save()
    template = page.templates.filter(kind="incident").first()
    paths = {
        "now": "/console/",
        "incident": f"/console/incidents/{incident.code}",
        "report": f"/console/incidents/new?template={template.pk}",
        "deliveries": f"/console/incidents/{incident.code}/updates/{update.code}/deliveries",
        "planner": "/console/maintenances/new",
        "postmortem": f"/console/incidents/{ended.code}/postmortem",
        "scorecard": "/console/scorecard",
    }
    return paths, str(session.session_key)


REPORT = """## Summary

For 42 minutes one in five calls failed.

## Impact

1,940 calls failed; none of them changed anything.
"""


def tell_times(page: Any) -> None:
    """Let the made-up past count, and say when its incidents were noticed and taken on."""
    from incidents.timeline.models import Incident

    for number, one in enumerate(Incident.objects.on(page).incidents().filter(backfilled=True)):
        one.backfilled = False
        one.detected_at = one.impact_started_at + timedelta(minutes=2 + number % 4)
        one.acknowledged_at = one.detected_at + timedelta(minutes=1 + number % 3)
        one.save()


def deliver(update: Any, *, at: datetime) -> None:
    """Leave the mails about an update as they are half a minute after it: most sent, some refused, the rest waiting."""
    from incidents.notifications.fanout import fan_out
    from incidents.notifications.models import Delivery

    event = update.events.get()
    fan_out(event_id=event.pk)
    rows = list(Delivery.objects.filter(event=event).order_by("pk").values_list("pk", flat=True))
    answers = (
        (rows[:812], {"state": "sent", "sent_at": at, "attempts": 1}),
        (rows[812:815], {"state": "failed", "last_answer": FULL, "fault": "recipient_temporary", "attempts": 6}),
        (rows[815:817], {"state": "bounced", "last_answer": GONE, "fault": "recipient_permanent", "attempts": 1}),
        # Nobody takes them while the pictures are made.
        (rows[817:], {"next_try_at": at + timedelta(days=1)}),
    )
    for keys, fields in answers:
        Delivery.objects.filter(pk__in=keys).update(**fields)


FULL = "Given up after 6 tries. The mailbox is full: 452 4.2.2 Over quota"
GONE = "The mailbox does not exist or takes no mail: 550 5.1.1 No such user"
