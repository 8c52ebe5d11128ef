"""How the composer and the report open: empty, from a template, or as the draft somebody left."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.http import QueryDict

from incidents.console.forms.console_form import KeyedForm
from incidents.console.forms.incident import ReportForm, from_template
from incidents.console.forms.maintenance import ScheduleForm
from incidents.console.forms.postmortem import PostmortemForm
from incidents.console.forms.update import ComposeForm
from incidents.console.loading import postmortem_of
from incidents.lib.codes import new_code
from incidents.timeline.models import Component, Deed, Draft, Incident, IncidentTemplate, Page
from incidents.timeline.postmortems.sections import first_draft

Form = TypeVar("Form", bound=KeyedForm)


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
    if draft is not None and draft.deed == Deed.REPORT:
        form = reopened(ReportForm(typed(draft), page=page))
        form.retype({"draft": draft.code})
        return form, draft
    preset = template.component_states() if template else dict(states or {})
    initial = {**(from_template(template) if template else {}), "draft": new_code()}
    return ReportForm(page=page, preset=preset, initial=initial), None


def opened_plan(page: Page, *, draft_code: str, initial: Mapping[str, Any]) -> tuple[ScheduleForm, Draft | None]:
    """Return the planner: the draft of that code, else a new plan from `initial`."""
    draft = Draft.of(page, draft_code) if draft_code else None
    if draft is None or draft.deed != Deed.SCHEDULE:
        return ScheduleForm(page=page, initial={**initial, "draft": new_code()}), None
    form = reopened(ScheduleForm(typed(draft), page=page))
    form.retype({"draft": draft.code})
    return form, draft


def opened_postmortem(incident: Incident) -> tuple[PostmortemForm, Draft | None]:
    """Return the editor: what was taken back, else the draft of the postmortem, else the suggested sections."""
    draft = Draft.about(incident, Deed.POSTMORTEM)
    if draft is not None:
        return reopened(PostmortemForm(_with_text(typed(draft), "body", "draft"), incident=incident)), draft
    begun = postmortem_of(incident)
    text = begun.draft if begun else first_draft(incident)
    return PostmortemForm(incident=incident, initial={"draft": text}), None


def postmortem_fields(sent: QueryDict) -> dict[str, list[str]]:
    """Return what was sent from the editor as a draft keeps it: its text is the body, as of everything written."""
    return dict(_with_text(sent.copy(), "draft", "body").lists())


def _with_text(fields: QueryDict, name: str, other: str) -> QueryDict:
    """Return fields with the text called `other` instead of `name`."""
    text = fields.get(name, "")
    fields.pop(name, None)
    fields[other] = text
    return fields


def reopened(form: Form) -> Form:
    """Return a form filled from a draft: nothing in it is called a mistake yet, and sending it is a new request."""
    form.is_draft = True
    form.renew_request_key()
    return form


def typed(draft: Draft) -> QueryDict:
    """Return what was typed into a draft, as a form takes it."""
    fields = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        fields.setlist(name, list(values))
    return fields
