"""The delivery report of an update: how far it has come, who did not get it and why; try again, release, export."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import SeeOther, answer, attempt, csv_file
from incidents.console.delivery_report import STAGES, Report, deliveries_of, report_on, taken_apart, waiting_again
from incidents.console.delivery_rows import FILTERS, Row, asked_state, listed_rows, narrowed, rows_of
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.live_report import Live
from incidents.console.loading import update_on
from incidents.lib.clock import now
from incidents.lib.spreadsheets import csv_lines
from incidents.notifications.mending import release as release_update
from incidents.notifications.mending import retry_failed
from incidents.notifications.models import FanOut
from incidents.subscriptions.models import ChannelKind
from incidents.timeline.models import Update

SHOW = "console/deliveries/update.html"
LIVE = "console/deliveries/_live.html"
HEAD = ["recipient", "channel", "state", "tries", "answer", "queued", "sent"]


@staff_only
def show(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Show the report; `?state=` and `?channel=` narrow the rows."""
    told = update_on(request.page, code, update)
    report = report_on(told, at=now())
    return answer(request, SHOW, "report", {**_frame(request, told, report), **_rows(request, told)})


@staff_only
def figures(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Show the lines alone, for following them; `?said=` is the stage that was announced last.

    With what is announced, the first failure and the end, come the rows as they are then.
    """
    told = update_on(request.page, code, update)
    if not request.htmx:
        return _back(told)
    report = report_on(told, at=now())
    is_news = report.is_news_after(_said(request))
    context = {**_frame(request, told, report), "is_news": is_news, **(_rows(request, told) if is_news else {})}
    return answer(request, SHOW, "figures", context)


@staff_only
def live(request: StaffRequest, code: str, update: str) -> HttpResponse:
    """Show the lines where the update was published from, for following them there."""
    told = update_on(request.page, code, update)
    if not request.htmx:
        return _back(told)
    report = report_on(told, at=now())
    context = {"incident": told.incident, "live": Live(told, report), "is_news": report.is_news_after(_said(request))}
    return answer(request, LIVE, "live", context)


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
    return csv_file(lines, f"deliveries-{told.code}.csv")


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


def _frame(request: StaffRequest, told: Update, report: Report) -> dict[str, Any]:
    held = FanOut.objects.filter(event__update=told).exclude(held_at=None).first()
    state = asked_state(request.GET.get("state"))
    return {
        "incident": told.incident,
        "update": told,
        "report": report,
        "held": held,
        "why": taken_apart(held.held_because) if held else None,
        "state": state,
        "filters": _filters(report, state),
        "total": f"{sum(report.states.values()):,}",
        "now": now(),
    }


def _rows(request: StaffRequest, told: Update) -> dict[str, Any]:
    state, channel = asked_state(request.GET.get("state")), _asked_channel(request.GET.get("channel"))
    # In the order of the index that makes a delivery unique, so that a million rows need no sorting.
    chosen = narrowed(deliveries_of(told), state=state, channel=channel).order_by(
        "event", "subscriber", "channel", "pk"
    )
    return {"channel": channel, **listed_rows(request, chosen)}


def _said(request: StaffRequest) -> str:
    """Return the stage that was announced last. Raises Http404 for one there is not."""
    said = request.GET.get("said", "")
    if said not in STAGES:
        raise Http404
    return said


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
