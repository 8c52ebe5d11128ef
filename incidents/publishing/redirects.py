"""Addresses people type or kept in another form: they lead to the one that is published."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import path
from django.views.generic import RedirectView

from incidents.lib.prefixes import prefix_of
from incidents.publishing.reading_only import reading_only


@reading_only
def first_page(_request: HttpRequest, language: str) -> HttpResponse:
    """Lead from "/de/" to "/de"."""
    return HttpResponsePermanentRedirect(prefix_of(language))


urlpatterns = [
    path(f"{name}/", reading_only(RedirectView.as_view(pattern_name=name, permanent=True, query_string=True)))
    for name in ("history", "uptime")
]
urlpatterns.append(path("errors/", reading_only(RedirectView.as_view(pattern_name="guide", permanent=True))))
urlpatterns.append(path("<language:language>/", first_page))
