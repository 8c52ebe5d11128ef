"""The delivery report of an update: how far it has come, who did not get it and why; try again, release, export."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import SeeOther, answer, attempt
from incidents.console.delivery_report import STAGES, Report, deliveries_of, taken_apart, update_report, waiting_again
from incidents.console.delivery_rows import FILTERS, Row, asked_state, listed_rows, narrowed, rows_of
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.loading import update_on
from incidents.lib.clock import now
from incidents.lib.spreadsheets import csv_lines
from incidents.notifications.mending import release as release_update
from incidents.notifications.mending import retry_failed
from incidents.notifications.models import FanOut
from incidents.subscriptions.models import ChannelKind
from incidents.timeline.models import Update

SHOW = "console/deliveries/update.html"
HEAD = ["recipient", "channel", "state", "tries", "answer", "queued", "sent"]


@staff_only
def show(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Show the report; `?state=` and `?channel=` narrow the rows."""
    told = update_on(request.page, code, update)
    deliveries = deliveries_of(told)
    state, channel = asked_state(request.GET.get("state")), _asked_channel(request.GET.get("channel"))
    report = update_report(deliveries)
    # In the order of the index that makes a delivery unique, so that a million rows need no sorting.
    chosen = narrowed(deliveries, state=state, channel=channel).order_by("event", "subscriber", "channel", "pk")
    context = {
        **_frame(told, report),
        "state": state,
        "channel": channel,
        "filters": _filters(report, state),
        "total": f"{sum(report.states.values()):,}",
        **listed_rows(request, chosen),
    }
    return answer(request, SHOW, "report", context)


@staff_only
def figures(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Show the lines alone, for following them; `?said=` is the stage that was announced last."""
    told = update_on(request.page, code, update)
    if not request.htmx:
        return SeeOther(reverse("console:update_deliveries", kwargs={"code": code, "update": update}))
    said = request.GET.get("said", "")
    if said not in STAGES:
        raise Http404
    report = update_report(deliveries_of(told))
    return answer(request, SHOW, "figures", {**_frame(told, report), "is_news": said != report.stage})


@staff_only
def retry(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Send again what failed."""
    told = update_on(request.page, code, update)
    done = attempt(ConsoleForm(request.POST), lambda: retry_failed(told, by=request.user))
    if not done.refused:
        messages.success(request, waiting_again(done.made))
    return _back(told)


@staff_only
def release(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Send an update again whose text was refused."""
    told = update_on(request.page, code, update)
    done = attempt(ConsoleForm(request.POST), lambda: release_update(told, by=request.user, at=now()))
    if not done.refused:
        messages.success(request, "It goes out again.")
    return _back(told)


@staff_only
def export(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Return the rows as CSV."""
    told = update_on(request.page, code, update)
    deliveries = deliveries_of(told).order_by("event", "subscriber", "channel", "pk")
    lines = csv_lines(HEAD, map(_cells, rows_of(request, deliveries.iterator(chunk_size=2_000))))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="deliveries-{told.code}.csv"'
    # A streaming answer has headers and a status like any other; only its content comes bit by bit.
    return cast(HttpResponse, response)


def _cells(row: Row) -> list[str]:
    one = row.delivery
    sent = f"{one.sent_at:%Y-%m-%dT%H:%M:%SZ}" if one.sent_at else ""
    return [
        row.recipient,
        one.channel,
        one.state,
        str(one.attempts),
        row.said,
        f"{one.created_at:%Y-%m-%dT%H:%M:%SZ}",
        sent,
    ]


def _frame(told: Update, report: Report) -> dict[str, Any]:
    held = FanOut.objects.filter(event__update=told).exclude(held_at=None).first()
    why = taken_apart(held.held_because) if held else None
    return {"incident": told.incident, "update": told, "report": report, "held": held, "why": why, "now": now()}


def _filters(report: Report, chosen: str) -> list[tuple[str, str, str]]:
    """Return (name, words, how many) of each filter that finds something, and of the chosen one."""
    counts = {name: sum(report.states.get(state, 0) for state in states) for name, (_words, states) in FILTERS.items()}
    return [(name, FILTERS[name][0], f"{number:,}") for name, number in counts.items() if number or name == chosen]


def _asked_channel(asked: str | None) -> str:
    if asked and asked not in ChannelKind.values:
        raise Http404
    return asked or ""


def _back(told: Update) -> HttpResponse:
    codes = {"code": told.incident.code, "update": told.code}
    return SeeOther(reverse("console:update_deliveries", kwargs=codes))
