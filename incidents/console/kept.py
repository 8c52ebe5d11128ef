"""What somebody typed before their session ended: carried through the sign-in, shown again, never acted on."""

from dataclasses import dataclass
from typing import cast

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

SESSION_KEY = "console.kept"
"""Session key of the sealed text, between the sign-in and the next form that is sent."""

FIELD = "kept"
"""Field of the sign-in form that carries the sealed text."""

REOPENED = frozenset(
    {
        "incidents",
        "incident_preview",
        "incident_audience",
        "incident_edit",
        "incident_discard",
        "updates",
        "update_preview",
        "update_audience",
        "update_states",
        "update_insert",
        "update_edit",
        "update_edit_preview",
        "update_remove",
        "postmortem",
        "postmortem_preview",
        "postmortem_publish",
        "actions",
        "action",
        "action_state",
        "maintenances",
        "maintenance_preview",
        "maintenance_step",
        "window",
        "components",
        "component",
        "groups",
        "group",
        "templates",
        "template_preview",
        "template",
        "page",
        "phases",
    }
)
"""Names of the addresses whose form is shown again: they act through `attempt` only, or not at all."""

_SALT = "console.kept"
_SECONDS = 24 * 60 * 60
_NEVER_KEPT = ("csrfmiddlewaretoken", "password")


class KeptFields(QueryDict):
    """The fields of a form that was sent without a session. `attempt` shows them and does not act."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent without a session: the path it went to, and its fields."""

    path: str
    fields: KeptFields


def sealed(request: HttpRequest) -> str:
    """Return what was posted, signed and good for a day; "" where there is no form to show again."""
    if not _is_reopened(request.path_info):
        return ""
    fields = request.POST.copy()
    for name in _NEVER_KEPT:
        fields.pop(name, None)
    said = {"path": request.path_info, "fields": fields.urlencode()}
    return signing.dumps(said, salt=_SALT, compress=True)


def unsealed(seal: str) -> Kept | None:
    """Return what `sealed` made `seal` of; None for anything else, or after a day."""
    try:
        said = signing.loads(seal, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    fields = cast(KeptFields, KeptFields(said["fields"]))
    return Kept(said["path"], fields) if _is_reopened(said["path"]) else None


def carry_text(request: HttpRequest) -> bool:
    """Put the text that came with a sign-in into the session until that is over; say whether any came."""
    seal = request.POST.get(FIELD, "")
    is_kept = unsealed(seal) is not None
    if is_kept:
        request.session[SESSION_KEY] = seal
    return is_kept


def _is_reopened(path: str) -> bool:
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return found.namespace == "console" and found.url_name in REOPENED
