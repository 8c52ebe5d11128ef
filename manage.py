#!/usr/bin/env python3
"""Django's command line for this project: `manage.py help` lists what it can do."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError

from statuspage.complaint import complaint_about


def main() -> None:
    """Run the command given in the arguments with the project's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")
    try:
        execute_from_command_line(sys.argv)
    except DatabaseError as error:
        complaint = complaint_about(error)
        if not complaint or "--traceback" in sys.argv:
            raise
        raise SystemExit(f"CommandError: {complaint}") from error


if __name__ == "__main__":
    main()
