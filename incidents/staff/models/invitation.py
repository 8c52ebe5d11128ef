"""Invitations: a link, good once and for a week, by which somebody makes their own account."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q

from incidents.staff.models.membership import Membership
from incidents.staff.recording import record
from incidents.staff.refusals import AlreadyOnStaff, UnknownInvitation
from incidents.staff.roles import Role
from incidents.timeline.models import Component, Page
from incidents.timeline.models.event import Actor

GOOD_FOR = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Adjectives for invitations."""

    def open(self, *, at: datetime) -> InvitationQuerySet:
        """Those that may still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)

    def on(self, page: Page) -> InvitationQuerySet:
        """Those that count on `page`."""
        return self.filter(Q(page=page) | Q(page=None))


class Invitation(models.Model):
    """Who was asked to work here and as what; of the link only a digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role.choices)
    components = models.ManyToManyField(Component, blank=True, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_role_display()}"

    @classmethod
    def make(
        cls,
        *,
        email: str,
        page: Page | None,
        role: str,
        components: Iterable[Component] = (),
        by: User,
        at: datetime,
    ) -> tuple[Invitation, str]:
        """Ask somebody in; return the invitation and the secret of its link, which is kept nowhere.

        An earlier open invitation of the same address to the same page is withdrawn. Raises AlreadyOnStaff.
        """
        address = email.strip()
        working = User.objects.filter(Q(email__iexact=address) | Q(username__iexact=address))
        if working.filter(memberships__in=Membership.objects.filter(page=page)).exists():
            raise AlreadyOnStaff("This person works here already; change their role in the list.", field="email")
        secret = secrets.token_urlsafe(32)
        with transaction.atomic():
            cls.objects.open(at=at).filter(email__iexact=address, page=page).update(withdrawn_at=at)
            invitation = cls.objects.create(
                digest=_digest(secret),
                email=address,
                page=page,
                role=role,
                invited_by=by,
                made_at=at,
                expires_at=at + GOOD_FOR,
            )
            invitation.components.set(components)
            invitation._record("invitation.made", by=by, at=at)
        return invitation, secret

    @classmethod
    def find(cls, secret: str, *, at: datetime) -> Invitation:
        """Return the open invitation a link leads to. Raises UnknownInvitation."""
        found = cls.objects.open(at=at).filter(digest=_digest(secret)).select_related("page", "invited_by").first()
        if found is None:
            raise UnknownInvitation("This invitation was used, was withdrawn, or is too old. Ask for a new one.")
        return found

    def accept(self, *, user: User, at: datetime) -> Membership:
        """Make `user` (a new account, or one that exists) a member, once. Raises UnknownInvitation."""
        with transaction.atomic():
            taken = Invitation.objects.open(at=at).filter(pk=self.pk).update(accepted_at=at)
            if not taken:
                raise UnknownInvitation("This invitation was used meanwhile.")
            return Membership.give(
                user=user,
                page=self.page,
                role=self.role,
                # Also those removed since: without them the limit would be none.
                components=self.components.all(),
                by=user,
                at=at,
            )

    def withdraw(self, *, by: Actor, at: datetime) -> None:
        """Let the link open nothing from now on."""
        with transaction.atomic():
            self.withdrawn_at = at
            self.save(update_fields=["withdrawn_at"])
            self._record("invitation.withdrawn", by=by, at=at)

    def _record(self, kind: str, *, by: Actor, at: datetime) -> None:
        payload = {"title": f"{self.email}, {self.get_role_display()}", "role": self.role}
        record(page=self.page, kind=kind, by=by, at=at, subject=self, payload=payload)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
