"""Public addresses, by the conventions of Statuspage (see paths.py): one for each family of documents."""

from django.urls import path

from incidents.publishing import views
from incidents.publishing.affecting import affects_me
from incidents.publishing.catalogue import FAMILIES
from incidents.publishing.gate import enter, private_feed
from incidents.publishing.guiding.asking import ask_api, ask_page
from incidents.publishing.guiding.searching import search_errors
from incidents.publishing.searching.components import find_components
from incidents.publishing.searching.views import search_feed, search_json, search_page

_SEARCH = [
    path("history/search", search_page, name="search"),
    path("history/search.atom", search_feed, name="search_feed"),
    path("history/search.json", search_json, name="search_json"),
    path("components", find_components, name="components"),
    path("affects-me", affects_me, name="affects_me"),
    path("errors/search", search_errors, name="guide_search"),
    path("errors/ask", ask_page, name="ask"),
    path("api/ask", ask_api, name="ask_api"),
]

_SPOKEN_SEARCH = [
    path("<language:language>/history/search", search_page),
    path("<language:language>/history/search.atom", search_feed),
    path("<language:language>/components", find_components),
    path("<language:language>/affects-me", affects_me),
    path("<language:language>/errors/search", search_errors),
    path("<language:language>/errors/ask", ask_page),
]

_PRIVATE = [
    path("enter", enter, name="enter"),
    path("hosts/ask", views.ask_host, name="ask_host"),
    path("private/<slug:token>/history.<slug:kind>", private_feed, name="private_feed"),
]

urlpatterns = [
    *_SEARCH,
    *_PRIVATE,
    *_SPOKEN_SEARCH,
    *(path(family.route, views.document, {"family": family}, name=family.name) for family in FAMILIES),
    *(
        path(f"<language:language>{'/' if family.route else ''}{family.route}", views.document, {"family": family})
        for family in FAMILIES
        if family.is_spoken
    ),
]
