"""Staff hear loudly of a post that was held and then could not be published; its text is a draft again."""

from collections.abc import Mapping
from typing import Any

from incidents.notifications.alarms import end_alarm, raise_alarm
from incidents.notifications.models import Alarm
from incidents.timeline.models import Deed, Draft, Event
from incidents.timeline.models.kinds import STEPS

REFUSED = "update.refused"
KEY = "unpublished:"

_ENDED_BY = ("incident.", "maintenance.", "postmortem.", "draft.")
"""How kinds of events begin with which a draft may have come to its end."""


def tell_of_refusal(*, event_id: int, **_signal: Any) -> None:
    """Raise the alarm for a post that was refused when it was to leave; end those whose text found its way."""
    event = Event.objects.select_related("page").get(pk=event_id)
    if event.kind == REFUSED:
        _raise(event)
    elif event.kind.startswith(_ENDED_BY):
        _end_settled(event)


def _raise(event: Event) -> None:
    draft = event.payload.get("draft", "")
    raise_alarm(
        key=f"{KEY}{draft or event.pk}",
        page=event.page,
        sentence=f"What {event.actor_name} published is not on the page.",
        fix=f"{event.payload.get('reason', '')} The text is a draft again: mend it, then publish it once more.",
        path=_place(event.payload),
        at=event.at,
    )


def _place(payload: Mapping[str, Any]) -> str:
    """Return where the text is gone on with."""
    incident, deed = payload.get("incident", ""), payload.get("deed", "")
    if deed == Deed.SCHEDULE:
        return f"/console/maintenances/new?draft={payload.get('draft', '')}"
    if not incident:
        return f"/console/incidents/new?draft={payload.get('draft', '')}"
    if deed in STEPS:
        return f"/console/maintenances/{incident}/{deed}"
    if deed == Deed.MOVE:
        return f"/console/maintenances/{incident}/window"
    return f"/console/incidents/{incident}{'/postmortem' if deed == Deed.POSTMORTEM else ''}"


def _end_settled(event: Event) -> None:
    going_on = Alarm.objects.going_on().filter(page=event.page_id, key__startswith=KEY)
    for key in list(going_on.values_list("key", flat=True)):
        if not Draft.objects.filter(page=event.page_id, code=key.removeprefix(KEY)).exclude(refusal="").exists():
            end_alarm(key, at=event.at)
