"""The first run: whoever holds the token from the log makes the first account. Afterwards there is nothing here."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from incidents.console.answers import UNPROCESSABLE
from incidents.console.forms.account import SetUpForm
from incidents.lib.clock import now
from incidents.staff.models import SetUp
from incidents.staff.refusals import SetUpIsClosed

SCREEN = "console/set_up.html"


def show(request: HttpRequest, token: str) -> HttpResponse:
    """Offer the form to who holds the token; to everybody else, and ever after, there is nothing."""
    if not SetUp.is_open_to(token):
        raise Http404
    return _screen(request, SetUpForm())


def create(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first account, an owner of everything, and sign it in."""
    if not SetUp.is_open_to(token):
        raise Http404
    form = SetUpForm(request.POST)
    if not form.is_valid():
        return _screen(request, form, status=UNPROCESSABLE)
    said = form.cleaned_data
    try:
        first = SetUp.close(token, email=said["email"], name=said["name"], password=said["password"], at=now())
    except SetUpIsClosed as refusal:
        raise Http404 from refusal
    response: HttpResponse = perform_login(request, Login(user=first, redirect_url=reverse("console:now")))
    return response


def _screen(request: HttpRequest, form: SetUpForm, *, status: int = 200) -> HttpResponse:
    response = render(request, SCREEN, {"form": form}, status=status)
    response["Referrer-Policy"] = "no-referrer"
    patch_cache_control(response, no_store=True, private=True)
    return response
