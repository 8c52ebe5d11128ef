"""Index of every Celery task, so that workers know them. Re-exports only."""

from incidents.guide.tasks import forget_task as forget_unmatched_task
from incidents.notifications.canaries import canary_task
from incidents.notifications.hook_tasks import post_hooks_task
from incidents.notifications.tasks import deliver_task, fan_out_task, read_bounces_task, retry_task, sweep_task
from incidents.notifications.truth_alarms import tell_of_doubts_task
from incidents.notifications.watch import purge_task, watch_task
from incidents.publishing.tasks import sweep_task as sweep_publishing_task
from incidents.readers.tasks import forget_task
from incidents.staff.tasks import tidy_task as tidy_staff_task
from incidents.subscriptions.tasks import tidy_task
from incidents.timeline.tasks import forget_task as forget_timeline_task
from incidents.timeline.tasks import run_due_maintenance_task

__all__ = [
    "canary_task",
    "deliver_task",
    "fan_out_task",
    "forget_task",
    "forget_timeline_task",
    "forget_unmatched_task",
    "post_hooks_task",
    "purge_task",
    "read_bounces_task",
    "retry_task",
    "run_due_maintenance_task",
    "sweep_publishing_task",
    "sweep_task",
    "tell_of_doubts_task",
    "tidy_staff_task",
    "tidy_task",
    "watch_task",
]
