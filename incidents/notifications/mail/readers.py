"""What differs from reader to reader of the same news."""

from collections import defaultdict
from collections.abc import Iterable
from html import escape

from incidents.lib.names import joined
from incidents.notifications.mail.plain import wrapped
from incidents.notifications.mail.rendering import Marks
from incidents.notifications.mail.story import Story
from incidents.subscriptions.links import manage_path, unsubscribe_path
from incidents.subscriptions.models import Scope, Subscriber

NAMED_AT_MOST = 5

Reasons = dict[int, str]
"""What each subscriber (by key) follows, in words."""


def reasons_of(subscribers: Iterable[int], *, incident_ids: Iterable[int]) -> Reasons:
    """Return what subscribers follow, for the line that says why they got a mail."""
    names: dict[int, list[str]] = defaultdict(list)
    whole_page: set[int] = set()
    scopes = Scope.objects.filter(subscriber__in=list(subscribers)).select_related("component", "incident")
    concerned = set(incident_ids)
    for scope in scopes.order_by("component__position", "pk"):
        if scope.component is not None:
            names[scope.subscriber_id].append(scope.component.name)
        elif scope.incident is None:
            whole_page.add(scope.subscriber_id)
        elif scope.incident_id in concerned:
            names[scope.subscriber_id].append(f"“{scope.incident.title}”")
    return {key: _reason(key in whole_page, names[key]) for key in {*names, *whole_page}}


def personal_texts(subscriber: Subscriber, story: Story, marks: Marks, reasons: Reasons) -> dict[str, str]:
    """Return the text for each mark."""
    followed = reasons.get(subscriber.pk, "")
    why = f"You follow {followed} on {story.page_name} status." if followed else f"You follow {story.page_name} status."
    unsubscribe = story.address + unsubscribe_path(subscriber)
    return {
        marks.manage: story.address + manage_path(subscriber),
        marks.unsubscribe: unsubscribe,
        marks.leave: f"{unsubscribe}?incident={story.incident_code}",
        marks.why: wrapped(why),
        marks.why_html: escape(why),
    }


def _reason(is_whole_page: bool, names: list[str]) -> str:  # noqa: FBT001
    if is_whole_page:
        return "everything"
    if len(names) > NAMED_AT_MOST:
        return f"{len(names)} components"
    return joined(names)
