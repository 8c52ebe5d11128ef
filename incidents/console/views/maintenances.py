"""Maintenance: list and plan."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, answer, attempt, go_on, tell_removed
from incidents.console.audience import audience
from incidents.console.forms.maintenance import ScheduleForm, from_template
from incidents.console.loading import asked_template
from incidents.console.maintenance_screen import known_zone, planner_screen, remember_zone
from incidents.lib.clock import now
from incidents.timeline.agreed_hours import AgreedHours
from incidents.timeline.models import IncidentKind, IncidentTemplate, Maintenance, Page
from incidents.timeline.planning import SHORT_NOTICE

INDEX = "console/maintenances/index.html"
NEW = "console/maintenances/new.html"
PER_PAGE = 50


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List maintenances, the latest window first."""
    rows = Maintenance.objects.filter(page=request.page).select_related("phase")
    listed = Paginator(rows.order_by("-scheduled_for", "-pk"), PER_PAGE)
    context = {"listed": listed.get_page(request.GET.get("part")), "now": now()}
    return answer(request, INDEX, "maintenances", context)


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form for a new window, filled from a template where asked."""
    template = asked_template(request.page, request.GET.get("template"), IncidentKind.MAINTENANCE)
    at = now()
    initial = {**_proposal(request.page), **(from_template(template) if template else {})}
    form = ScheduleForm(page=request.page, initial={**initial, "own_zone": known_zone(request)})
    return answer(request, NEW, "planner", {**planner_screen(request, form, at=at), "chosen": template})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Announce a window."""
    form = ScheduleForm(request.POST, page=request.page)
    remember_zone(request, form)
    planned = attempt(form, lambda: _schedule(request, form))
    if planned.refused:
        return answer(request, NEW, "planner", planner_screen(request, form, at=now()), status=UNPROCESSABLE)
    if template := form.used_template():
        IncidentTemplate.count_use(request.page, [template])
    messages.success(request, "Planned. The page shows it now.")
    tell_removed(request, form)
    return go_on(request, reverse("console:incident", kwargs={"code": planned.made.code}))


@staff_only
def preview(request: StaffRequest) -> HttpResponse:
    """Show what readers will see and what speaks against the window; nothing is kept."""
    form = ScheduleForm(request.POST, page=request.page)
    form.is_draft = True
    remember_zone(request, form)
    return answer(request, NEW, "plan", planner_screen(request, form, at=now()))


def _schedule(request: StaffRequest, form: ScheduleForm) -> Maintenance:
    components = form.chosen_components()
    told = audience(request.page, components=components, is_maintenance=True, notify=form.cleaned_data["notify"])
    form.ask_about_many(told.total, request.page)
    return Maintenance.schedule(
        page=request.page,
        title=form.cleaned_data["title"],
        body=form.cleaned_data["body"],
        starts_at=form.cleaned_data["starts_at"],
        ends_at=form.cleaned_data["ends_at"],
        components=components,
        recurrence=form.cleaned_data["rule"],
        placeholders=True,
        notify=form.cleaned_data["notify"],
        request_key=form.cleaned_data["request_key"],
        by=request.user,
        at=now(),
        **form.arrangement(),
    )


def _proposal(page: Page) -> dict[str, object]:
    """Return when the agreed hours begin next with a day's notice, nothing where none are agreed."""
    agreed = AgreedHours.kept(page.agreed_hours)
    if agreed is None:
        return {"length": ""}
    return {"starts_at": agreed.next_start(after=now() + SHORT_NOTICE, zone=page.zone), "length": ""}
