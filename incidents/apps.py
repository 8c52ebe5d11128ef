"""The one Django app."""

from importlib import import_module

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Starts the app: connects the rooms that react to the timeline (wiring.py)."""

    name = "incidents"
    verbose_name = "Incidents"

    def ready(self) -> None:
        """Connect the signals. Django forbids importing models before this moment, so wiring is imported now."""
        import_module("incidents.wiring").connect()
