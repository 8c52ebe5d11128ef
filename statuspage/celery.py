"""The Celery application. The broker is a doorbell, the database is the queue: losing the broker loses no work."""

import os
from typing import Any

from celery import Celery
from django.conf import settings
from kombu import Queue

from statuspage import liveness, worker_processes
from statuspage.broker import Doorbell

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")

# What runs by the clock. A room adds its own line; `expires` keeps rings from piling up while no worker runs.
BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "notifications.sweep": {"task": "notifications.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "notifications.read_bounces": {
        "task": "notifications.read_bounces",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "housekeeping"},
    },
    # Within two minutes staff know of an update that reached nobody: a minute's patience, and this.
    "notifications.watch": {"task": "notifications.watch", "schedule": 10.0, "options": {"expires": 10}},
    "notifications.tell_of_doubts": {
        "task": "notifications.tell_of_doubts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "notifications.purge": {"task": "notifications.purge", "schedule": 3600.0, "options": {"expires": 3600}},
    # Who left since a backup is known a minute after its restore at the latest; each fan-out looks by itself.
    "subscriptions.tidy": {"task": "subscriptions.tidy", "schedule": 60.0, "options": {"expires": 60}},
    "readers.forget": {"task": "readers.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    "guide.forget": {"task": "guide.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    "staff.tidy": {"task": "staff.tidy", "schedule": 3600.0, "options": {"expires": 3600}},
    "publishing.sweep": {"task": "publishing.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "timeline.forget": {"task": "timeline.forget", "schedule": 3600.0, "options": {"expires": 3600}},
    "timeline.run_due_maintenance": {
        "task": "timeline.run_due_maintenance",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
}

# Mail never waits behind clean-up: workers may serve each queue in processes of its own.
TASK_ROUTES: dict[str, dict[str, str]] = {
    "notifications.read_bounces": {"queue": "housekeeping"},
    "notifications.watch": {"queue": "housekeeping"},
    "notifications.purge": {"queue": "housekeeping"},
    "notifications.tell_of_doubts": {"queue": "housekeeping"},
    "notifications.sweep": {"queue": "housekeeping"},
    "notifications.post_hooks": {"queue": "hooks"},
    "notifications.retry": {"queue": "retries"},
    "notifications.*": {"queue": "news"},
}
# Fan-out and first tries; second tries; posts over HTTP; everything by the clock.
QUEUES = ["news", "retries", "hooks", "housekeeping"]


def transport_options(broker_url: str) -> dict[str, Any]:
    """Return how to talk to the broker: a dead or frozen one is noticed within a second, not after minutes."""
    if broker_url.startswith("memory://"):
        return {"polling_interval": 0.05}
    if broker_url.startswith(("redis://", "rediss://")):
        return {
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
            "visibility_timeout": 3600,
            "max_retries": 0,
            # A consumer that waits on a connection nobody closed is noticed after this and twice more.
            "health_check_interval": 4,
        }
    return {}


LONGEST_TASK = 600.0
"""Seconds after which a process that hangs in a task is ended and replaced; the longest one is a fan-out to a million.

Without it such a process would count as busy for ever.
"""

app = Celery("statuspage", amqp=Doorbell)
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_transport_options=transport_options(settings.BROKER_URL),
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=1,
    broker_connection_max_retries=None,
    task_publish_retry=False,
    accept_content=["json"],
    task_serializer="json",
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=LONGEST_TASK,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=False,
    task_default_queue="housekeeping",
    # A worker serves them all unless it is told by --queues to keep to some.
    task_queues=[Queue(name) for name in QUEUES],
    task_routes=TASK_ROUTES,
    beat_schedule=BEAT_SCHEDULE,
    timezone="UTC",
    enable_utc=True,
)
# Only the index incidents/tasks.py is read; rooms list their tasks there.
app.autodiscover_tasks(["incidents"])
worker_processes.connect()
liveness.connect(app)
