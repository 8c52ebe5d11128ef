"""What is going on and what is planned on the demonstration page, and its templates."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from incidents.exchange.demo.components import CALENDAR, EUROPE, WEBHOOKS
from incidents.timeline.models import Component, Incident, IncidentKind, IncidentTemplate, Maintenance, Page
from incidents.timeline.states import ComponentStatus, DetectedBy


def tell_present(page: Page, components: Mapping[str, Component], *, by: str, at: datetime) -> None:
    """Add a maintenance that was, one that is to come, templates, and an open incident."""
    _finish_maintenance(page, components, by=by, at=at)
    _keep_templates(page, components, by=by, at=at - timedelta(days=1))
    _plan_maintenance(page, components, by=by, at=at)
    _open_incident(page, components, by=by, at=at)


def _finish_maintenance(page: Page, components: Mapping[str, Component], *, by: str, at: datetime) -> None:
    starts_at = _night(page, at=at, days=-11)
    maintenance = Maintenance.schedule(
        page=page,
        title="Moving webhooks to new servers",
        body="We move the delivery of webhooks to new servers. Calls may come up to five minutes late; none is lost.",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        components=[components[WEBHOOKS]],
        notify=False,
        by=by,
        at=starts_at - timedelta(days=4),
    )
    maintenance.start(by=by, at=starts_at, notify=False)
    maintenance.finish(by=by, at=starts_at + timedelta(minutes=48), notify=False)


def _plan_maintenance(page: Page, components: Mapping[str, Component], *, by: str, at: datetime) -> None:
    starts_at = _night(page, at=at, days=3)
    Maintenance.schedule(
        page=page,
        title="Database upgrade in Europe",
        body=(
            "We upgrade the database of our European region. Reading keeps working; for about ten minutes "
            "changes are kept and written afterwards."
        ),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        components=[components[EUROPE]],
        auto_finish=True,
        remind_minutes=[60],
        notify=False,
        by=by,
        at=at - timedelta(hours=20),
    )


def _open_incident(page: Page, components: Mapping[str, Component], *, by: str, at: datetime) -> None:
    incident = Incident.open(
        page=page,
        title="Calendar changes arrive late",
        body="Changes to events take several minutes to show up, and some webhooks follow late. We are on it.",
        components={
            components[CALENDAR]: ComponentStatus.PARTIAL_OUTAGE.value,
            components[WEBHOOKS]: ComponentStatus.DEGRADED_PERFORMANCE.value,
        },
        impact_started_at=at - timedelta(minutes=21),
        detected_by=DetectedBy.MONITORING,
        notify=False,
        by=by,
        at=at - timedelta(minutes=18),
    )
    incident.post_update(
        body=(
            "A queue of changes is full: one large calendar is synchronised over and over. "
            "We have paused it and are working through the rest."
        ),
        phase=page.phase("identified"),
        next_update_due_at=at + timedelta(minutes=25),
        notify=False,
        by=by,
        at=at - timedelta(minutes=5),
    )


def _keep_templates(page: Page, components: Mapping[str, Component], *, by: str, at: datetime) -> None:
    IncidentTemplate.keep(
        page=page,
        name="Something is wrong",
        title="Trouble with ",
        body="We see errors and are finding out what is behind them. The next update follows within 30 minutes.",
        phase=page.phase("investigating"),
        by=by,
        at=at,
    )
    IncidentTemplate.keep(
        page=page,
        name="A provider is down",
        title="Outage at one of our providers",
        body="A provider we depend on reports an outage. We are in touch with them and watch for its end.",
        phase=page.phase("identified"),
        by=by,
        at=at,
    )
    IncidentTemplate.keep(
        page=page,
        name="Upgrade at night",
        kind=IncidentKind.MAINTENANCE,
        title="Upgrade of ",
        body="We upgrade a part of our systems at night. It may be unavailable for a few minutes.",
        components={components[EUROPE]: ComponentStatus.UNDER_MAINTENANCE.value},
        by=by,
        at=at,
    )


def _night(page: Page, *, at: datetime, days: int) -> datetime:
    """Return two o'clock in the page's zone, so many days from today."""
    return datetime.combine(page.today(at=at) + timedelta(days=days), time(2, 0), tzinfo=page.zone)
