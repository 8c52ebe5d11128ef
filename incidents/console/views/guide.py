"""The error guide: files of entries, errors without an entry, and what incidents cause."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.entry import FileForm
from incidents.console.loading import plain_incident_on
from incidents.console.views.entries import entry_on
from incidents.guide.files.taking_over import ADD, CHANGE, SAME, Plan, look_at, take_over
from incidents.guide.files.writing import as_markdown, as_yaml
from incidents.guide.models import Entry, EntryLink, LinkVerdict, UnmatchedText
from incidents.lib.clock import now
from incidents.publishing.publisher import publish_events
from incidents.publishing.waking import held_back

FILE = "console/guide/file.html"
_FORMS = {"yaml": (as_yaml, "application/yaml"), "markdown": (as_markdown, "text/markdown")}


@staff_only
def new_file(request: StaffRequest) -> HttpResponse:
    """Offer the import."""
    return answer(request, FILE, "file", {"form": FileForm()})


@staff_only
def read_file(request: StaffRequest) -> HttpResponse:
    """Show what a file would do; take it over where that was seen and confirmed."""
    form = FileForm(request.POST, request.FILES)
    looked = attempt(form, lambda: _plan(request, form))
    if looked.refused:
        return answer(request, FILE, "file", {"form": form}, status=UNPROCESSABLE)
    plan = looked.made
    if "take" not in request.POST or not plan.items:
        counts = {"add": plan.count(ADD), "change": plan.count(CHANGE), "same": plan.count(SAME)}
        context = {"form": form, "plan": plan, "counts": counts, "text": form.cleaned_data["text"]}
        return answer(request, FILE, "file", context)
    _take(request, plan)
    return SeeOther(reverse("console:entries"))


@staff_only
def export(request: StaffRequest, form: str) -> HttpResponse:
    """Write every entry out, drafts too."""
    write, kind = _FORMS[form]
    entries = Entry.objects.on(request.page).prefetch_related("components", "related")
    response = HttpResponse(write(entries), f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="errors.{"yaml" if form == "yaml" else "md"}"'
    return response


@staff_only
def texts(request: StaffRequest) -> HttpResponse:
    """List errors without an entry, the most frequent first."""
    rows = list(UnmatchedText.objects.filter(page=request.page)[:200])
    return answer(request, "console/guide/texts.html", "texts", {"texts": rows, "now": now()})


@staff_only
def dismiss_text(request: StaffRequest, number: int) -> HttpResponse:
    """Take a text off the list."""
    get_object_or_404(UnmatchedText, page=request.page, pk=number).delete()
    messages.success(request, "Taken off the list.")
    return SeeOther(reverse("console:unmatched"))


@staff_only
def say(request: StaffRequest, code: str) -> HttpResponse:
    """Say that an incident causes an error, or does not, or leave it to the rules."""
    incident = plain_incident_on(request.page, code)
    entry = entry_on(request.page, request.POST.get("entry", ""))
    verdict = request.POST.get("verdict", "")
    if verdict in LinkVerdict.values:
        EntryLink.say(entry=entry, incident=incident, verdict=verdict, by=request.user, at=now())
        messages.success(request, f"{entry.name}: {LinkVerdict(verdict).label.lower()}.")
    else:
        for link in EntryLink.objects.filter(entry=entry, incident=incident).select_related("entry__page", "incident"):
            link.unsay(by=request.user, at=now())
        messages.success(request, f"{entry.name} is left to the rules.")
    return SeeOther(reverse("console:incident", args=[code]) + "#errors")


def _plan(request: StaffRequest, form: FileForm) -> Plan:
    said = form.cleaned_data
    return look_at(request.page, said["text"], is_yaml=said["is_yaml"], as_drafts=said["as_drafts"])


def _take(request: StaffRequest, plan: Plan) -> None:
    """Take a plan over and publish all of it together."""
    at = now()
    changed = tuple(one for one in plan.items if one.action != SAME)
    with held_back():
        refused = take_over(replace(plan, items=changed), page=request.page, by=request.user, at=at)
    publish_events(request.page.pk, at=at)
    messages.success(request, f"{len(changed) - len(refused)} entries taken over.")
    for one in refused:
        messages.error(request, str(one))
