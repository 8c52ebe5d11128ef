"""What a webhook carries: Statuspage's payloads, key for key and in its order.

The incident is told as it stood with the update that is news, so that the payload of an older one,
sent again, says what it said. Times are UTC with three decimals, as captured. Source: captures of 2017
and the documentation of Statuspage's webhook notifications.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch

from incidents.lib.codes import derived_code
from incidents.lib.site import page_address
from incidents.lib.time_tokens import in_words
from incidents.notifications.news import told_update
from incidents.timeline.models import (
    Component,
    ComponentChange,
    Event,
    Incident,
    Page,
    Postmortem,
    Update,
    Visibility,
)
from incidents.timeline.states import MaintenancePhase
from incidents.timeline.system_status import system_status

Payload = dict[str, Any]


def incident_payload(event: Event) -> Payload:
    """Return `page` and `incident` for an event that tells of an update; a fixed number of queries.

    Raises NothingTold.
    """
    update = told_update(event)
    incident = update.incident
    updates = _updates_until(incident, event)
    return {"page": page_object(event.page), "incident": _incident_object(incident, updates, event)}


def component_payload(event: Event, component: Component) -> Payload:
    """Return `page`, `component` and `component_update` for a component that `event` moved to another state."""
    old, new = _change(event, component)
    return {
        "page": page_object(event.page),
        "component": {**_component_object(component), "status": new},
        "component_update": {
            "old_status": old,
            "new_status": new,
            "created_at": moment(event.at),
            "component_type": "Component",
            "id": derived_code(f"change {event.pk} {component.code}"),
            "component_id": component.code,
        },
    }


def meta_object(page: Page, *, unsubscribe: str, at: datetime) -> Payload:
    """Return `meta`, which is another one for each subscriber: `unsubscribe` ends the subscription."""
    documentation = f"{page_address(page.host)}/subscribe"
    return {"unsubscribe": unsubscribe, "documentation": documentation, "generated_at": moment(at)}


def page_object(page: Page) -> Payload:
    """Return the page's code and its state in Statuspage's words."""
    found = system_status(list(Component.objects.on(page).public().values_list("status", flat=True)))
    return {"id": page.code, "status_indicator": found.indicator, "status_description": found.description}


def moment(at: datetime) -> str:
    """Return "2017-12-26T07:32:00.507Z"."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _moment(at: datetime | None, event: Event) -> str | None:
    """Return a moment that was known when the event happened."""
    return moment(at) if at is not None and at <= max(event.at, told_update(event).posted_at) else None


def _updates_until(incident: Incident, event: Event) -> list[Update]:
    """Return the updates readers had with the event, newest first, the one it tells of among them."""
    public = ComponentChange.objects.filter(component__visibility=Visibility.PUBLIC).select_related("component__group")
    standing = incident.updates.standing().newest_first().select_related("phase")
    told = standing.filter(created_at__lte=max(event.at, told_update(event).created_at))
    return list(told.prefetch_related(Prefetch("component_changes", queryset=public)))


def _incident_object(incident: Incident, updates: list[Update], event: Event) -> Payload:
    newest = updates[0] if updates else told_update(event)
    postmortem = Postmortem.objects.filter(incident=incident, published_at__lte=event.at).first()
    maintenance = incident if incident.is_maintenance else None
    return {
        "name": incident.title,
        "status": _status(newest),
        "created_at": moment(incident.created_at),
        "updated_at": moment(max(newest.updated_at, event.at)),
        "monitoring_at": _moment(incident.monitoring_at, event),
        "resolved_at": _moment(incident.resolved_at, event),
        "impact": incident.impact,
        "shortlink": f"{page_address(event.page.host)}/incidents/{incident.code}",
        "postmortem_ignored": False,
        "postmortem_body": in_words(postmortem.body, event.page.zone) if postmortem else None,
        "postmortem_body_last_updated_at": moment(postmortem.updated_at) if postmortem else None,
        "postmortem_published_at": moment(postmortem.published_at)
        if postmortem and postmortem.published_at is not None
        else None,
        "postmortem_notified_subscribers": bool(postmortem and postmortem.update and postmortem.update.notify),
        "postmortem_notified_twitter": False,
        "backfilled": incident.backfilled,
        "scheduled_for": moment(maintenance.scheduled_for) if maintenance and maintenance.scheduled_for else None,
        "scheduled_until": moment(maintenance.scheduled_until) if maintenance and maintenance.scheduled_until else None,
        "scheduled_remind_prior": bool(incident.remind_minutes),
        "scheduled_reminded_at": moment(event.at) if event.kind == "maintenance.reminded" else None,
        "impact_override": incident.impact_override or None,
        "scheduled_auto_in_progress": incident.auto_start,
        "scheduled_auto_completed": incident.auto_finish,
        "id": incident.code,
        "page_id": event.page.code,
        "incident_updates": [_update_object(update, incident) for update in updates],
        "components": [_component_object(component) for component in _components_of(incident)],
    }


def _update_object(update: Update, incident: Incident) -> Payload:
    return {
        "status": _status(update),
        "body": in_words(update.body, incident.page.zone),
        "created_at": moment(update.created_at),
        "wants_twitter_update": False,
        "twitter_updated_at": None,
        "updated_at": moment(update.updated_at),
        "display_at": moment(update.posted_at),
        "affected_components": _changes(update.component_changes.all()),
        "custom_tweet": None,
        "deliver_notifications": update.notify,
        "id": update.code,
        "incident_id": incident.code,
    }


def _changes(changes: Iterable[ComponentChange]) -> list[Payload] | None:
    """Return None, never an empty list, for an update that names no component."""
    told = [
        {
            "code": one.component.code,
            "name": one.component.full_name,
            "old_status": one.old,
            "new_status": one.new,
        }
        for one in changes
    ]
    return told or None


def _components_of(incident: Incident) -> list[Component]:
    public = Component.objects.public().filter(affected__incident=incident)
    return list(public.select_related("group", "page").order_by("position", "pk").distinct())


def _component_object(component: Component) -> Payload:
    return {
        "status": component.status,
        "name": component.name,
        "created_at": moment(component.created_at),
        "updated_at": moment(component.updated_at),
        "position": component.position,
        "description": component.description or None,
        "showcase": component.showcase,
        "id": component.code,
        "page_id": component.page.code,
        "group_id": component.group.code if component.group else None,
    }


def _change(event: Event, component: Component) -> tuple[str, str]:
    if event.update is None:
        return event.payload["old"], event.payload["new"]
    change = event.update.component_changes.get(component=component)
    return change.old, change.new


def _status(update: Update) -> str:
    """Return the canonical phase; Statuspage knows no cancelled maintenance, so it is completed."""
    canonical = update.phase.canonical
    return MaintenancePhase.COMPLETED.value if canonical == MaintenancePhase.CANCELLED else canonical
