"""Registers the checks of settings that would hurt an operator."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.core.checks import register

from statuspage.checks import INSTALLATION, check_settings


class AdminConfig(DjangoAdminConfig):
    """Django's admin, with our door in front of it."""

    default_site = "incidents.console.admin.site.SuperuserSite"


class StatuspageConfig(AppConfig):
    """The project package as an app: it has no models, only system checks."""

    name = "statuspage"
    verbose_name = "Status page"

    def ready(self) -> None:
        """Register the checks that `manage.py check` and every start run."""
        register(check_settings, INSTALLATION)
