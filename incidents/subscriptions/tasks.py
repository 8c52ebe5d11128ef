"""What the clock makes happen to subscriptions."""

from celery import shared_task

from incidents.lib.clock import now
from incidents.subscriptions.tidying import tidy


@shared_task(name="subscriptions.tidy", ignore_result=True)
def tidy_task() -> None:
    """Forget what was not confirmed; bring journal and database together."""
    tidy(at=now())
