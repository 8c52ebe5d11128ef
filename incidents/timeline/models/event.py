"""Event: one row per thing that happened, numbered per page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from incidents.timeline.events import recorded, recording
from incidents.timeline.refusals import RequestKeyReused

if TYPE_CHECKING:
    from incidents.timeline.models.page import Page
    from incidents.timeline.models.update import Update

Actor = User | str
"""Who did it: a person, or the name of a part of the system such as "import"."""

REQUEST_KEY_LIMIT = 100


def actor_name(by: Actor) -> str:
    """Return the name history keeps of an actor, also after the account is gone."""
    return by if isinstance(by, str) else (by.get_full_name() or by.get_username())


def actor_account(by: Actor) -> User | None:
    """Return the account behind an actor, None for parts of the system."""
    return None if isinstance(by, str) else by


def fingerprint(content: dict[str, Any]) -> str:
    """Return a digest of what a request asked for, to recognise the same request again."""
    text = json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class Event(models.Model):
    """Audit log, outbox, trigger of publishing and identity in feeds, all in one row.

    `seq` counts per page without gaps and is taken under the page lock, so that a smaller
    number was always committed first.
    """

    page = models.ForeignKey("incidents.Page", on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=150)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    update = models.ForeignKey("incidents.Update", null=True, on_delete=models.SET_NULL, related_name="events")
    notify = models.BooleanField(default=False)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request_key = models.CharField(max_length=REQUEST_KEY_LIMIT, blank=True)
    request_fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "seq"], name="event_seq_once_per_page"),
            models.UniqueConstraint(
                fields=["page", "request_key"],
                condition=~models.Q(request_key=""),
                name="event_request_key_once_per_page",
            ),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="event_subject")]
        ordering = ["page", "seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

    @classmethod
    def record(
        cls,
        *,
        page: Page,
        kind: str,
        by: Actor,
        at: datetime,
        subject: models.Model,
        update: Update | None = None,
        notify: bool = False,
        payload: dict[str, Any] | None = None,
        request_key: str = "",
        request_fingerprint: str = "",
    ) -> Event:
        """Write the event as the last act of a verb's transaction and return it.

        `kind` is `noun.past_verb`; `notify` says whether subscribers are to be told.
        Sends `recording` now, inside the transaction, and `recorded` after commit.
        """
        event = cls.about(subject, page=page, kind=kind, by=by, at=at, payload=payload)
        event.update, event.notify = update, notify
        event.request_key, event.request_fingerprint = request_key, request_fingerprint
        cls.record_all([event], page=page, at=at)
        return event

    @classmethod
    def about(
        cls,
        subject: models.Model,
        *,
        page: Page,
        kind: str,
        by: Actor,
        at: datetime,
        payload: dict[str, Any] | None = None,
    ) -> Self:
        """Return an event that has neither a number nor a row yet, for `record_all`."""
        return cls(
            page=page,
            kind=kind,
            at=at,
            actor=actor_account(by),
            actor_name=actor_name(by)[:150],
            subject_kind=str(subject._meta.model_name),
            subject_id=subject.pk,
            payload=payload or {},
        )

    @classmethod
    def record_all(cls, events: Sequence[Self], *, page: Page, at: datetime) -> None:
        """Number and write events of `page`, in their order, as the last act of a transaction; at least one.

        Sends `recording` for each now. After commit `recorded` is sent for those of which subscribers are to be told,
        and for the last one: what else it wakes reads all that was written of the page.
        """
        last = page.take_seqs(len(events), at=at)
        for seq, event in enumerate(events, start=last - len(events) + 1):
            event.seq = seq
        cls.objects.bulk_create(events)
        for event in events:
            recording.send(sender=cls, event=event)
            if event.notify or event is events[-1]:
                transaction.on_commit(partial(recorded.send_robust, sender=cls, event_id=event.pk, page_id=page.pk))

    @classmethod
    def earlier(cls, *, page: Page, request_key: str, request_fingerprint: str) -> Event | None:
        """Return the event an earlier try of the same request made, None on the first try.

        Raises RequestKeyReused where the key came with different content.
        """
        if not request_key:
            return None
        event = cls.objects.filter(page=page, request_key=request_key).first()
        if event is not None and event.request_fingerprint != request_fingerprint:
            raise RequestKeyReused("This form was already used for something else; reload it.")
        return event
