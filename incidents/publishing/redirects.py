"""Addresses people type or kept in another form: they lead to the one that is published."""

from django.urls import path
from django.views.generic import RedirectView

from incidents.publishing.reading_only import reading_only

urlpatterns = [
    path(f"{name}/", reading_only(RedirectView.as_view(pattern_name=name, permanent=True, query_string=True)))
    for name in ("history", "uptime")
]
