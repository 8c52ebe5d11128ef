"""Subscriber: an address on a page, and whether its owner agreed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext

from incidents.lib.languages import ENGLISH, speaking
from incidents.lib.signing import rotated
from incidents.lib.text import clean_line
from incidents.subscriptions import events
from incidents.subscriptions.choices import ConsentAct, Leaving, SubscriberState, Suppressing
from incidents.subscriptions.models.endurance import REASON_LIMIT
from incidents.subscriptions.models.following import PREFERENCES
from incidents.subscriptions.models.record import DETAIL_LIMIT
from incidents.subscriptions.models.subscriber_record import SubscriberRecord
from incidents.subscriptions.refusals import AddressNotRepeated, NothingChosen, NotSubscribed
from incidents.subscriptions.suppression import keeping
from incidents.subscriptions.wishes import Wish, wish_for_incident
from incidents.timeline.models import Event, Incident

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from incidents.subscriptions.models.record import ConsentRecord

PAUSE = timedelta(days=30)
"""How long a pause lasts; it ends by itself."""

_STATE = ("state", "left_at", "complained_at", "paused_until")


class Subscriber(SubscriberRecord):
    """An address on a page. The row of somebody who left stays: it is the suppression.

    `by` of the verbs is a name of staff, "" for the owner.
    """

    if TYPE_CHECKING:
        records: RelatedManager[ConsentRecord]

    # Verbs that agree and choose

    def consent(
        self, wish: Wish, *, at: datetime, act: ConsentAct = ConsentAct.CONFIRMED, by: str = "", detail: str = ""
    ) -> Subscriber:
        """Become active for exactly `wish`; whatever was agreed before is replaced, a suppression is lifted."""
        with self.locked():
            self.state = SubscriberState.ACTIVE
            self.consents += 1
            self.confirmed_at = at
            self.left_at = self.complained_at = self.paused_until = None
            self.forget_failures()
            self._prefer(wish.preferences)
            self.save(update_fields=[*_STATE, "consents", "confirmed_at", *self.FAILURES, *PREFERENCES])
            self.scopes.all().delete()
            self.muted.all().delete()
            self._follow(wish, at=at)
            if keeping.is_suppressed(page=self.page, channel=self.channel, address_key=self.address_key):
                self._journal(Suppressing.CONSENTED, at=at)
            self.record(act, at=at, by=by, detail=detail or _for_staff(wish))
        return self

    def choose(self, wish: Wish | None, *, at: datetime, by: str = "") -> Subscriber:
        """Change what is followed from now on; incidents followed one by one stay.

        None follows nothing but those and leaves the preferences alone. Raises NothingChosen where
        there are none, NotSubscribed for somebody who has left.
        """
        with self.locked():
            self._refuse_inactive()
            if wish is None and not self.incidents_followed():
                raise NothingChosen(gettext("Choose everything or some components, or leave."), field="what")
            self.scopes.filter(incident=None).delete()
            if wish is not None:
                self._follow(wish, at=at)
                self._prefer(wish.preferences)
                self.save(update_fields=PREFERENCES)
            self.record(ConsentAct.CHOSE, at=at, by=by, detail=_for_staff(wish) if wish else "only incidents")
        return self

    def take_over(self, old: Subscriber, *, at: datetime) -> Subscriber:
        """Become active with everything `old` follows, pauses and does not want, and leave `old`: the same person.

        Moving to the address one has changes nothing. Raises NotSubscribed where `old` has left meanwhile.
        """
        with self.locked(), old.locked():
            old._refuse_inactive()
            if old.pk == self.pk:
                return self
            followed = list(old.scopes.values("component_id", "incident_id", "ended_seq", "created_at"))
            muted = list(old.muted.values("incident_id", "created_at"))
            self.consent(old.follows(), at=at, act=ConsentAct.MOVED, detail=f"from {old.shown_address}")
            self.scopes.all().delete()
            self.scopes.model.objects.bulk_create(self.scopes.model(subscriber=self, **one) for one in followed)
            self.muted.model.objects.bulk_create(self.muted.model(subscriber=self, **one) for one in muted)
            self.leaving, self.paused_until = old.leaving, old.paused_until
            self.contact_email = old.contact_email or self.contact_email
            self.save(update_fields=["leaving", "paused_until", "contact_email"])
            old.leave(at=at)
        return self

    def follow_incident(self, incident: Incident, *, at: datetime) -> Subscriber:
        """Hear of one incident on top of what is followed. Raises NotSubscribed, IncidentOver."""
        with self.locked():
            self._refuse_inactive()
            self._follow(wish_for_incident(self.page, incident.code), at=at)
            self.muted.filter(incident=incident).delete()
        return self

    def pause(self, *, at: datetime, by: str = "") -> Subscriber:
        """Hear nothing for 30 days. Raises NotSubscribed."""
        return self._pause_until(at + PAUSE, ConsentAct.PAUSED, at=at, by=by)

    def resume(self, *, at: datetime, by: str = "") -> Subscriber:
        """End a pause early. Raises NotSubscribed."""
        return self._pause_until(None, ConsentAct.RESUMED, at=at, by=by)

    def set_leaving(self, rule: Leaving, *, at: datetime, by: str = "") -> Subscriber:
        """Say how this may be ended; for addresses that several people read."""
        with self.locked():
            if self.leaving != rule:
                self.leaving = rule
                self.save(update_fields=["leaving"])
                self.record(ConsentAct.RULE, at=at, by=by, detail=str(rule.label))
        return self

    def renew_secret(self, *, at: datetime, by: str = "") -> Subscriber:
        """Give a webhook a new signing secret; the former one signs too until the next change."""
        with self.locked():
            self.signing_secret = rotated(self.signing_secret)
            self.save(update_fields=["signing_secret"])
            self.record(ConsentAct.RULE, at=at, by=by, detail="new signing secret")
        return self

    # Verbs that end

    def leave(self, *, at: datetime, by: str = "") -> Subscriber:
        """Unsubscribe from everything; the first time counts, later ones change nothing.

        In the suppression journal before this returns.
        """
        return self._end(Suppressing.LEFT, ConsentAct.LEFT, at=at, by=by)

    def complain(self, *, at: datetime, by: str = "") -> Subscriber:
        """End everything because a mail was called unwanted; not even a confirmation is mailed again."""
        return self._end(Suppressing.COMPLAINED, ConsentAct.COMPLAINED, at=at, by=by)

    def leave_incident(self, incident: Incident, *, at: datetime) -> Subscriber:
        """Hear no more of one incident; who followed nothing else has left."""
        with self.locked():
            if self.state not in (SubscriberState.ACTIVE, SubscriberState.DISABLED):
                return self
            self.scopes.filter(incident=incident).delete()
            if not self.scopes.exists():
                return self.leave(at=at)
            self.muted.get_or_create(incident=incident, defaults={"created_at": at})
        return self

    def erase(self, *, at: datetime) -> None:
        """Forget the person: the row, its history and the address in deliveries go, a salted digest stays."""
        with self.locked():
            self._journal(Suppressing.ERASED, at=at)
            events.erasing.send(sender=Subscriber, subscriber=self)
            self.delete()

    def erase_by_staff(self, *, by: User, at: datetime) -> None:
        """Erase because somebody asked staff to; that it was done, not to whom, is kept in the history."""
        with transaction.atomic():
            page = self.page
            self.erase(at=at)
            Event.record(page=page, kind="subscriber.erased", by=by, at=at, subject=page)

    # Verbs for an address that takes nothing

    def count_hard(self, *, answer: str, at: datetime, decisive: bool = True) -> Subscriber:
        """Count a refusal that says the address takes nothing; switch it off.

        At once where the answer leaves no doubt (`decisive`: no such mailbox, endpoint gone), else
        with the third. `answer` is the other side's own words, kept as the reason.
        """
        with self.locked():
            is_too_much = self.add_hard_failure(decisive=decisive)
            self.save(update_fields=self.FAILURES)
            return self.disable(reason=answer, at=at) if is_too_much else self

    def disable(self, *, reason: str, at: datetime) -> Subscriber:
        """Send nothing more to an address that takes nothing; the row stays and is listed."""
        with self.locked():
            if self.state != SubscriberState.ACTIVE:
                return self
            self.state = SubscriberState.DISABLED
            self.disabled_at = at
            self.disabled_reason = clean_line(reason)[:REASON_LIMIT] or "It takes nothing any more."
            self.save(update_fields=["state", *self.FAILURES])
            self.record(ConsentAct.DISABLED, at=at, detail=self.disabled_reason)
        return self

    def reactivate(self, *, at: datetime, by: str = "") -> Subscriber:
        """Send again to an address that was switched off; its consent still stands."""
        with self.locked():
            if self.state == SubscriberState.DISABLED:
                self.state = SubscriberState.ACTIVE
                self.forget_failures()
                self.save(update_fields=["state", *self.FAILURES])
                self.record(ConsentAct.REACTIVATED, at=at, by=by)
        return self

    # Questions

    def refuse_careless_leave(self, typed: str) -> None:
        """Raise AddressNotRepeated where leaving needs the address typed, or is for staff only."""
        if self.leaving == Leaving.LOCKED:
            raise AddressNotRepeated(
                gettext("This subscription is looked after by the people who run this page; ask them.")
            )
        if self.leaving == Leaving.TYPED and "".join(typed.split()).casefold() not in self._spellings():
            raise AddressNotRepeated(gettext("Type the address as it stands above: several people read it."))

    # Inner steps

    @contextmanager
    def locked(self) -> Iterator[Subscriber]:
        """Run the block in a transaction in which nobody else changes this subscriber, read anew."""
        with transaction.atomic():
            self.refresh_from_db(
                from_queryset=type(self).objects.select_related("page").select_for_update(of=("self",))
            )
            yield self

    def _end(self, kind: Suppressing, act: ConsentAct, *, at: datetime, by: str) -> Subscriber:
        with self.locked():
            if self.state == SubscriberState.LEFT and (kind == Suppressing.LEFT or self.complained_at):
                return self
            self._journal(kind, at=at)
            self._set_left(kind, at=at)
            self.record(act, at=at, by=by)
        return self

    def _set_left(self, kind: Suppressing, *, at: datetime) -> None:
        self.state = SubscriberState.LEFT
        self.left_at = at
        self.complained_at = at if kind == Suppressing.COMPLAINED else self.complained_at
        self.save(update_fields=_STATE)
        self.scopes.all().delete()
        self.muted.all().delete()

    def _pause_until(self, until: datetime | None, act: ConsentAct, *, at: datetime, by: str) -> Subscriber:
        with self.locked():
            self._refuse_inactive()
            self.paused_until = until
            self.save(update_fields=["paused_until"])
            self.record(act, at=at, by=by)
        return self

    def _spellings(self) -> set[str]:
        return {self.address.casefold(), self.shown_address.casefold()}

    def _refuse_inactive(self) -> None:
        if not self.is_active:
            raise NotSubscribed(gettext("You are not subscribed."))

    def _journal(self, kind: Suppressing, *, at: datetime) -> None:
        keeping.note(
            page=self.page,
            channel=self.channel,
            address_key=self.address_key,
            subscriber=self.code,
            kind=kind,
            at=at,
        )

    def record(self, act: ConsentAct, *, at: datetime, by: str = "", detail: str = "") -> None:
        """Keep what happened to the consent; for the verbs, inside their transaction."""
        fields: dict[str, Any] = {"act": act, "at": at, "by_name": by[:150], "detail": detail[:DETAIL_LIMIT]}
        self.records.create(**fields)


def _for_staff(wish: Wish) -> str:
    """Return a wish in English, whatever language its owner reads: staff look it up."""
    with speaking(ENGLISH):
        return wish.in_words()
