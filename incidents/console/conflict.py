"""Two people at once: what somebody else said on an incident since a form was opened."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from incidents.lib.numbers import whole_number
from incidents.timeline.models import Component, ComponentChange, Event, HeldPost, Incident, Update
from incidents.timeline.states import ComponentStatus

NOTHING = "-"
"""Stands for an incident on which nothing was said when the form was opened."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A component both speak of."""

    component: Component
    theirs: str
    """Their state, in words."""
    by: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands, or is about to, that the person has not seen; `disputes` are what both speak of."""

    updates: list[Update]
    held: list[HeldPost]
    disputes: list[Dispute]


def seen_now(incident: Incident) -> str:
    """Return what a form opened now has seen: the newest update, and what is about to be published."""
    newest = incident.updates.order_by("-pk").values_list("code", flat=True).first()
    held = incident.held_posts.pending().values_list("pk", flat=True)
    return " ".join([newest or NOTHING, *map(str, held)])


def conflict_since(
    incident: Incident, seen: str, *, said: Mapping[Component, str], request_key: str
) -> Conflict | None:
    """Return what was said since the form that has `seen`; None for nothing, and for a request sent again.

    `said` are the states the form sets.
    """
    if not seen or _was_sent_before(incident, request_key):
        return None
    newest, *known = seen.split()
    held_before = [pk for pk in map(whole_number, known) if pk is not None]
    updates = list(_updates_since(incident, newest, held_before))
    held = list(incident.held_posts.pending().exclude(pk__in=held_before).exclude(request_key=request_key))
    if not updates and not held:
        return None
    return Conflict(updates, held, _disputes(updates, said))


def _was_sent_before(incident: Incident, request_key: str) -> bool:
    """Say whether the same form came before: a double click or a retry is no second voice."""
    if not request_key:
        return False
    page = incident.page
    return (
        Event.objects.filter(page=page, request_key=request_key).exists()
        or HeldPost.objects.filter(page=page, request_key=request_key).exists()
    )


def _updates_since(incident: Incident, newest: str, held_before: list[int]) -> QuerySet[Update]:
    became = HeldPost.objects.filter(pk__in=held_before).exclude(update=None).values("update")
    later = incident.updates.standing().newest_first().exclude(pk__in=became).select_related("phase")
    last = incident.updates.filter(code=newest).values_list("pk", flat=True).first()
    return later.filter(pk__gt=last or 0).prefetch_related("component_changes__component")


def _disputes(updates: list[Update], said: Mapping[Component, str]) -> list[Dispute]:
    """Return each component of `said` that an unseen update speaks of too, with the newest word on it."""
    theirs: dict[int, tuple[ComponentChange, Update]] = {}
    for update in reversed(updates):
        theirs.update({change.component_id: (change, update) for change in update.component_changes.all()})
    return [
        Dispute(component, str(ComponentStatus(theirs[component.pk][0].new).label), theirs[component.pk][1].author_name)
        for component in said
        if component.pk in theirs
    ]
