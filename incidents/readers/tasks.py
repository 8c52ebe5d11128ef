"""What the clock makes happen to readers' reports."""

from celery import shared_task

from incidents.lib.clock import now
from incidents.readers.models import ReaderReport


@shared_task(name="readers.forget", ignore_result=True)
def forget_task() -> None:
    """Forget reports that are a day old."""
    ReaderReport.forget(at=now())
