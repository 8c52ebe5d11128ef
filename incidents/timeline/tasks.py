"""What the clock makes happen on the timeline."""

from celery import shared_task

from incidents.lib.clock import now
from incidents.timeline.holding import forget
from incidents.timeline.schedule import run_due_maintenance


@shared_task(name="timeline.run_due_maintenance", ignore_result=True)
def run_due_maintenance_task() -> None:
    """Start, finish and announce the maintenances whose time has come."""
    run_due_maintenance(at=now())


@shared_task(name="timeline.forget", ignore_result=True)
def forget_task() -> None:
    """Forget how held posts ended, and drafts nobody came back to."""
    forget(at=now())
