"""Publishing by the clock. Correctness needs neither: each web node sweeps by itself (follower.py)."""

from celery import shared_task

from incidents.publishing.follower import sweep


@shared_task(name="publishing.sweep", ignore_result=True)
def sweep_task() -> None:
    """Publish what is behind and what the clock moved."""
    sweep()
