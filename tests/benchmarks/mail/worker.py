"""`python -m tests.benchmarks.mail.worker`: send everything that is due, then say in one line of JSON what it took."""

import json
import os
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")
django.setup()

from django.db import connection  # noqa: E402 - only after django.setup()

from incidents.notifications.delivering import A_WHILE, deliver_batch  # noqa: E402
from incidents.notifications.models import Delivery  # noqa: E402
from incidents.notifications.tasks import FIRST_TRIES  # noqa: E402
from incidents.notifications.warming import spare_what_stays, warm_up  # noqa: E402

THREADS = int(os.environ.get("BENCH_THREADS", "1"))


def work(_number: int) -> int:
    """Send until nothing is due; return how many."""
    sent = 0
    while count := deliver_batch(seconds=A_WHILE, lanes=FIRST_TRIES):
        sent += count
    connection.close()
    return sent


def peak_memory() -> int:
    """Return the most bytes this program ever had; getrusage() on Linux counts what its parent had before exec, too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def main() -> None:
    """Wait for a line on standard input, work, report."""
    connection.ensure_connection()
    Delivery.objects.due().exists()
    # As a worker does that starts; the outage comes later.
    warm_up()
    spare_what_stays()
    print("ready", flush=True)
    sys.stdin.readline()
    spent, began = time.process_time(), time.time()
    if THREADS == 1:
        sent = work(0)
    else:
        with ThreadPoolExecutor(THREADS) as pool:
            sent = sum(pool.map(work, range(THREADS)))
    ended = time.time()
    found = {
        "sent": sent,
        "began": began,
        "ended": ended,
        "cpu": time.process_time() - spent,
        "memory": peak_memory(),
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
