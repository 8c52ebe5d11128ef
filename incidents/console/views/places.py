"""At which address the page is read: its host, and what has to be done that the host leads here."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.page import HostForm
from incidents.lib.clock import now
from incidents.lib.reaching import leading_of
from incidents.lib.site import page_address

SCREEN = "console/pages/place.html"


@staff_only
def edit(request: StaffRequest) -> HttpResponse:
    """Show the address of the page; asked to, look where its host leads."""
    return _screen(request, HostForm(initial={"host": request.page.host}), is_checked="check" in request.GET)


@staff_only
def update(request: StaffRequest) -> HttpResponse:
    """Answer at another host from now on; links in pages, mails and feeds follow."""
    form = HostForm(request.POST)
    moved = attempt(form, lambda: request.page.edit(host=form.cleaned_data["host"], by=request.user, at=now()))
    if moved.refused:
        return _screen(request, form, status=UNPROCESSABLE)
    messages.success(request, f"The page is at {page_address(moved.made.host)} now.")
    return SeeOther(reverse("console:place"))


def _screen(request: StaffRequest, form: HostForm, *, is_checked: bool = False, status: int = 200) -> HttpResponse:
    page, ours = request.page, urlsplit(settings.SITE_URL).hostname or ""
    context = {
        "form": form,
        "address": page_address(page.host),
        "ours": ours,
        "leading": leading_of(page.host, like=ours) if is_checked and page.host else None,
    }
    return answer(request, SCREEN, "place", context, status=status)
