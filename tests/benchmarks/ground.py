"""What the measurements stand on: a PostgreSQL of their own and a mail sink in a process of its own."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

from tests.servers.finding import accepts_connections, die_with_parent, free_port
from tests.servers.postgres import PostgresServer


@contextmanager
def mail_sink() -> Iterator[int]:
    """Give the port of a mail server that takes everything and keeps nothing."""
    port = free_port()
    listen = ["-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    process = subprocess.Popen([sys.executable, "-m", "aiosmtpd", *listen], preexec_fn=die_with_parent())
    try:
        while not accepts_connections(port):
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def empty_installation(sink: int) -> Iterator[None]:
    """Set Django up on an empty PostgreSQL with the sink as its relay; nothing is left at the end."""
    server = PostgresServer()
    with tempfile.TemporaryDirectory(prefix="statuspage-bench-") as folder:
        os.environ.update(DATA_DIR=folder, DATABASE_URL=server.url, EMAIL_URL=f"smtp://127.0.0.1:{sink}")
        os.environ.update(SECRET_KEY="only-for-benchmarks-" + "x" * 40, LOG_LEVEL="WARNING")
        os.environ["DJANGO_SETTINGS_MODULE"] = "statuspage.settings"
        django.setup()
        # Models can be imported only now.
        from django.db import connection, connections

        try:
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
            yield
        finally:
            connections.close_all()
            server.stop()
