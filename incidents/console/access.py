"""Who may come in, and on which page they work."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.timezone import override
from django_htmx.middleware import HtmxDetails

from incidents.console.admitting import admit, is_to_prove_again
from incidents.console.forms.sign_in import SignInForm
from incidents.console.kept import SESSION_KEY, KeptFields, sealed
from incidents.console.listing import offering
from incidents.console.routing import screen_of
from incidents.staff.standing import Standing, is_owner_of_all, pages_of, standing_of
from incidents.timeline.models import Page

CHOSEN_PAGE = "console.page"
"""Session key: the code of the page the person works on."""

UNAUTHORIZED = 401

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request that passed the door: who asks, on which page they work, and what they may do there."""

    user: User
    page: Page
    standing: Standing
    htmx: HtmxDetails


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponse]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponse]


def staff_only(view: StaffView[P]) -> PlainView[P]:
    """Let in staff whose role on the page the duties of the address allow it, send strangers to sign in.

    The view runs in the time zone of the page the person works on, so that what they type
    into a field for a time means that zone. Nothing it answers may be stored by anyone.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _door(request)
        if request.method == "POST" and not isinstance(request.POST, KeptFields):
            request.session.pop(SESSION_KEY, None)
        asked = cast(StaffRequest, request)
        if not Page.objects.exists() and request.user.is_superuser:
            return redirect("console:page_new")
        asked.page, asked.standing = _place(asked)
        limit = admit(asked, asked.page, asked.standing)
        if is_to_prove_again(asked):
            raise ReauthenticationRequired
        with override(asked.page.zone), offering(limit):
            response = view(asked, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return guarded


def staff_without_page(view: PlainView[P]) -> PlainView[P]:
    """Let in who may do this on every page, also where the install has no page yet."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _door(request)
        if not is_owner_of_all(request.user):
            raise PermissionDenied
        response = view(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return guarded


def _place(request: StaffRequest) -> tuple[Page, Standing]:
    """Return the page kept in the session where the person works on it, else the first they work on."""
    pages = pages_of(request.user)
    chosen = request.session.get(CHOSEN_PAGE)
    page = next((page for page in pages if page.code == chosen), pages[0] if pages else None)
    standing = standing_of(request.user, page) if page else None
    if page is None or standing is None:
        raise PermissionDenied
    return page, standing


def _door(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the door; what they sent comes along in the sign-in form, so that no text is lost."""
    seal = sealed(request) if request.method == "POST" else ""
    if not seal:
        return redirect_to_login(screen_of(request.get_full_path()), reverse("console:sign_in"))
    context = {
        "form": SignInForm(request),
        "next": screen_of(request.path),
        "kept": seal,
        "single_sign_on": settings.SINGLE_SIGN_ON,
    }
    response = render(request, "registration/sign_in.html", context, status=UNAUTHORIZED)
    patch_cache_control(response, no_store=True, private=True)
    return response
