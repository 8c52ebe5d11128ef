"""Staff hear loudly of a post that was held and then could not be published; its text is a draft again."""

from typing import Any

from incidents.notifications.alarms import end_alarm, raise_alarm
from incidents.notifications.models import Alarm
from incidents.timeline.models import Draft, Event

REFUSED = "update.refused"
KEY = "unpublished:"

_ENDED_BY = ("incident.", "maintenance.", "draft.")
"""How kinds of events begin with which a draft may have come to its end."""


def tell_of_refusal(*, event_id: int, **_signal: Any) -> None:
    """Raise the alarm for a post that was refused when it was to leave; end those whose text found its way."""
    event = Event.objects.select_related("page").get(pk=event_id)
    if event.kind == REFUSED:
        _raise(event)
    elif event.kind.startswith(_ENDED_BY):
        _end_settled(event)


def _raise(event: Event) -> None:
    incident, draft = event.payload.get("incident", ""), event.payload.get("draft", "")
    raise_alarm(
        key=f"{KEY}{draft or event.pk}",
        page=event.page,
        sentence=f"What {event.actor_name} published is not on the page.",
        fix=f"{event.payload.get('reason', '')} The text is a draft again: mend it, then publish it once more.",
        path=f"/console/incidents/{incident}" if incident else f"/console/incidents/new?draft={draft}",
        at=event.at,
    )


def _end_settled(event: Event) -> None:
    going_on = Alarm.objects.going_on().filter(page=event.page_id, key__startswith=KEY)
    for key in list(going_on.values_list("key", flat=True)):
        if not Draft.objects.filter(page=event.page_id, code=key.removeprefix(KEY)).exclude(refusal="").exists():
            end_alarm(key, at=event.at)
