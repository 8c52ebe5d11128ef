"""What the clock makes happen to the guide."""

from celery import shared_task

from incidents.guide.models import UnmatchedText
from incidents.lib.clock import now


@shared_task(name="guide.forget", ignore_result=True)
def forget_task() -> None:
    """Forget unknown errors that nobody met for half a year."""
    UnmatchedText.forget(at=now())
