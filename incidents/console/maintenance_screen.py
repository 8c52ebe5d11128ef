"""What the screens of maintenance show, whichever view answers with them."""

from datetime import datetime
from typing import Any

from incidents.console.access import StaffRequest
from incidents.console.audience import Audience, audience
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.maintenance import REMINDERS, MoveForm, ScheduleForm
from incidents.console.forms.page import zones
from incidents.console.held_screen import held_act
from incidents.console.planner import plan_of, reminder_words
from incidents.console.preview import preview_of_text
from incidents.timeline.models import Component, IncidentKind, Maintenance
from incidents.timeline.models.writing import facts_of
from incidents.timeline.placeholders import VARIABLES, shown

OWN_ZONE = "console.zone"
"""Session key: the time zone of the person's own clock, where they or their browser said it."""


def planner_screen(request: StaffRequest, form: ScheduleForm, *, at: datetime) -> dict[str, Any]:
    """Return the plan in `form` with everything that is known of it."""
    if form.is_bound:
        form.is_valid()
    page, concerned = request.page, form.concerned()
    starts_at, _ = form.moments()
    reminded = audience(page, components=concerned, is_maintenance=True)
    rule = getattr(form, "cleaned_data", {}).get("rule", "")
    return {
        "now": at,
        "form": form,
        "templates": list(page.templates.filter(kind=IncidentKind.MAINTENANCE).order_by("-uses", "name")),
        "audience": plan_reaches(form),
        "concerned": concerned,
        "variables": {name: meaning for name, meaning in VARIABLES.items() if name != "next_update"},
        "preview": preview_of_text(_text(form)),
        "plan": plan_of(page, form, at=at, month=request.POST.get("month", ""), components=concerned, rule=rule),
        "rule": rule,
        "reminders": [
            (minutes, reminder_words(reminded, minutes=int(minutes), starts_at=starts_at, at=at))
            for minutes, _ in REMINDERS
        ],
        "zones": zones(),
    }


def plan_reaches(form: ScheduleForm) -> Audience:
    """Return whom the announcement in the form would reach."""
    notify = bool(form["notify"].value())
    return audience(form.page, components=form.concerned(), is_maintenance=True, notify=notify)


def _text(form: ScheduleForm) -> str:
    """Return the text, its placeholders filled as soon as there is a window; a duration is that of the window."""
    text, window = str(form["body"].value() or ""), form.window()
    return shown(text, facts_of(form.page, form.concerned(), *window, None)) if window else text


def move_screen(request: StaffRequest, maintenance: Maintenance, form: MoveForm, *, at: datetime) -> dict[str, Any]:
    """Return the new window in `form` with everything that is known of it."""
    components = components_of(maintenance)
    return {
        **step_screen(maintenance, form, at=at),
        "plan": plan_of(
            request.page,
            form,
            at=at,
            month=request.POST.get("month", ""),
            components=components,
            but=maintenance,
        ),
        "zones": zones(),
    }


def step_screen(maintenance: Maintenance, form: ConsoleForm, *, at: datetime) -> dict[str, Any]:
    """Return a maintenance, what is said of it, whom that reaches, and what is held of it already."""
    return {
        "now": at,
        "incident": maintenance,
        "form": form,
        "audience": told_of(maintenance, form),
        "held_act": held_act(maintenance),
    }


def told_of(maintenance: Maintenance, form: ConsoleForm) -> Audience:
    """Return whom an act on a maintenance reaches, as far as the form says that anybody is told."""
    notify = bool(form["notify"].value()) if "notify" in form.fields else True
    return audience(maintenance.page, components=components_of(maintenance), incident=maintenance, notify=notify)


def components_of(maintenance: Maintenance) -> list[Component]:
    """Return the components a maintenance names."""
    return [row.component for row in maintenance.affected.select_related("component")]


def known_zone(request: StaffRequest) -> str:
    """Return the time zone the person's own clock is in, "" where nobody said."""
    return str(request.session.get(OWN_ZONE, ""))


def remember_zone(request: StaffRequest, form: ScheduleForm | MoveForm) -> None:
    """Keep the time zone that was said for the next plan; nonsense is not kept."""
    zone = form.planners_zone()
    said = str(form["own_zone"].value() or "")
    if said != known_zone(request) and (zone is not None or said in ("", str(request.page.zone))):
        request.session[OWN_ZONE] = said
