"""`manage.py set_up`: the link by which the first person comes in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from incidents.staff.models import SetUp


class Command(BaseCommand):
    """Prints a link to the set-up; earlier links end. Refuses where somebody is in already."""

    help = "Print the link by which the first account is made. It opens once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Offer the set-up."""
        token = SetUp.offer()
        if not token:
            raise CommandError("Somebody works here already; the set-up is closed. Ask them for an invitation.")
        self.stdout.write(f"{settings.SITE_URL}{reverse('console:set_up', args=[token])}")
