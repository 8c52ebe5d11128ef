"""Maintenance windows begin, end and are announced by themselves."""

import logging
from datetime import datetime
from typing import Any

from incidents.timeline.models import Freeze, FreezeKind, Maintenance
from incidents.timeline.refusals import Refused, WrongPhase
from incidents.timeline.states import RUNNING_MAINTENANCE_PHASES, MaintenancePhase

SCHEDULE = "schedule"
"""The actor's name in history."""

log = logging.getLogger(__name__)


def run_due_maintenance(*, at: datetime) -> None:
    """Remind of, start and finish what is due at `at`. Safe to run twice or in parallel.

    Each verb checks the phase again under the page lock, so a second runner is refused. Pages whose automation staff
    have frozen are left alone; what is due then happens when the freeze is over.
    """
    automatic = Maintenance.objects.exclude(page__in=Freeze.objects.pages(FreezeKind.AUTOMATION, at=at))
    scheduled = automatic.filter(phase__canonical=MaintenancePhase.SCHEDULED)
    for maintenance in scheduled.exclude(remind_minutes=[]).filter(scheduled_for__gt=at):
        minutes = maintenance.reminder_due(at=at)
        if minutes is not None:
            _try(maintenance, "remind", at=at, minutes=minutes)
    for maintenance in scheduled.filter(auto_start=True, scheduled_for__lte=at):
        _try(maintenance, "start", at=at)
    running = automatic.filter(phase__canonical__in=RUNNING_MAINTENANCE_PHASES)
    for maintenance in running.filter(auto_finish=True, scheduled_until__lte=at):
        _try(maintenance, "finish", at=at)


def _try(maintenance: Maintenance, verb: str, *, at: datetime, **options: Any) -> None:
    """Call a verb; a maintenance that refuses must not keep the others from their turn."""
    try:
        getattr(maintenance, verb)(by=SCHEDULE, at=at, **options)
    except WrongPhase:
        log.info("maintenance %s: %s came too late", maintenance.code, verb)
    except Refused as refusal:
        log.error("maintenance %s: %s is refused: %s", maintenance.code, verb, refusal.sentence)
