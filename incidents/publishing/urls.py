"""Public addresses, by the conventions of Statuspage (see paths.py)."""

from django.urls import path

from incidents.publishing import views

urlpatterns = [
    path("", views.index, name="index"),
    path("incidents/<slug:code>", views.incident, name="incident"),
    path("incidents/<slug:code>/updates/<slug:update>/edits", views.edits, name="update_edits"),
    path("history", views.history, name="history"),
    path("history.atom", views.feed_atom, name="feed_atom"),
    path("history.rss", views.feed_rss, name="feed_rss"),
    path("uptime", views.uptime, name="uptime"),
    path("c/<slug:code>", views.component, name="component"),
]
