"""Public addresses, by the conventions of Statuspage (see paths.py): one for each family of documents."""

from django.urls import path

from incidents.publishing import views
from incidents.publishing.catalogue import FAMILIES

urlpatterns = [path(family.route, views.document, {"family": family}, name=family.name) for family in FAMILIES]
