"""Mounts the rooms' addresses: console, subscriptions, returned mail, public pages."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("console/", include("incidents.console.signing.urls")),
    path("console/", include("incidents.console.urls")),
    path("", include("incidents.subscriptions.urls")),
    path("", include("incidents.notifications.urls")),
    path("", include("incidents.publishing.urls")),
    path("", include("incidents.publishing.redirects")),
]
