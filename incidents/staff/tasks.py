"""Celery tasks of this room."""

from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.models import Session

from incidents.lib.clock import now
from incidents.staff.models import TryTally

KEPT = timedelta(days=1)


@shared_task(name="staff.tidy", ignore_result=True)
def tidy_task() -> None:
    """Forget tries no limit asks about any more, and sessions that are over."""
    at = now()
    TryTally.forget(before=at - KEPT)
    Session.objects.filter(expire_date__lt=at).delete()
