"""Freeze: the stop staff pull when something automatic must do nothing more, for a reason and not for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from incidents.timeline.checks import checked_line
from incidents.timeline.models.event import Actor, Event, actor_account, actor_name
from incidents.timeline.models.page import Page
from incidents.timeline.refusals import ImplausibleTime, UnknownChoice

LONGEST = timedelta(hours=24)
"""A stop nobody remembers is worse than what it stopped."""

REASON_LIMIT = 200


class FreezeKind(models.TextChoices):
    """What stands still."""

    MAIL = "mail", "Mail"
    AUTOMATION = "automation", "Automation"


class FreezeQuerySet(models.QuerySet["Freeze"]):
    """Adjectives for freezes."""

    def in_force(self, *, at: datetime) -> FreezeQuerySet:
        """Those that hold at `at`."""
        return self.filter(lifted_at=None, begins_at__lte=at, ends_at__gt=at)

    def pages(self, kind: FreezeKind, *, at: datetime) -> models.QuerySet[Freeze, int]:
        """Return the keys of the pages on which `kind` is frozen at `at`."""
        return self.in_force(at=at).filter(kind=kind).order_by().values_list("page_id", flat=True)


class Freeze(models.Model):
    """One pull of a stop on one page; it ends by itself at `ends_at` (exclusive), or when somebody lifts it.

    While mail is frozen no news begins to leave for subscribers on any channel; it waits. While automation is
    frozen no maintenance starts, ends or is announced by itself.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="freezes")
    kind = models.CharField(max_length=12, choices=FreezeKind.choices)
    reason = models.CharField(max_length=REASON_LIMIT)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)

    objects = FreezeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="freeze_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(reason=""), name="freeze_has_a_reason"),
            models.UniqueConstraint(
                fields=["page", "kind"], condition=Q(lifted_at=None), name="freeze_once_per_page_and_kind"
            ),
        ]
        ordering = ["kind", "-begins_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} frozen: {self.reason}"

    @classmethod
    def begin(cls, *, page: Page, kind: str, reason: str, ends_at: datetime, by: Actor, at: datetime) -> Freeze:
        """Stop mail or automation of a page until `ends_at` and return the freeze; one in force is replaced.

        Raises UnknownChoice (kind), EmptyText, TextTooLong (reason), ImplausibleTime (over already, or after a day).
        """
        if kind not in FreezeKind.values:
            raise UnknownChoice("Choose what to freeze.", field="kind")
        reason = checked_line(reason, field="reason", what="The reason", limit=REASON_LIMIT)
        if not at < ends_at <= at + LONGEST:
            raise ImplausibleTime("A freeze ends within a day; choose how long it lasts.", field="ends_at")
        with page.locked():
            cls.objects.filter(page=page, kind=kind, lifted_at=None).update(lifted_at=at)
            freeze = cls.objects.create(
                page=page,
                kind=kind,
                reason=reason,
                begins_at=at,
                ends_at=ends_at,
                by=actor_account(by),
                by_name=actor_name(by)[:150],
            )
            payload = {"kind": kind, "reason": reason, "ends_at": ends_at}
            Event.record(page=page, kind="freeze.begun", by=by, at=at, subject=freeze, payload=payload)
        return freeze

    def lift(self, *, by: Actor, at: datetime) -> None:
        """End it before its time; nothing happens where it has ended."""
        with self.page.locked():
            if not type(self).objects.in_force(at=at).filter(pk=self.pk).update(lifted_at=at):
                return
            self.lifted_at = at
            payload = {"kind": self.kind, "reason": self.reason}
            Event.record(page=self.page, kind="freeze.lifted", by=by, at=at, subject=self, payload=payload)


def is_frozen(page: Page, kind: FreezeKind, *, at: datetime) -> bool:
    """Say whether something automatic of `page` is stopped at `at`."""
    return Freeze.objects.in_force(at=at).filter(page=page, kind=kind).exists()
