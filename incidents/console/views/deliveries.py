"""Deliveries: what waits on each channel, what was told lately; pause, resume, try again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.delivery_report import channel_name, pace, taken_apart, update_report, waiting_again
from incidents.console.delivery_rows import listed_rows
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.delivery import PauseForm
from incidents.lib.clock import now
from incidents.lib.durations import in_words
from incidents.notifications.bucket import rate_now
from incidents.notifications.canaries import hearings
from incidents.notifications.figures import Figures, backlogs
from incidents.notifications.mending import pause_channel, resume_channel, retry_failed_on
from incidents.notifications.models import ChannelState, Delivery, DeliveryState, FanOut
from incidents.subscriptions.models import ChannelKind
from incidents.timeline.models import Event, Page

INDEX = "console/deliveries/index.html"
CHANNEL = "console/deliveries/channel.html"
TOLD_LATELY = 10
TROUBLE_OF = timedelta(hours=24)
TROUBLES = (DeliveryState.RETRYING, DeliveryState.FAILED, DeliveryState.BOUNCED)


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel in words: how it does, what waits."""

    state: ChannelState
    name: str
    condition: str
    backlog: str
    is_running: bool

    @property
    def glyph(self) -> str:
        """The state glyph that says the same."""
        if self.state.is_paused:
            return "major_outage"
        return "degraded_performance" if self.state.down_since or self.state.refusals else "operational"


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """Show every channel that is used, and the updates told lately."""
    at = now()
    channels = _channels(request.page, at=at)
    lately = [(event, update_report(Delivery.objects.filter(event=event))) for event in _told_lately(request.page)]
    running = any(line.is_running for line in channels) or any(report.is_running for _event, report in lately)
    context = {"channels": channels, "lately": lately, "is_running": running, "now": at, "hearings": hearings()}
    return answer(request, INDEX, "deliveries", context)


@staff_only
def show(request: StaffRequest, channel: str) -> HttpResponse:
    """Show how a channel does, and what did not get through on it within a day."""
    return answer(request, CHANNEL, "channel", channel_screen(request, channel, PauseForm()))


@staff_only
def pause(request: StaffRequest, channel: str) -> HttpResponse:
    """Let nothing begin on a channel until somebody resumes it."""
    kind = _channel(channel)
    form = PauseForm(request.POST)
    done = attempt(
        form,
        lambda: pause_channel(kind, because=form.cleaned_data["reason"], by=request.user, at=now()),
    )
    if done.refused:
        return answer(request, CHANNEL, "channel", channel_screen(request, channel, form), status=UNPROCESSABLE)
    messages.success(request, f"{kind.label} is paused. Everything waits.")
    return _back(kind)


@staff_only
def resume(request: StaffRequest, channel: str) -> HttpResponse:
    """Let a channel go on."""
    kind = _channel(channel)
    if not attempt(ConsoleForm(request.POST), lambda: resume_channel(kind, by=request.user, at=now())).refused:
        messages.success(request, f"{kind.label} goes on. The first message goes alone, then all that waits.")
    return _back(kind)


@staff_only
def retry(request: StaffRequest, channel: str) -> HttpResponse:
    """Send again what failed on a channel within a day."""
    kind = _channel(channel)
    since = now() - TROUBLE_OF
    done = attempt(ConsoleForm(request.POST), lambda: retry_failed_on(kind, since=since, by=request.user))
    if not done.refused:
        messages.success(request, waiting_again(done.made))
    return _back(kind)


def _channel(channel: str) -> ChannelKind:
    try:
        return ChannelKind(channel)
    except ValueError as error:
        raise Http404 from error


def _back(kind: ChannelKind) -> HttpResponse:
    return SeeOther(reverse("console:delivery_channel", kwargs={"channel": kind.value}))


def channel_screen(request: StaffRequest, channel: str, form: PauseForm) -> dict[str, Any]:
    """Return what the screen of a channel shows. Raises Http404."""
    kind, at = _channel(channel), now()
    state = ChannelState.objects.filter(pk=kind).first() or ChannelState(channel=kind)
    waiting = backlogs().get(kind, Figures(kind))
    troubled = Delivery.objects.on(request.page).filter(
        channel=kind, state__in=TROUBLES, created_at__gt=at - TROUBLE_OF
    )
    return {
        "line": _line(state, waiting, at=at),
        "why": taken_apart(state.paused_because or state.down_because or state.last_refusal),
        "form": form,
        "failed": troubled.filter(state=DeliveryState.FAILED).count(),
        "now": at,
        **listed_rows(request, troubled.select_related("incident").order_by("-created_at", "-pk")),
    }


def _channels(page: Page, *, at: datetime) -> list[ChannelLine]:
    """Return a line for every channel that somebody uses, something waits on, or that stands still."""
    states = {state.channel: state for state in ChannelState.objects.all()}
    waiting = backlogs()
    used = set(page.subscribers.order_by().values_list("channel", flat=True).distinct())
    used |= set(waiting) | {ChannelKind.EMAIL.value} | {key for key, state in states.items() if state.is_paused}
    return [
        _line(states.get(kind, ChannelState(channel=kind)), waiting.get(kind, Figures(kind)), at=at)
        for kind in ChannelKind.values
        if kind in used
    ]


def _line(state: ChannelState, figures: Figures, *, at: datetime) -> ChannelLine:
    name = channel_name(state.channel)
    return ChannelLine(state, name, _condition(state, at=at), _backlog(figures, at=at), figures.is_running)


def _condition(state: ChannelState, *, at: datetime) -> str:
    if state.is_paused:
        return "Paused by staff" if state.paused_by else "Paused after refusals"
    if state.down_since:
        return f"Not reached for {in_words(at - state.down_since)}"
    if state.refusals:
        return f"Careful: {state.refusals} refused in a row"
    slowed = rate_now(state.rate, (at - state.slowed_at).total_seconds()) if state.rate and state.slowed_at else None
    return f"Slowed to {slowed:,.0f} a second" if slowed else "Running"


def _backlog(figures: Figures, *, at: datetime) -> str:
    if not figures.backlog:
        return "Nothing waits"
    words = [f"{figures.backlog:,} {'waits' if figures.backlog == 1 else 'wait'}"]
    if figures.oldest_at is not None:
        words.append(f"the oldest for {in_words(at - figures.oldest_at)}")
    return " · ".join([*words, pace(figures)])


def _told_lately(page: Page) -> list[Event]:
    marks = FanOut.objects.filter(event__page=page, recipients__gt=0, event__update__removed_at=None)
    parts = "event__update__incident", "event__update__phase"
    return [mark.event for mark in marks.select_related(*parts).order_by("-expanded_at")[:TOLD_LATELY]]
