"""`python -m tests.benchmarks.mail.worker`: send everything that is due, then say in one line of JSON what it took."""

import json
import os
import resource
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")
django.setup()

from django.db import connection  # noqa: E402 - only after django.setup()

from incidents.notifications.delivering import deliver_batch  # noqa: E402
from incidents.notifications.models import Delivery  # noqa: E402


def main() -> None:
    """Wait for a line on standard input, work, report."""
    connection.ensure_connection()
    Delivery.objects.due().exists()
    print("ready", flush=True)
    sys.stdin.readline()
    spent, began = time.process_time(), time.time()
    sent = 0
    while count := deliver_batch():
        sent += count
    ended = time.time()
    found = {
        "sent": sent,
        "began": began,
        "ended": ended,
        "cpu": time.process_time() - spent,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
