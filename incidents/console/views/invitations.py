"""Coming in by an invitation: open to whoever holds the link, once."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from incidents.console.answers import UNPROCESSABLE
from incidents.console.forms.account import AcceptForm
from incidents.lib.clock import now
from incidents.staff.models import Invitation
from incidents.staff.refusals import UnknownInvitation

SCREEN = "console/people/accept.html"
GONE = 404


def show(request: HttpRequest, token: str) -> HttpResponse:
    """Offer to make an account, or to use the one there is; looking changes nothing."""
    try:
        invitation = Invitation.find(token, at=now())
    except UnknownInvitation as refusal:
        return _screen(request, {"refusal": refusal.sentence}, status=GONE)
    return _screen(request, _context(request, invitation, AcceptForm(email=invitation.email)))


def create(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account, or take the membership into the one that is signed in."""
    try:
        invitation = Invitation.find(token, at=now())
        return _accept(request, invitation)
    except UnknownInvitation as refusal:
        return _screen(request, {"refusal": refusal.sentence}, status=GONE)


def _accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    account = _account_of(invitation)
    if account is not None:
        if request.user != account:
            return _screen(request, _context(request, invitation, AcceptForm(email=invitation.email)), status=403)
        invitation.accept(user=account, at=now())
        return _come_in(request, account)
    form = AcceptForm(request.POST, email=invitation.email)
    if not form.is_valid():
        return _screen(request, _context(request, invitation, form), status=UNPROCESSABLE)
    try:
        with transaction.atomic():
            account = User.objects.create_user(
                invitation.email,
                invitation.email,
                form.cleaned_data["password"],
                first_name=form.cleaned_data["name"],
            )
            invitation.accept(user=account, at=now())
    except IntegrityError as error:
        raise UnknownInvitation("This invitation was used meanwhile.") from error
    return _come_in(request, account)


def _come_in(request: HttpRequest, account: User) -> HttpResponse:
    if request.user == account:
        wanted: HttpResponse = HttpResponse(status=303, headers={"Location": reverse("console:now")})
        return wanted
    login = Login(user=account, redirect_url=reverse("console:now"))
    response: HttpResponse = perform_login(request, login)
    return response


def _account_of(invitation: Invitation) -> User | None:
    """Return the account that has the invited address already."""
    return User.objects.filter(username__iexact=invitation.email).first()


def _context(request: HttpRequest, invitation: Invitation, form: AcceptForm) -> dict[str, object]:
    account = _account_of(invitation)
    is_theirs = account is not None and request.user == account
    return {"invitation": invitation, "form": form, "account": account, "is_theirs": is_theirs}


def _screen(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    response = render(request, SCREEN, context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    patch_cache_control(response, no_store=True, private=True)
    return response
