"""Doing what was said: the verb of each deed, with arguments that may have been kept for a while."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from incidents.timeline.models.event import Actor
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import Deed
from incidents.timeline.models.maintenance import Maintenance
from incidents.timeline.models.page import Page
from incidents.timeline.models.postmortem import Postmortem
from incidents.timeline.models.translation import Translation
from incidents.timeline.models.update import Update

_OF_MAINTENANCE: dict[str, Callable[..., Update]] = {
    Deed.START: Maintenance.start,
    Deed.FINISH: Maintenance.finish,
    Deed.CANCEL: Maintenance.cancel,
    Deed.MOVE: Maintenance.move,
}


def do(
    deed: str,
    *,
    page: Page,
    incident: Incident | None,
    said: Mapping[str, Any],
    request_key: str,
    by: Actor,
    at: datetime,
) -> Update:
    """Run the verb of `deed` with the arguments `said` and return the update readers are told of.

    `incident` is None for what begins one. Raises what the verb raises.
    """
    with page.locked():
        if deed == Deed.SCHEDULE:
            return _first(Maintenance.schedule(page=page, request_key=request_key, by=by, at=at, **said))
        if incident is None:
            return _first(Incident.open(page=page, request_key=request_key, by=by, at=at, **said))
        if deed == Deed.POSTMORTEM:
            return _publish(incident, by=by, at=at, **said)
        if deed in _OF_MAINTENANCE:
            maintenance = Maintenance.objects.select_related("phase", "page").get(pk=incident.pk)
            return _OF_MAINTENANCE[deed](maintenance, by=by, at=at, **said)
        present = Incident.objects.select_related("phase", "page").get(pk=incident.pk)
        return present.post_update(request_key=request_key, by=by, at=at, **said)


def _first(incident: Incident) -> Update:
    return incident.updates.select_related("incident").order_by("pk")[0]


def _publish(
    incident: Incident, *, body: str, translations: Mapping[str, str], notify: bool, by: Actor, at: datetime
) -> Update:
    present = Incident.objects.select_related("phase", "page").get(pk=incident.pk)
    postmortem = Postmortem.write(incident=present, draft=body, by=by, at=at)
    Translation.of_postmortem(present, translations, by=by, at=at)
    # Publishing sees to it that there is one.
    return cast("Update", postmortem.publish(by=by, at=at, notify=notify).update)
