"""What is kept of a held post: its columns, what the database refuses, and plain questions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from incidents.timeline.models.event import REQUEST_KEY_LIMIT
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import Deed
from incidents.timeline.models.page import Page
from incidents.timeline.models.update import Update

if TYPE_CHECKING:
    from incidents.timeline.models.held import HeldPost  # noqa: F401 - named in a string below


class HeldState(models.TextChoices):
    """How far it has come."""

    ASKING = "asking", "Waits for a second person"
    WAITING = "waiting", "Leaves at its time"
    PUBLISHED = "published", "Published"


PENDING = (HeldState.ASKING, HeldState.WAITING)


class HeldQuerySet(models.QuerySet["HeldPost"]):
    """Adjectives for held posts."""

    def waiting(self) -> HeldQuerySet:
        """Those that leave at their time."""
        return self.filter(state=HeldState.WAITING)

    def pending(self) -> HeldQuerySet:
        """Those that leave at their time or after a second person agreed."""
        return self.filter(state__in=PENDING)

    def due(self, *, at: datetime) -> HeldQuerySet:
        """Those whose time has come, in the order they leave in."""
        return self.waiting().filter(release_at__lte=at).order_by("release_at", "pk")


class HeldRecord(models.Model):
    """The row without its verbs, which are those of HeldPost. `arguments` are those of the verb as JSON."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="held_posts")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="held_posts")
    deed = models.CharField(max_length=12, choices=Deed.choices)
    state = models.CharField(max_length=10, choices=HeldState.choices, default=HeldState.WAITING)
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request_key = models.CharField(max_length=REQUEST_KEY_LIMIT)
    request_fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    held_at = models.DateTimeField()
    release_at = models.DateTimeField(null=True)
    recipients = models.PositiveIntegerField(default=0)
    """How many were to be told when it was published; 0 where nobody is."""
    reach = models.JSONField(default=dict)
    """What it does, in numbers, as the person who published it saw them."""
    draft_code = models.CharField(max_length=12, blank=True)
    draft_fields = models.JSONField(default=dict)
    update = models.ForeignKey(Update, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = HeldQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["page", "request_key"], name="held_post_once_per_request"),
            models.CheckConstraint(
                condition=~Q(state=HeldState.WAITING) | Q(release_at__isnull=False), name="held_post_waits_for_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["release_at"], condition=Q(state=HeldState.WAITING), name="held_post_due"),
            models.Index(fields=["page"], condition=~Q(state=HeldState.PUBLISHED), name="held_post_pending"),
        ]
        ordering = ["held_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_deed_display()} by {self.by_name}: {self.title}"

    @property
    def title(self) -> str:
        """What it is about."""
        return self.incident.title if self.incident else str(self.arguments.get("title", ""))

    @property
    def body(self) -> str:
        """The text that was published."""
        return str(self.arguments.get("body", ""))

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """The window it plans or moves to."""
        ends = [self.arguments.get(name) for name in ("starts_at", "ends_at")]
        starts_at, ends_at = (datetime.fromisoformat(end) if end else None for end in ends)
        return (starts_at, ends_at) if starts_at and ends_at else None

    @property
    def is_asking(self) -> bool:
        """Whether a second person has to agree first."""
        return self.state == HeldState.ASKING

    @property
    def is_published(self) -> bool:
        """Whether it has left."""
        return self.state == HeldState.PUBLISHED

    def concerned(self) -> set[str]:
        """Return the codes of the components it sets and of those its incident affects."""
        named = set(self.arguments.get("components") or {})
        affected = self.incident.affected.values_list("component__code", flat=True) if self.incident else ()
        return named | set(affected)
