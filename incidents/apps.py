"""The one Django app."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Starts the app: connects the rooms that react to the timeline (wiring.py)."""

    name = "incidents"
    verbose_name = "Incidents"
