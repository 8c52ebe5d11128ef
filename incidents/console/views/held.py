"""Held posts: look, take back, publish now, agree as the second person."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import SeeOther, answer
from incidents.console.bars import after, held_bar
from incidents.console.drafting import text_of
from incidents.console.held_screen import held_screen, outcome_of
from incidents.console.loading import held_on
from incidents.lib.clock import now
from incidents.timeline.models import HeldPost
from incidents.timeline.refusals import Refused

SHOW = "console/posting/held.html"
OUTCOME = "console/posting/outcome.html"
PUBLISHED = "Published. The page shows it now."


@staff_only
def show(request: StaffRequest, number: int) -> HttpResponse:
    """Show what waits and for how long; once it has left or was taken back, what became of it."""
    at = now()
    post = HeldPost.objects.filter(page=request.page, pk=number).select_related("incident", "page", "by").first()
    if post is None or post.is_published:
        return answer(request, OUTCOME, "outcome", outcome_of(request.page, number, post))
    bar = held_bar(post, user=request.user, at=at)
    return answer(request, SHOW, "bar", held_screen(bar, at=at))


@staff_only
def take_back(request: StaffRequest, number: int) -> HttpResponse:
    """Undo: the post is a draft again, shown where it was written."""
    post = _theirs(request, number)
    try:
        draft = post.take_back(by=request.user, at=now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return SeeOther(after(post))
    messages.success(request, "Taken back. Nothing was published.")
    return SeeOther(text_of(draft) if draft else after(post))


@staff_only
def release(request: StaffRequest, number: int) -> HttpResponse:
    """Publish now, without waiting for the rest of the hold."""
    return _let_go(request, number, lambda post: post.release(at=now()))


@staff_only
def approve(request: StaffRequest, number: int) -> HttpResponse:
    """Agree as the second person."""
    return _let_go(request, number, lambda post: post.approve(by=request.user, at=now()))


def _theirs(request: StaffRequest, number: int) -> HeldPost:
    """Return the post if all it is about is theirs to act on. Raises Http404."""
    post = held_on(request.page, number)
    if not request.standing.reaches(post.concerned()):
        raise Http404
    return post


def _let_go(request: StaffRequest, number: int, verb: Callable[[HeldPost], object]) -> HttpResponse:
    post = _theirs(request, number)
    try:
        verb(post)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return SeeOther(reverse("console:held", kwargs={"number": number}))
    post.refresh_from_db()
    if not post.is_published:
        return SeeOther(reverse("console:held", kwargs={"number": number}))
    messages.success(request, PUBLISHED)
    return SeeOther(after(post))
