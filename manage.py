#!/usr/bin/env python3
"""Django's command line for this project: `manage.py help` lists what it can do."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command given in the arguments with the project's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
