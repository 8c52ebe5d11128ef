"""`python -m tests.servers`: find or install every server before the run, and say where it came from."""

import os
import sys

from tests.servers.chromium import install_chromium
from tests.servers.finding import ServerMissing
from tests.servers.postgres import find_binaries
from tests.servers.valkey import find_valkey


def main() -> int:
    """Print one line for each server; return 1 where one is missing."""
    missing = 0
    for name, address, find in (
        ("PostgreSQL", os.environ.get("TEST_DATABASE_URL"), find_binaries),
        ("Valkey", os.environ.get("TEST_BROKER_URL"), find_valkey),
        ("Chromium", None, install_chromium),
    ):
        try:
            print(f"{name}: {'address from the environment' if address else find()}")
        except ServerMissing as reason:
            missing += 1
            print(f"{name}: {reason}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
