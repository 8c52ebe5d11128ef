"""Drafts: keep what is being written, throw it away."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer
from incidents.console.drafting import address_of, was_published
from incidents.console.loading import incident_on
from incidents.lib.clock import now
from incidents.timeline.models import Draft
from incidents.timeline.refusals import Refused

LINE = "console/_draft.html"


@staff_only
def save(request: StaffRequest, code: str) -> HttpResponse:
    """Keep the fields of a form as they stand; nothing is judged yet."""
    fields = dict(request.POST.lists())
    try:
        # One after the other: a save that came while its form was being published must know that it was.
        with request.page.locked():
            if was_published(request.page, request.POST.get("request_key", "")):
                return answer(request, LINE, "draft", {"draft": None})
            draft = Draft.keep(page=request.page, code=code, fields=fields, by=request.user, at=now())
    except Refused as refusal:
        return answer(request, LINE, "draft", {"draft": None, "refusal": refusal.sentence}, status=UNPROCESSABLE)
    return answer(request, LINE, "draft", {"draft": draft})


@staff_only
def discard(request: StaffRequest, code: str) -> HttpResponse:
    """Throw a draft away; history keeps the text. What was never kept is gone by leaving its form."""
    draft = Draft.of(request.page, code)
    if draft is None:
        return SeeOther(reverse("console:incident", kwargs={"code": incident_on(request.page, code).code}))
    to = address_of(draft) if draft.incident else reverse("console:now")
    draft.discard(by=request.user, at=now())
    messages.success(request, "The draft is thrown away. History keeps its text.")
    return SeeOther(to)
