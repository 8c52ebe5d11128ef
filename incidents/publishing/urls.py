"""Public addresses, by the conventions of Statuspage (see paths.py): one for each family of documents."""

from django.urls import path

from incidents.publishing import views
from incidents.publishing.catalogue import FAMILIES
from incidents.publishing.searching.components import find_components
from incidents.publishing.searching.views import search_feed, search_json, search_page

_SEARCH = [
    path("history/search", search_page, name="search"),
    path("history/search.atom", search_feed, name="search_feed"),
    path("history/search.json", search_json, name="search_json"),
    path("components", find_components, name="components"),
]

urlpatterns = _SEARCH + [
    path(family.route, views.document, {"family": family}, name=family.name) for family in FAMILIES
]
