"""Lists of subscribers in and out: looked at first, then taken over; written out as CSV."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt, csv_file
from incidents.console.forms.subscriber import ColumnsForm, UploadForm
from incidents.console.subscriber_list import Sieve
from incidents.lib.clock import now
from incidents.subscriptions.lists.judging import Outlook
from incidents.subscriptions.lists.table import LONGEST_FILE, rows_of
from incidents.subscriptions.lists.taking_over import look_at, outlook_of, rows_to_take, take_over
from incidents.subscriptions.lists.writing_out import write_out
from incidents.subscriptions.models import ImportState, Subscriber, SubscriberImport

SECONDS = 5.0
"""How long one press of the button works; a longer list goes on with the next."""

SHOWN_COLUMNS = 40


@staff_only
def new(request: StaffRequest) -> HttpResponse:
    """Offer the upload."""
    return answer(request, "console/subscribers/import_new.html", "upload", {"form": UploadForm()})


@staff_only
def create(request: StaffRequest) -> HttpResponse:
    """Read an uploaded list and show what it would do; nobody is added yet."""
    form = UploadForm(request.POST, request.FILES)
    looked = attempt(form, lambda: _look_at(request, form))
    if looked.refused:
        return answer(request, "console/subscribers/import_new.html", "upload", {"form": form}, status=UNPROCESSABLE)
    return SeeOther(reverse("console:import", args=[looked.made.pk]))


@staff_only
def show(request: StaffRequest, number: int) -> HttpResponse:
    """Show what an import would do, or has done."""
    one = _import(request, number)
    return _screen(request, one, ColumnsForm(one=one, columns=_columns(one)))


@staff_only
def update(request: StaffRequest, number: int) -> HttpResponse:
    """Change what the columns mean; nobody is added yet."""
    one = _import(request, number)
    form = ColumnsForm(request.POST, one=one, columns=_columns(one))
    if not form.is_valid() or one.state != ImportState.LOOKED_AT:
        return _screen(request, one, form, status=UNPROCESSABLE)
    one.remap(places=form.places(), has_header=form.cleaned_data["has_header"])
    return SeeOther(reverse("console:import", args=[one.pk]))


@staff_only
def run(request: StaffRequest, number: int) -> HttpResponse:
    """Take the list over, as far as five seconds reach."""
    one = _import(request, number)
    form = ColumnsForm(one=one, columns=_columns(one))
    if attempt_run(one, form):
        return SeeOther(reverse("console:import", args=[one.pk]))
    return _screen(request, one, form, status=UNPROCESSABLE)


def attempt_run(one: SubscriberImport, form: ColumnsForm) -> bool:
    """Take some over; return whether there was an address column to take it from."""
    if "address" not in one.mapping["places"]:
        form.is_draft = True
        return False
    take_over(one, at=now(), seconds=SECONDS)
    return True


@staff_only
def destroy(request: StaffRequest, number: int) -> HttpResponse:
    """Throw an uploaded list away; who was added stays."""
    _import(request, number).delete()
    messages.success(request, "The uploaded list is thrown away.")
    return SeeOther(reverse("console:subscribers"))


@staff_only
def export(request: StaffRequest) -> HttpResponse:
    """Write the list out as CSV; that it was is kept in the history."""
    sieve = Sieve.asked(request.POST)
    rows = sieve.apply(Subscriber.objects.on(request.page))
    return csv_file(write_out(rows, page=request.page, by=request.user, at=now()), "subscribers.csv")


def _look_at(request: StaffRequest, form: UploadForm) -> SubscriberImport:
    uploaded: UploadedFile[bytes] = form.cleaned_data["file"]
    return look_at(
        page=request.page,
        file_name=str(uploaded.name),
        content=uploaded.read(LONGEST_FILE + 1),
        evidence=form.cleaned_data["evidence"],
        by=request.user,
        at=now(),
    )


def _screen(request: StaffRequest, one: SubscriberImport, form: ColumnsForm, *, status: int = 200) -> HttpResponse:
    context = {"one": one, "form": form, "outlook": _outlook(one), "total": len(rows_to_take(one))}
    return answer(request, "console/subscribers/import.html", "import", context, status=status)


def _outlook(one: SubscriberImport) -> Outlook | None:
    is_open = one.state == ImportState.LOOKED_AT and "address" in one.mapping["places"]
    return outlook_of(one, at=now()) if is_open else None


def _columns(one: SubscriberImport) -> list[str]:
    """Return a name for each column: what its first line says."""
    first = next(iter(rows_of(one.text, one.delimiter)), None) if one.text else None
    cells = first.cells[:SHOWN_COLUMNS] if first else ()
    return [f"{place}: {cell[:60] or '(empty)'}" for place, cell in enumerate(cells, start=1)]


def _import(request: StaffRequest, number: int) -> SubscriberImport:
    return get_object_or_404(SubscriberImport.objects.filter(page=request.page).select_related("page"), pk=number)
