"""Incidents and maintenance in the admin: rows to look at, and "Post update" through the verb."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict

from incidents.console.admin.read_only import ReadOnlyAdmin, ReadOnlyInline
from incidents.console.admin.verbs import acting_user, ask_then_act
from incidents.console.forms.console_form import KeyedForm
from incidents.console.forms.fields import ChosenField, ProseField, SwitchField
from incidents.lib.clock import now
from incidents.timeline.models import Affected, Incident, Phase, Update
from incidents.timeline.refusals import UnknownPhase
from incidents.timeline.states import IncidentPhase

_SAID_HERE = set(IncidentPhase.values) - {IncidentPhase.POSTMORTEM.value}
"""Canonical phases an update may enter here; the others have verbs of their own."""


class UpdateWordsForm(KeyedForm):
    """What "Post update" asks for; the phases are those the pages of the chosen rows offer."""

    body = ProseField(label="Text")
    phase = ChosenField(label="Phase")
    notify = SwitchField(label="Tell subscribers", initial=True)

    def __init__(self, data: QueryDict | None, *, rows: QuerySet[Incident]) -> None:
        super().__init__(data)
        phases = Phase.objects.filter(page__in=rows.values("page")).order_by("page", "position")
        offered = {one.slug: one.label for one in phases if one.canonical in _SAID_HERE}
        self.fields["phase"].choices = [("", "As it is"), *offered.items()]  # type: ignore[attr-defined]


class UpdateRows(ReadOnlyInline):
    """What was said."""

    model = Update
    fields = ("code", "phase", "posted_at", "author_name", "body", "removed_at")
    readonly_fields = fields


class AffectedRows(ReadOnlyInline):
    """What it affected."""

    model = Affected
    fields = ("component", "worst")
    readonly_fields = fields


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    """Incidents and maintenance with their updates."""

    list_display = ("title", "page", "kind", "phase", "impact", "visibility", "impact_started_at")
    list_filter = ("page", "kind", "visibility", "impact")
    list_select_related = ("page", "phase")
    search_fields = ("title", "code")
    inlines = (UpdateRows, AffectedRows)
    actions = ("post_update",)

    def has_post_update_permission(self, request: HttpRequest) -> bool:
        """Let in whoever may add updates."""
        return request.user.has_perm("incidents.add_update")

    @admin.action(description="Post update", permissions=["post_update"])
    def post_update(self, request: HttpRequest, rows: QuerySet[Incident]) -> HttpResponse | None:
        """Post one text on each chosen incident."""
        return ask_then_act(
            self,
            request,
            rows.select_related("page", "phase"),
            action="post_update",
            title="Post update",
            button="Post update",
            make_form=lambda sent: UpdateWordsForm(sent, rows=rows),
            act=lambda incident, form: _post(incident, form.cleaned_data, acting_user(request)),
        )


def _post(incident: Incident, said: dict[str, Any], by: User) -> Update:
    key = f"{said['request_key']}-{incident.pk}" if said["request_key"] else ""
    words = {"body": said["body"], "notify": said["notify"], "request_key": key}
    if incident.is_maintenance and said["phase"]:
        raise UnknownPhase("Start, finish, move or cancel a maintenance in the console.", field="phase")
    if said["phase"] == IncidentPhase.RESOLVED:
        return incident.resolve(by=by, at=now(), **words)
    phase = incident.page.phase(said["phase"]) if said["phase"] else None
    return incident.post_update(phase=phase, by=by, at=now(), **words)
