"""An installation with the scenes of the acceptance tests, served by `manage.py run` as an operator starts it."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from tests.running.running import RunningSite, running_site
from tests.servers.finding import free_port

SECONDS_TO_PUBLISH = 300


@contextmanager
def served(build: Callable[[], None]) -> Iterator[RunningSite]:
    """Give a site on an SQLite of its own that `build` filled."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="statuspage-face-") as name:
        folder = Path(name)
        database = f"sqlite:///{folder / 'statuspage.sqlite3'}"
        variables = {"DATABASE_URL": database, "ALLOWED_HOSTS": "*", "SITE_URL": f"http://127.0.0.1:{port}"}
        variables["SECRET_KEY"] = "only-for-benchmarks-" + "x" * 40
        os.environ.update(variables, DATA_DIR=name, LOG_LEVEL="WARNING")
        os.environ["DJANGO_SETTINGS_MODULE"] = "statuspage.settings"
        django.setup()
        # Models can be imported only now.
        from django.core.management import call_command
        from django.db import connections

        from incidents.publishing.waking import held_back

        call_command("migrate", verbosity=0)
        with held_back():
            build()
        call_command("publish", verbosity=0)
        connections.close_all()
        with running_site(folder, "--no-demo", port=port, **variables) as site:
            site.wait_for_answer(SECONDS_TO_PUBLISH)
            yield site
