"""HeldPost: what a person published and what can still be taken back, because nothing of it has left yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from incidents.lib.failpoints import failpoint
from incidents.timeline.arguments import packed, unpacked
from incidents.timeline.models.deeds import do
from incidents.timeline.models.draft import Draft, DraftFields, storable
from incidents.timeline.models.event import Actor, Event, actor_account, actor_name, fingerprint
from incidents.timeline.models.held_record import HeldRecord, HeldState
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import NEWS, Deed
from incidents.timeline.models.page import Page
from incidents.timeline.models.update import Update
from incidents.timeline.refusals import AlreadyHeld, NotYours, Refused, RequestKeyReused, TooLate


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a post was written, so that it can go back there."""

    code: str = ""
    """Code of the draft."""
    fields: DraftFields = field(default_factory=dict)


class HeldPost(HeldRecord):
    """One post between Publish and the page. Readers, feeds, APIs and mails know nothing of it.

    The row is what is durable: whoever finds its time come, in whatever process, releases it, and under the page's
    lock only one of them does. Once published only the update it became stands in it; taken back it is gone.
    """

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
