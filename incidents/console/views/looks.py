"""How the page looks: colours, corners, face and logo, with both schemes to look at before they are chosen."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse

from incidents.console.access import StaffRequest, staff_only
from incidents.console.answers import UNPROCESSABLE, SeeOther, answer, attempt
from incidents.console.forms.page_options import LogoForm, LookForm
from incidents.lib.clock import now
from incidents.lib.pictures import LARGEST_FILE
from incidents.publishing.documents.brand import preview
from incidents.timeline.looks import Look, PicturePlace, checked_look
from incidents.timeline.models import PagePicture
from incidents.timeline.refusals import Refused, UnusablePicture

SCREEN = "console/pages/look.html"


@staff_only
def edit(request: StaffRequest) -> HttpResponse:
    """Offer the look of the page."""
    return _screen(request, LookForm(initial=LookForm.values(request.page.look)), shown=request.page.look)


@staff_only
def update(request: StaffRequest) -> HttpResponse:
    """Look like this from now on, or only show how that would be."""
    form, former = LookForm(request.POST), request.page.look
    if "preview" in request.POST:
        tried = attempt(form, lambda: checked_look(form.look(former)))
        status = UNPROCESSABLE if tried.refused else 200
        return _screen(request, form, shown=former if tried.refused else tried.made, status=status)
    dressed = attempt(form, lambda: request.page.dress(form.look(former), by=request.user, at=now()))
    if dressed.refused:
        return _screen(request, form, shown=former, status=UNPROCESSABLE)
    messages.success(request, "The page looks like this now.")
    return SeeOther(reverse("console:look"))


@staff_only
def put_logo(request: StaffRequest) -> HttpResponse:
    """Show an uploaded logo from now on, or none."""
    form = LogoForm(request.POST, request.FILES, auto_id=f"{request.POST.get('place', '')}_%s")
    changed = attempt(form, lambda: _changed(request, form))
    if changed.refused:
        values = LookForm(initial=LookForm.values(request.page.look))
        return _screen(request, values, shown=request.page.look, logo_form=form, status=UNPROCESSABLE)
    messages.success(request, "The logo is changed.")
    return SeeOther(reverse("console:look"))


@staff_only
def style(request: StaffRequest) -> HttpResponse:
    """Return the style sheet of both panels; of what cannot be chosen, that of the page."""
    form = LookForm(request.GET)
    look = request.page.look
    if form.is_valid():
        try:
            look = checked_look(form.look(look))
        except Refused:
            look = request.page.look
    return HttpResponse(preview(look), content_type="text/css; charset=utf-8")


def _changed(request: StaffRequest, form: LogoForm) -> object:
    place = form.cleaned_data["place"]
    if "remove" in request.POST:
        return PagePicture.take_away(page=request.page, place=place, by=request.user, at=now())
    upload: UploadedFile[bytes] | None = form.cleaned_data["file"]
    if upload is None:
        raise UnusablePicture("Choose a file first.", field=place)
    # One byte more than may be is enough to be refused, however large the file is.
    content = upload.read(LARGEST_FILE + 1)
    return PagePicture.put(page=request.page, place=place, upload=content, by=request.user, at=now())


def _screen(
    request: StaffRequest, form: LookForm, *, shown: Look, logo_form: LogoForm | None = None, status: int = 200
) -> HttpResponse:
    look = request.page.look
    context: dict[str, Any] = {
        "form": form,
        "look": look,
        "style": f"{reverse('console:look_style')}?{urlencode(LookForm.values(shown))}",
        "logos": [(place, getattr(look, place.value), _logo_form(place, logo_form)) for place in PicturePlace],
    }
    return answer(request, SCREEN, "look", context, status=status)


def _logo_form(place: PicturePlace, sent: LogoForm | None) -> LogoForm:
    if sent is not None and sent.data.get("place") == place:
        return sent
    return LogoForm(initial={"place": place}, auto_id=f"{place}_%s")
