"""Maintenance: list and plan."""

from django.core.paginator import Paginator
from django.http import HttpResponse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.announcing import announce
from incidents.console.answers import UNPROCESSABLE, answer
from incidents.console.forms.maintenance import ScheduleForm, from_template
from incidents.console.loading import asked_template
from incidents.console.maintenance_screen import known_zone, plan_reaches, planner_screen, remember_zone
from incidents.console.opening import opened_plan
from incidents.lib.clock import now
from incidents.timeline.agreed_hours import AgreedHours
from incidents.timeline.models import Deed, IncidentKind, IncidentTemplate, Maintenance, Page
from incidents.timeline.planning import SHORT_NOTICE

INDEX = "console/maintenances/index.html"
NEW = "console/maintenances/new.html"
PER_PAGE = 50
PLANNED = "Planned. The page shows it now."


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List maintenances, the latest window first."""
    rows = Maintenance.objects.filter(page=request.page).select_related("phase")
    listed = Paginator(rows.order_by("-scheduled_for", "-pk"), PER_PAGE)
    context = {"listed": listed.get_page(request.GET.get("part")), "now": now()}
    return answer(request, INDEX, "maintenances", context)


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form for a new window: a draft, or filled from a template where asked."""
    template = asked_template(request.page, request.GET.get("template"), IncidentKind.MAINTENANCE)
    initial = {**_proposal(request.page), **(from_template(template) if template else {})}
    initial["own_zone"] = known_zone(request)
    form, draft = opened_plan(request.page, draft_code=request.GET.get("draft", ""), initial=initial)
    screen = planner_screen(request, form, at=now())
    return answer(request, NEW, "planner", {**screen, "chosen": template, "draft": draft})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Announce a window, at once or after the hold."""
    form = ScheduleForm(request.POST, page=request.page)
    remember_zone(request, form)
    planned = announce(request, form, deed=Deed.SCHEDULE, said=form.said, told=lambda: plan_reaches(form), done=PLANNED)
    if planned is None:
        return answer(request, NEW, "planner", planner_screen(request, form, at=now()), status=UNPROCESSABLE)
    if template := form.used_template():
        IncidentTemplate.count_use(request.page, [template])
    return planned


@staff_only
def preview(request: StaffRequest) -> HttpResponse:
    """Show what readers will see and what speaks against the window; nothing is kept."""
    form = ScheduleForm(request.POST, page=request.page)
    form.is_draft = True
    remember_zone(request, form)
    return answer(request, NEW, "plan", planner_screen(request, form, at=now()))


def _proposal(page: Page) -> dict[str, object]:
    """Return when the agreed hours begin next with a day's notice, nothing where none are agreed."""
    agreed = AgreedHours.kept(page.agreed_hours)
    if agreed is None:
        return {"length": ""}
    return {"starts_at": agreed.next_start(after=now() + SHORT_NOTICE, zone=page.zone), "length": ""}
