"""Tokens of programs: made, replaced, withdrawn; the text of one is shown once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.token import TokenForm
from incidents.lib.clock import now
from incidents.staff.models import ApiToken

INDEX = "console/tokens/index.html"
NEW = "console/tokens/new.html"


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List the tokens of the page, the good ones first."""
    return _list(request)


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form for a token."""
    return answer(request, NEW, "token", {"form": TokenForm()})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Make a token and show its text, this once."""
    form = TokenForm(request.POST)
    made = attempt(
        form,
        lambda: ApiToken.make(
            page=request.page,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(request.page.zone),
            by=request.user,
            at=now(),
        ),
    )
    if made.refused:
        return answer(request, NEW, "token", {"form": form}, status=UNPROCESSABLE)
    token, text = made.made
    return _list(request, made=token, text=text)


@staff_only
def rotate(request: StaffRequest, number: int) -> HttpResponse:
    """Make a token's successor and show its text, this once; the old one is good for a day more."""
    token = _token(request, number)
    rotated = attempt(ConsoleForm(request.POST), lambda: token.rotate(by=request.user, at=now()))
    if rotated.refused:
        messages.warning(request, "This token is over; make a new one.")
        return SeeOther(reverse("console:tokens"))
    made, text = rotated.made
    return _list(request, made=made, text=text)


@staff_only
def withdraw(request: StaffRequest, number: int) -> HttpResponse:
    """Let a token open nothing any more."""
    token = _token(request, number)
    token.withdraw(by=request.user, at=now())
    messages.success(request, f"{token} opens nothing any more.")
    return SeeOther(reverse("console:tokens"))


def _list(request: StaffRequest, *, made: ApiToken | None = None, text: str = "") -> HttpResponse:
    at = now()
    tokens = list(ApiToken.objects.on(request.page).select_related("made_by"))
    context = {
        "good": [token for token in tokens if token.is_good(at=at)],
        "over": [token for token in tokens if not token.is_good(at=at)],
        "made": made,
        "text": text,
    }
    return answer(request, INDEX, "tokens", context)


def _token(request: StaffRequest, number: int) -> ApiToken:
    return get_object_or_404(ApiToken.objects.on(request.page).select_related("page"), pk=number)
