"""The error guide: its entries."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.console_form import ConsoleForm
from incidents.console.forms.entry import EntryForm, MessageForm
from incidents.console.guide_screen import preview_of, trial_of
from incidents.guide.asking import LONGEST_QUESTION
from incidents.guide.contents import LONGEST_WAIT
from incidents.guide.models import Entry, UnmatchedText
from incidents.lib.clock import now
from incidents.lib.codes import may_be_code
from incidents.lib.numbers import whole_number
from incidents.lib.text import is_blank
from incidents.timeline.models import Page

INDEX = "console/guide/index.html"
EDIT = "console/guide/edit.html"
_SHOWN = ("all", "draft", "due")


@staff_only
def index(request: StaffRequest) -> HttpResponse:
    """List the entries; `?show=draft` and `?show=due` narrow the list."""
    show = request.GET.get("show", "all")
    return answer(request, INDEX, "entries", _list(request.page, show if show in _SHOWN else "all"))


@staff_only
def ask(request: StaffRequest) -> HttpResponse:
    """Say what the ask box would answer; nothing is kept."""
    form = MessageForm(request.POST)
    context = {**_list(request.page, "all"), "message_form": form}
    if form.is_valid() and not is_blank(form.cleaned_data["text"]):
        context["trial"] = trial_of(request.page, form.cleaned_data["text"][:LONGEST_QUESTION])
    return answer(request, INDEX, "entries", context)


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the form for a new entry, filled from an unknown error where `?text=` names one."""
    asked = request.GET.get("text", "")
    text = get_object_or_404(_texts(request.page), pk=whole_number(asked)) if asked else None
    form = EntryForm(page=request.page, message=_first_line(text.text) if text else "")
    if text:
        form.initial["error_code"] = text.error_code
    return _form(request, form, None)


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Add an entry, as a draft or for readers."""
    form = EntryForm(request.POST, page=request.page)
    publish = "publish" in request.POST
    added = attempt(
        form,
        lambda: Entry.add(page=request.page, contents=form.contents(), publish=publish, by=request.user, at=now()),
    )
    if added.refused:
        return _form(request, form, None, status=UNPROCESSABLE)
    messages.success(request, f"{added.made.name} is {'published' if publish else 'kept as a draft'}.")
    return SeeOther(reverse("console:entry", args=[added.made.code]))


@staff_only
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Offer everything about an entry."""
    entry = entry_on(request.page, code)
    return _form(request, EntryForm(page=request.page, entry=entry), entry)


@staff_only
def update(request: StaffRequest, code: str) -> HttpResponse:
    """Say everything anew; publish it as well where asked."""
    entry = entry_on(request.page, code)
    form = EntryForm(request.POST, page=request.page, entry=entry)
    edited = attempt(form, lambda: _edit(request, entry, form))
    if edited.refused:
        return _form(request, form, entry_on(request.page, code), status=UNPROCESSABLE)
    messages.success(request, f"{edited.made.name} is kept.")
    return SeeOther(reverse("console:entry", args=[code]))


@staff_only
def withdraw(request: StaffRequest, code: str) -> HttpResponse:
    """Make an entry a draft again."""
    entry = entry_on(request.page, code).withdraw(by=request.user, at=now())
    messages.success(request, f"{entry.name} is a draft; readers do not see it.")
    return SeeOther(reverse("console:entry", args=[code]))


@staff_only
def review(request: StaffRequest, code: str) -> HttpResponse:
    """Note that an entry was looked at today; the next time is as far away as the last one was, or half a year."""
    entry, at = entry_on(request.page, code), now()
    today = request.page.today(at=at)
    entry.review(on=today, due_on=entry.next_review(today), by=request.user, at=at)
    messages.success(request, f"{entry.name} is reviewed; again by {entry.review_due_on:%b %-d, %Y}.")
    return SeeOther(reverse("console:entry", args=[code]))


@staff_only
def remove(request: StaffRequest, code: str) -> HttpResponse:
    """Ask before removing an entry."""
    context = {"entry": entry_on(request.page, code), "form": ConsoleForm()}
    return answer(request, "console/guide/remove.html", "removal", context)


@staff_only
def destroy(request: StaffRequest, code: str) -> HttpResponse:
    """Remove an entry with its addresses."""
    entry = entry_on(request.page, code)
    name = entry.name
    entry.remove(by=request.user, at=now())
    messages.success(request, f"{name} is removed.")
    return SeeOther(reverse("console:entries"))


@staff_only
def preview(request: StaffRequest) -> HttpResponse:
    """Show what readers would see and what a message is taken for; nothing is kept."""
    form = EntryForm(request.POST, page=request.page)
    form.is_draft = True
    code = request.POST.get("entry", "")
    entry = entry_on(request.page, code) if code else None
    return _form(request, form, entry, partial="rehearsal")


def entry_on(page: Page, code: str) -> Entry:
    """Return an entry of a page. Raises Http404."""
    if not may_be_code(code):
        raise Http404
    return get_object_or_404(Entry.objects.on(page).select_related("page"), code=code)


def _edit(request: StaffRequest, entry: Entry, form: EntryForm) -> Entry:
    """Say everything anew and publish it where asked, both or nothing."""
    at = now()
    with transaction.atomic():
        entry.edit(contents=form.contents(), by=request.user, at=at)
        return entry.publish(by=request.user, at=at) if "publish" in request.POST else entry


def _list(page: Page, show: str) -> dict[str, Any]:
    rows = Entry.objects.on(page)
    today = page.today(at=now())
    due = rows.due_for_review(on=today)
    chosen = {"all": rows, "draft": rows.exclude(pk__in=rows.published()), "due": due}[show]
    return {
        "entries": list(chosen),
        "show": show,
        "counts": {"all": rows.count(), "draft": rows.count() - rows.published().count(), "due": due.count()},
        "unmatched": _texts(page).count(),
        "today": today,
        "message_form": MessageForm(),
    }


def _form(
    request: StaffRequest, form: EntryForm, entry: Entry | None, *, partial: str = "edit", status: int = 200
) -> HttpResponse:
    form.is_bound and form.is_valid()
    contents = form.contents() if form.is_bound else entry.contents if entry else None
    tried = request.POST.get("trial", "")[:LONGEST_QUESTION]
    context = {
        "form": form,
        "entry": entry,
        "preview": preview_of(contents) if contents else None,
        "tried": tried,
        "trial": trial_of(request.page, tried, draft=contents, but=entry) if contents and not is_blank(tried) else None,
        "longest_wait": LONGEST_WAIT,
        "former": list(entry.former_slugs.all()) if entry else [],
    }
    return answer(request, EDIT, partial, context, status=status)


def _texts(page: Page) -> Any:
    return UnmatchedText.objects.filter(page=page)


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:300]
