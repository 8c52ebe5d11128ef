"""Who may come in, and on which page they work."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.timezone import override
from django_htmx.middleware import HtmxDetails

from incidents.console.forms.sign_in import SignInForm
from incidents.console.kept import SESSION_KEY, KeptFields, sealed
from incidents.console.routing import screen_of
from incidents.timeline.models import Page

CHOSEN_PAGE = "console.page"
"""Session key: the code of the page the person works on."""

SEES_SUBSCRIBERS = "incidents.view_subscriber"
"""Who has this permission sees whose address it is, and what was mailed there."""

CHANGES_SUBSCRIBERS = "incidents.change_subscriber"

UNAUTHORIZED = 401

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request that passed the door: who asks, and on which page they work."""

    user: User
    page: Page
    htmx: HtmxDetails


StaffView = Callable[Concatenate[StaffRequest, P], HttpResponse]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponse]


def staff_only(view: StaffView[P]) -> PlainView[P]:
    """Let staff in, send strangers to sign in, refuse everybody else.

    The view runs in the time zone of the page the person works on, so that what they type
    into a field for a time means that zone. Nothing it answers may be stored by anyone.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _door(request)
        if not request.user.is_staff:
            raise PermissionDenied
        if request.method == "POST" and not isinstance(request.POST, KeptFields):
            request.session.pop(SESSION_KEY, None)
        page = _chosen_page(request)
        if page is None:
            return redirect("console:page_new")
        asked = cast(StaffRequest, request)
        asked.page = page
        with override(page.zone):
            response = view(asked, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return guarded


def staff_who_may(permission: str) -> Callable[[StaffView[P]], PlainView[P]]:
    """Let in staff who have `permission`, such as "incidents.view_subscriber"; refuse other staff."""

    def guard(view: StaffView[P]) -> PlainView[P]:
        @wraps(view)
        def guarded(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return staff_only(guarded)

    return guard


def staff_without_page(view: PlainView[P]) -> PlainView[P]:
    """Let staff in also where the install has no page yet."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return _door(request)
        if not request.user.is_staff:
            raise PermissionDenied
        response = view(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    return guarded


def _door(request: HttpRequest) -> HttpResponse:
    """Send a stranger to the door; what they sent comes along in the sign-in form, so that no text is lost."""
    seal = sealed(request) if request.method == "POST" else ""
    if not seal:
        return redirect_to_login(screen_of(request.get_full_path()), reverse("console:sign_in"))
    context = {"form": SignInForm(request), "next": screen_of(request.path), "kept": seal}
    response = render(request, "registration/sign_in.html", context, status=UNAUTHORIZED)
    patch_cache_control(response, no_store=True, private=True)
    return response


def _chosen_page(request: HttpRequest) -> Page | None:
    """Return the page kept in the session, else the default page, else the first."""
    pages = Page.objects.order_by("-is_default", "name")
    chosen = request.session.get(CHOSEN_PAGE)
    return (pages.filter(code=chosen).first() if chosen else None) or pages.first()
