"""Who may read the page, and at which addresses programs follow one that is not public."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.page_options import AccessForm
from incidents.lib.clock import now
from incidents.subscriptions.feed_addresses import feed_address

SCREEN = "console/pages/readership.html"


@staff_only
def edit(request: StaffRequest) -> HttpResponse:
    """Offer the ways of guarding the page."""
    page = request.page
    return _screen(
        request, AccessForm(initial={"access": page.access, "address_ranges": "\n".join(page.address_ranges)})
    )


@staff_only
def update(request: StaffRequest) -> HttpResponse:
    """Let these readers in from now on."""
    form = AccessForm(request.POST)
    restricted = attempt(form, lambda: request.page.restrict(by=request.user, at=now(), **form.said()))
    if restricted.refused:
        return _screen(request, form, status=UNPROCESSABLE)
    is_private = restricted.made.is_private
    messages.success(request, "What was published is taken back." if is_private else "Everybody reads the page now.")
    return SeeOther(reverse("console:readership"))


@staff_only
def renew(request: StaffRequest) -> HttpResponse:
    """Give the feeds new addresses."""
    request.page.renew_feed_secret(by=request.user, at=now())
    messages.success(request, "The feeds have new addresses; the former ones lead nowhere.")
    return SeeOther(reverse("console:readership"))


def _screen(request: StaffRequest, form: AccessForm, *, status: int = 200) -> HttpResponse:
    page = request.page
    kinds = (("Atom", "atom"), ("RSS", "rss"), ("Calendar", "ics")) if page.is_private else ()
    feeds = [(name, feed_address(page, kind)) for name, kind in kinds]
    return answer(request, SCREEN, "readership", {"form": form, "feeds": feeds}, status=status)
