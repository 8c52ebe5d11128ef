"""Which events are news, and for which mail they are reason."""

from incidents.notifications.models import MailKind
from incidents.timeline.models import Event, Update


class NothingTold(LookupError):
    """The event has no update, so there is nothing to write about."""


_KINDS = {
    "incident.opened": MailKind.INCIDENT_OPENED,
    "incident.resolved": MailKind.INCIDENT_RESOLVED,
    "postmortem.published": MailKind.POSTMORTEM,
    "update.edited": MailKind.CORRECTION,
    "maintenance.scheduled": MailKind.MAINTENANCE_PLANNED,
    "maintenance.reminded": MailKind.MAINTENANCE_REMINDER,
    "maintenance.started": MailKind.MAINTENANCE_STARTED,
    "maintenance.completed": MailKind.MAINTENANCE_COMPLETED,
    "maintenance.moved": MailKind.MAINTENANCE_MOVED,
    "maintenance.cancelled": MailKind.MAINTENANCE_CANCELLED,
}


def is_news(event: Event) -> bool:
    """Say whether subscribers are to be told of `event`.

    Not of what was marked silent, is not public, was taken back before anybody was told, or
    happened long before it was entered (imported, back-filled).
    """
    update = event.update
    if not event.notify or update is None or update.removed_at is not None:
        return False
    incident = update.incident
    return incident.is_public and not incident.backfilled and not incident.imported_from


def told_update(event: Event) -> Update:
    """Return the update an event tells of. Raises NothingTold where there is none."""
    if event.update is None:
        raise NothingTold(f"Event {event} has no update.")
    return event.update


def kind_of(event: Event) -> MailKind:
    """Return the mail an event is reason for. Raises NothingTold."""
    if event.kind in _KINDS:
        return _KINDS[event.kind]
    if told_update(event).incident.is_maintenance:
        return MailKind.MAINTENANCE_UPDATED
    return MailKind.INCIDENT_UPDATED
