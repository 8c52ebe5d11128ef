"""What the screen for a new incident shows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, Max, Q, When

from incidents.console.audience import audience
from incidents.console.forms.incident import ReportForm
from incidents.console.preview import preview_of_update
from incidents.lib.codes import may_be_code, new_code
from incidents.timeline.models import Component, Draft, IncidentKind, IncidentTemplate, Page
from incidents.timeline.placeholders import VARIABLES
from incidents.timeline.states import ComponentStatus

RECENT = timedelta(days=30)
CHIPS = 4


def report_screen(
    page: Page,
    form: ReportForm,
    *,
    asked: Mapping[str, str],
    at: datetime,
    draft: Draft | None = None,
    who: bool = False,
) -> dict[str, Any]:
    """Return what the report needs. `asked` is the query string; `who` asks for what the recipients follow."""
    if not may_be_code(str(form["draft"].value() or "")):
        form.retype({"draft": new_code()})
    return {
        "now": at,
        "form": form,
        "draft": draft,
        "templates": _templates(page, _code(asked)),
        "variables": VARIABLES,
        "likely": _likely_components(page, at=at),
        "audience": audience(
            page,
            components=form.concerned(),
            impact=form.impact(),
            notify=bool(form["notify"].value()),
            by_reason=who,
        ),
        "preview": _preview(page, form, at=at) if form.is_bound else None,
    }


def asked_component(page: Page, asked: Mapping[str, str]) -> dict[Component, str]:
    """Return the component named by `?component=` in its present state, for "open with this"."""
    found = Component.objects.on(page).living().filter(code=_code(asked))
    worse = ComponentStatus.DEGRADED_PERFORMANCE
    return {one: one.status if one.status != ComponentStatus.OPERATIONAL else str(worse) for one in found}


def _code(asked: Mapping[str, str]) -> str:
    code = asked.get("component", "")
    return code if may_be_code(code) else ""


def _templates(page: Page, component: str) -> list[IncidentTemplate]:
    """Return the templates, those that name the component asked about first, then the most used."""
    templates = list(page.templates.filter(kind=IncidentKind.INCIDENT).order_by("-uses", "name"))
    matching = set(page.templates.filter(components__component__code=component).values_list("pk", flat=True))
    return sorted(templates, key=lambda template: template.pk not in matching)


def _likely_components(page: Page, *, at: datetime) -> list[Component]:
    """Return the components to offer first: those in trouble, then those of the newest incidents."""
    living = Component.objects.on(page).living()
    latest = Max("affected__incident__created_at")
    recent = living.annotate(last=latest).filter(~Q(status=ComponentStatus.OPERATIONAL) | Q(last__gte=at - RECENT))
    is_well = Case(When(status=ComponentStatus.OPERATIONAL, then=1), default=0)
    return list(recent.order_by(is_well, F("last").desc(nulls_last=True), "pk")[:CHIPS])


def _preview(page: Page, form: ReportForm, *, at: datetime) -> Any:
    form.is_valid()
    return preview_of_update(
        page=page,
        incident=None,
        body=form.cleaned_data.get("body", ""),
        phase=form.cleaned_data.get("phase") or form.phases[0],
        states=form.states(),
        posted_at=form.cleaned_data.get("posted_at") or at,
        at=at,
        facts=form.facts(at=at),
    )
