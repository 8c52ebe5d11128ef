"""What the public pages of consent have in common. GET and HEAD never change anything.

They speak the language their address names, else that of the subscriber whose link was followed, else that of the page.
Behind a link the address names it in its query: one link is good for every language.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import activate
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from incidents.lib.codes import may_be_code
from incidents.lib.languages import OFFERED, nearest, offered, speaking, spoken
from incidents.lib.prefixes import below, place_below, placed, prefix_of
from incidents.lib.site import bare_host
from incidents.subscriptions.models import Subscriber
from incidents.subscriptions.refusals import LinkRefused, NotSubscribed
from incidents.timeline.models import Incident, Page

_Rest = ParamSpec("_Rest")

LANGUAGE = "language"
"""Name of the query by which a page behind a link is read in another language."""


def form_page(
    view: Callable[Concatenate[HttpRequest, Page, _Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, _Rest], HttpResponse]:
    """Give a view the page of its host; no cookie is asked for or set.

    What proves a right here is the link somebody got by mail, so that Django's protection of
    cookies has nothing to protect.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST", "OPTIONS"])
    @wraps(view)
    def found(request: HttpRequest, /, *args: _Rest.args, **kwargs: _Rest.kwargs) -> HttpResponse:
        language = str(kwargs.pop("language", ""))
        if request.method == "OPTIONS":
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        page = Page.for_host(bare_host(request.get_host()))
        if page is None:
            raise Http404("No status page has been set up here yet.")
        if language and language not in page.further_languages:
            raise Http404("The page is not published in that language.")
        with speaking(language or page.language), below(prefix_of(language)):
            try:
                return view(request, page, *args, **kwargs)
            except NotSubscribed as refusal:
                return show(page, "gone", status=HTTPStatus.OK, sentence=refusal.sentence)
            except LinkRefused as refusal:
                return show(page, "gone", status=HTTPStatus.GONE, sentence=refusal.sentence)

    return found


def speak_to(request: HttpRequest, subscriber: Subscriber, language: str = "") -> None:
    """From here on speak the language chosen by the switch, else the one they asked for (`language`) or have, and link
    to the page in it.

    Until the end of the view: `form_page` sets both back.
    """
    page = subscriber.page
    wanted = _switched_to(request, page) or nearest(language or subscriber.language) or page.language
    activate(wanted)
    place_below(prefix_of(wanted) if wanted in page.further_languages else "")


def show(page: Page, name: str, *, status: HTTPStatus = HTTPStatus.OK, **context: Any) -> HttpResponse:
    """Return a page nobody keeps a copy of: links in it are somebody's right."""
    body = render_to_string(f"subscriptions/{name}.html", {"page": page} | context)
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def return_to(request: HttpRequest, path: str, *, mark: str) -> HttpResponse:
    """Go on with GET at a page behind a link, in the language that was chosen; `mark` tells it what was done."""
    language = offered(request.GET.get(LANGUAGE, ""))
    query = f"{mark}&{urlencode({LANGUAGE: language})}" if language else mark
    return HttpResponseRedirect(f"{path}?{query}", status=HTTPStatus.SEE_OTHER)


def editions(page: Page, path: str) -> list[dict[str, object]]:
    """Return the page at `path` in each language it is published in, for the switch in the foot; none for one."""
    return _editions(page, lambda tag: placed(path, "" if tag == page.language else prefix_of(tag)))


def editions_behind(request: HttpRequest, page: Page) -> list[dict[str, object]]:
    """Return the page behind somebody's link in each language, for the same switch."""
    incident = request.GET.get("incident", "")
    kept = {"incident": incident} if may_be_code(incident) and incident else {}
    return _editions(page, lambda tag: f"{request.path}?{urlencode({**kept, LANGUAGE: tag})}")


def _editions(page: Page, path_in: Callable[[str], str]) -> list[dict[str, object]]:
    languages = [page.language, *page.further_languages] if page.further_languages else []
    return [
        {"language": tag, "name": OFFERED[tag], "path": path_in(tag), "is_this": tag == spoken()} for tag in languages
    ]


def _switched_to(request: HttpRequest, page: Page) -> str:
    """Return the language the address of a page behind a link names, "" for none the page is published in."""
    wanted = offered(request.GET.get(LANGUAGE, ""))
    return wanted if wanted in (page.language, *page.further_languages) else ""


def incident_named(page: Page, code: str) -> Incident | None:
    """Return a public incident of `page` by the code in a query string, None where there is none."""
    if not may_be_code(code):
        return None
    return Incident.objects.public().on(page).filter(code=code).select_related("phase").first()
