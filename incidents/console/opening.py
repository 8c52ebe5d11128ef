"""How the composer and the report open: empty, from a template, or as the draft somebody left."""

from collections.abc import Mapping

from django.http import QueryDict

from incidents.console.forms.incident import ReportForm, from_template
from incidents.console.forms.update import ComposeForm
from incidents.lib.codes import new_code
from incidents.timeline.models import Component, Draft, Incident, IncidentTemplate, Page


def opened_update(
    incident: Incident, *, template: IncidentTemplate | None = None, phase: str = ""
) -> tuple[ComposeForm, Draft | None]:
    """Return the composer of an incident, with its draft in it where there is one.

    A template asked for is put under the draft; a phase asked for is chosen in it.
    """
    draft = Draft.of(incident.page, incident.code)
    if draft is None:
        form = ComposeForm(incident=incident, template=template, phase=phase)
        form.initial["draft"] = incident.code
        return form, None
    form = ComposeForm(typed(draft), incident=incident)
    form.is_draft = True
    form.retype({"draft": incident.code})
    form.renew_request_key()
    form.catch_up()
    if template is not None:
        form.insert(template)
    elif phase:
        form.retype({"phase": phase})
        form.follow_phase()
    return form, draft


def opened_report(
    page: Page,
    *,
    draft_code: str = "",
    template: IncidentTemplate | None = None,
    states: Mapping[Component, str] | None = None,
) -> tuple[ReportForm, Draft | None]:
    """Return the report form: the draft of that code, else a new one from a template or with some states set."""
    draft = Draft.of(page, draft_code) if draft_code else None
    if draft is not None and draft.incident is None:
        form = ReportForm(typed(draft), page=page)
        form.is_draft = True
        form.retype({"draft": draft.code})
        form.renew_request_key()
        return form, draft
    preset = template.component_states() if template else dict(states or {})
    initial = {**(from_template(template) if template else {}), "draft": new_code()}
    return ReportForm(page=page, preset=preset, initial=initial), None


def typed(draft: Draft) -> QueryDict:
    """Return what was typed into a draft, as a form takes it."""
    fields = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        fields.setlist(name, list(values))
    return fields
