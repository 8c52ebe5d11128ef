"""`manage.py post`: say something about an incident from the command line, also with the database down.

Exit codes: 0 posted, or written down for later; 1 refused, the message says why and nothing was posted; 2 the command
line cannot be meant; 3 the database does not answer, `--emergency` does without.
"""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError

from incidents.lib.clock import now
from incidents.publishing.emergency import EmergencyFolder
from incidents.publishing.emergency_writing import UnknownPage, emergency_post
from incidents.publishing.intake import post_now
from incidents.publishing.library import the_library
from incidents.timeline.refusals import Refused

CANNOT_BE_MEANT, NO_DATABASE = 2, 3
"""Exit codes."""

_WORDS = ("incident", "title", "phase", "page", "by", "key")


class Command(BaseCommand):
    """Posts an update or opens an incident; with --emergency beside the published pages, for the app to take in."""

    help = (
        "Post an update. With --emergency it works while the database is down; the app takes it in later, once. "
        "Exit code 0 posted, 1 refused, 2 wrong command line, 3 no database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add what an update is made of."""
        parser.add_argument("text", help="what to tell readers (Markdown)")
        parser.add_argument("--incident", default="", help="code of the incident, as in its address")
        parser.add_argument("--title", default="", help="title of a new incident")
        parser.add_argument("--phase", default="", help="investigating, identified, monitoring, resolved ...")
        parser.add_argument("--page", default="", help="code or host of the page (default: the default page)")
        parser.add_argument("--by", default="command line", help="who posts")
        parser.add_argument("--quiet", action="store_true", help="notify nobody")
        parser.add_argument("--key", default="", help="the same key posts once only")
        parser.add_argument("--emergency", action="store_true", help="do not touch the database")

    def handle(self, *args: Any, text: str, emergency: bool, quiet: bool, **options: Any) -> None:
        """Post now or write down for later."""
        if bool(options["incident"]) == bool(options["title"]):
            raise CommandError(
                "Give --incident for an update, or --title for a new incident.", returncode=CANNOT_BE_MEANT
            )
        said = {name: as_typed(options[name]) for name in _WORDS}
        try:
            folder, post = emergency_post(
                as_typed(text),
                incident=said["incident"],
                title=said["title"],
                phase=said["phase"],
                page=said["page"],
                by=said["by"],
                key=said["key"],
                notify=not quiet,
                at=now(),
            )
            if emergency:
                file = EmergencyFolder(folder).keep(post)
                the_library().look_around()
                self.stdout.write(f"Readers see it now. The app takes {file} in when the database is back.")
                return
            post_now(post, folder.name, at=now())
        except (UnknownPage, Refused) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"The post could not be written down ({error}).") from error
        except DatabaseError as error:
            words = " ".join(str(error).split())
            raise CommandError(
                f"The database does not answer ({words}). Use --emergency.", returncode=NO_DATABASE
            ) from error
        self.stdout.write("Posted.")


def as_typed(argument: str) -> str:
    """Return an argument as UTF-8 says it, also where the locale of the shell knows of no such letters.

    Python hands over what the locale cannot read as lone surrogates (PEP 383), which cleaning would take out of the
    words. Raises CommandError for what is no UTF-8 either.
    """
    if argument.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in argument):
        return argument
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeError as error:
        raise CommandError(
            "A text is not UTF-8. Set the terminal to UTF-8, or write it in plain letters.", returncode=CANNOT_BE_MEANT
        ) from error
