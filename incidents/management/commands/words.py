"""`manage.py words`: bring the catalogues of words in line with the sources."""

from typing import Any

from django.core.management.base import BaseCommand

from incidents.lib.catalogues import TRANSLATED, brought_in_line, problems, write


class Command(BaseCommand):
    """Thin: the work is in `incidents.lib.catalogues`."""

    help = "Collect the words of public pages into incidents/locale, compile what is translated, say what is not."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write each catalogue and name its problems."""
        for language in TRANSLATED:
            write(language, brought_in_line(language))
            for problem in problems(language):
                self.stdout.write(f"{language}: {problem}")
