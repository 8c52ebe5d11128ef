"""HeldPost: what a person published and what can still be taken back, because nothing of it has left yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q

from incidents.lib.failpoints import failpoint
from incidents.timeline.arguments import packed, unpacked
from incidents.timeline.models.deeds import do
from incidents.timeline.models.draft import Draft, DraftFields, storable
from incidents.timeline.models.event import REQUEST_KEY_LIMIT, Actor, Event, actor_account, actor_name, fingerprint
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import NEWS, Deed
from incidents.timeline.models.page import Page
from incidents.timeline.models.update import Update
from incidents.timeline.refusals import AlreadyHeld, NotYours, Refused, RequestKeyReused, TooLate


class HeldState(models.TextChoices):
    """How far it has come."""

    ASKING = "asking", "Waits for a second person"
    WAITING = "waiting", "Leaves at its time"
    PUBLISHED = "published", "Published"


PENDING = (HeldState.ASKING, HeldState.WAITING)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a post was written, so that it can go back there."""

    code: str = ""
    """Code of the draft."""
    fields: DraftFields = field(default_factory=dict)


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


class HeldPost(models.Model):
    """One post between Publish and the page. Readers, feeds, APIs and mails know nothing of it.

    `arguments` are those of the verb as JSON. The row is what is durable: whoever finds its time come, in whatever
    process, releases it, and under the page's lock only one of them does. Once published only the update it
    became stands in it; taken back it is gone.
    """

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

    # Factories

    @classmethod
    def hold(
        cls,
        *,
        page: Page,
        deed: str,
        arguments: Mapping[str, Any],
        request_key: str,
        by: Actor,
        at: datetime,
        incident: Incident | None = None,
        asks: bool = False,
        recipients: int = 0,
        reach: Mapping[str, Any] | None = None,
        origin: Origin | None = None,
    ) -> HeldPost:
        """Keep a post back for the page's seconds, or until a second person agrees (`asks`), and return it.

        `arguments` are those of the verb (deeds.py) without `by`, `at` and the key. Whatever the verb would
        refuse it refuses now. The draft it was written in ends. The same `request_key` returns what is held,
        or was published, under it. Raises what the verb raises, RequestKeyReused, AlreadyHeld.
        """
        origin = origin or Origin()
        digest = fingerprint(_content(deed, incident, arguments))
        with page.locked():
            earlier = cls.objects.filter(page=page, request_key=request_key).first()
            if earlier is not None:
                if earlier.request_fingerprint != digest:
                    raise RequestKeyReused("This form was already used for something else; reload it.")
                return earlier
            cls.refuse_twice(incident, deed)
            held = cls(
                page=page,
                incident=incident,
                deed=deed,
                state=HeldState.ASKING if asks else HeldState.WAITING,
                arguments=packed(arguments),
                request_key=request_key,
                request_fingerprint=digest,
                by=actor_account(by),
                by_name=actor_name(by)[:150],
                held_at=at,
                release_at=None if asks else at + timedelta(seconds=page.hold_seconds),
                recipients=recipients,
                reach=dict(reach or {}),
                draft_code=origin.code,
                draft_fields=storable(origin.fields),
            )
            held._rehearse(by=by, at=at)
            held.save(force_insert=True)
            Draft.end(page=page, code=origin.code, incident=incident, deed=deed)
        return held

    @classmethod
    def refuse_twice(cls, incident: Incident | None, deed: str) -> None:
        """Raise AlreadyHeld where somebody is about to do what can be done to an incident only once."""
        if deed in (*NEWS, Deed.UPDATE) or incident is None:
            return
        first = cls.objects.pending().filter(incident=incident, deed=deed).first()
        if first is not None:
            raise AlreadyHeld(f"{first.by_name} has published that, and it has not left yet. Take it back, or wait.")

    # Verbs

    def take_back(self, *, by: Actor, at: datetime) -> Draft | None:
        """Undo: the post is gone, and a draft again; return the draft. Only the event remains.

        Raises TooLate once it is published.
        """
        with self.page.locked():
            if not type(self).objects.pending().filter(pk=self.pk).exists():
                raise TooLate("It is published already; edit it, or post a correction.")
            draft = self._back_to_draft(by=by, at=at)
            self._record("update.taken_back", by=by, at=at, draft=draft)
            self.delete()
        return draft

    def approve(self, *, by: Actor, at: datetime) -> HeldPost:
        """Agree as the second person: it is held and leaves as any other. Raises NotYours, TooLate."""
        with self.page.locked():
            self.refresh_from_db()
            if self.state == HeldState.WAITING:
                return self
            if self.state != HeldState.ASKING:
                raise TooLate("It is published already.")
            if actor_account(by) is None or actor_account(by) == self.by:
                raise NotYours("Somebody else has to agree.")
            self.state = HeldState.WAITING
            self.release_at = at + timedelta(seconds=self.page.hold_seconds)
            self.save(update_fields=["state", "release_at"])
            self._record("update.approved", by=by, at=at)
        return self

    def release(self, *, at: datetime) -> Update | None:
        """Publish it now, once whoever calls; return the update, None where it was refused.

        Refused, because something else has changed meanwhile, it is a draft again and staff are told.
        Raises TooLate where it was taken back meanwhile or waits for a second person.
        """
        with self.page.locked():
            held = type(self).objects.select_related("page", "incident", "by", "update").filter(pk=self.pk).first()
            if held is None or held.state == HeldState.ASKING:
                raise TooLate("It was taken back meanwhile.")
            if held.state == HeldState.PUBLISHED:
                return held.update
            by = held.by or held.by_name
            try:
                with transaction.atomic():
                    update = held._do(by=by, at=at)
            except Refused as refusal:
                held.give_up(because=refusal.sentence, at=at)
                return None
            failpoint("held-done")
            held.state, held.update, held.incident = HeldState.PUBLISHED, update, update.incident
            held.arguments, held.draft_fields = {}, {}
            held.save(update_fields=["state", "update", "incident", "arguments", "draft_fields"])
        return update

    def give_up(self, *, because: str, at: datetime) -> None:
        """Make it a draft again with the reason it could not be published; the event tells staff."""
        with self.page.locked():
            draft = self._back_to_draft(by=self.by or self.by_name, at=at, refusal=because)
            self._record("update.refused", by=self.by or self.by_name, at=at, draft=draft, because=because)
            self.delete()

    # Questions

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

    # Inner steps

    def _do(self, *, by: Actor, at: datetime) -> Update:
        said = unpacked(self.arguments, page=self.page)
        return do(
            self.deed, page=self.page, incident=self.incident, said=said, request_key=self.request_key, by=by, at=at
        )

    def _rehearse(self, *, by: Actor, at: datetime) -> None:
        """Run the verb and undo it: what is refused, is refused to the person who still has it before them."""
        with transaction.atomic():
            self._do(by=by, at=at)
            transaction.set_rollback(True)

    def _back_to_draft(self, *, by: Actor, at: datetime, refusal: str = "") -> Draft | None:
        if not self.draft_code:
            return None
        return Draft.bring_back(
            page=self.page,
            code=self.draft_code,
            fields=self.draft_fields,
            incident=self.incident,
            deed=self.deed,
            by=by,
            at=at,
            refusal=refusal,
        )

    def _record(self, kind: str, *, by: Actor, at: datetime, draft: Draft | None = None, because: str = "") -> None:
        payload = {
            "incident": self.incident.code if self.incident else "",
            "draft": draft.code if draft else self.draft_code,
            "deed": self.deed,
        }
        told = {**payload, "reason": because} if because else payload
        Event.record(page=self.page, kind=kind, by=by, at=at, subject=self, payload=told)


_CONTENT = ("title", "body", "phase", "components", "translations", "titles", "starts_at", "ends_at", "ends_series")


def _content(deed: str, incident: Incident | None, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes two requests the same; what is counted from the present moment does not."""
    said = {name: arguments.get(name) for name in _CONTENT}
    return {"deed": deed, "incident": incident and incident.pk, **packed(said)}
