"""Events in words, for the audit list."""

from incidents.timeline.access import Access
from incidents.timeline.models import Event
from incidents.timeline.states import ComponentStatus

_KINDS = {
    "account.linked": "Account linked to single sign-on",
    "component.changed": "Component state set",
    "component.history_corrected": "Component history corrected",
    "draft.discarded": "Draft thrown away",
    "freeze.begun": "Frozen",
    "freeze.lifted": "Freeze lifted",
    "update.taken_back": "Post taken back before it left",
    "update.approved": "Post agreed to by a second person",
    "update.refused": "Post not published, draft again",
    "incident.drafted": "Incident drafted",
    "incident.suspected": "Incident suspected",
    "incident.suspected_again": "Dismissal taken back",
    "incident.dismissed": "Suspicion dismissed",
    "incident.command_taken": "Incident command taken",
    "maintenance.command_taken": "Command of maintenance taken",
    "postmortem.drafted": "Postmortem draft kept",
    "postmortem.submitted": "Postmortem ready for review",
    "postmortem.sent_back": "Postmortem sent back to its writers",
    "maintenance.arranged": "Maintenance: what happens by itself changed",
    "maintenance.reminded": "Reminder of maintenance sent",
    "action.in_progress": "Action item in progress",
    "page.dressed": "Look of the page changed",
    "page.restricted": "Readers of the page chosen",
    "page.feeds_moved": "Feeds of the page given new addresses",
}
"""Where the plain reading of the kind would be stilted."""


def sentence_of(event: Event) -> str:
    """Return what happened and to what: "Incident resolved: Elevated error rates"."""
    words = _KINDS.get(event.kind) or event.kind.replace(".", " ").replace("_", " ").capitalize()
    about = _about(event)
    return f"{words}: {about}" if about else words


def _about(event: Event) -> str:
    if event.kind == "component.changed":
        old, new = (str(ComponentStatus(event.payload[end]).label) for end in ("old", "new"))
        return f"{old} → {new}"
    if event.kind == "page.restricted":
        return str(Access(event.payload["access"]).label)
    if event.kind.endswith(".command_taken"):
        return " → ".join(name for name in (event.payload["from"], event.payload["to"]) if name)
    if event.update is not None:
        return event.update.incident.title
    for key in ("title", "name", "text", "reason"):
        if event.payload.get(key):
            return str(event.payload[key])[:120]
    return ""
