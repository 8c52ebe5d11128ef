"""The keyboard map: shown, and switched off by who does not want single letters to act."""

from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import SeeOther, answer

COOKIE = "console_keys"
"""Kept in the browser: a keyboard belongs to a device, not to an account."""

OFF = "off"
_A_YEAR = 365 * 24 * 60 * 60


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List the keys."""
    return answer(request, "console/keys.html", "keys", {})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Switch keys off or on in this browser."""
    response = SeeOther(reverse("console:keys"))
    if "on" in request.POST:
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(COOKIE, OFF, max_age=_A_YEAR, samesite="Lax", httponly=True)
    return response
