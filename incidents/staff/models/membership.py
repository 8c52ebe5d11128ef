"""Memberships: who works on which page, in which role, for which components."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q

from incidents.staff.recording import record
from incidents.staff.refusals import ImpossibleLimit, LastOwner, OwnMembership
from incidents.staff.roles import Role
from incidents.timeline.models import Component, Page
from incidents.timeline.models.event import Actor, actor_account


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Adjectives for memberships."""

    def on(self, page: Page) -> MembershipQuerySet:
        """Those that count on `page`: its own, and those for every page."""
        return self.filter(Q(page=page) | Q(page=None))

    def of(self, user: User) -> MembershipQuerySet:
        """Those of `user`."""
        return self.filter(user=user)


class Membership(models.Model):
    """A person's role on a page, or on every page; `components` limits what they act on, none means all."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    page = models.ForeignKey(Page, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    components = models.ManyToManyField(Component, blank=True, related_name="+")
    since = models.DateTimeField()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "page"], name="membership_once_per_page"),
            models.UniqueConstraint(fields=["user"], condition=Q(page=None), name="membership_once_for_every_page"),
        ]
        ordering = ["user__username", "pk"]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    @classmethod
    def give(
        cls,
        *,
        user: User,
        page: Page | None,
        role: str,
        components: Iterable[Component] = (),
        by: Actor,
        at: datetime,
    ) -> Membership:
        """Take somebody on, or change what they may do on that page, and return the membership.

        `page` None means every page. Raises ImpossibleLimit, LastOwner, OwnMembership.
        """
        limit = sorted(set(components), key=lambda component: component.pk)
        _check_limit(page, Role(role), limit)
        with transaction.atomic():
            _lock_pages()
            before = cls.objects.filter(user=user, page=page).first()
            if before is not None and before.role == Role.OWNER and role != Role.OWNER:
                before._refuse_to_lose_an_owner(by=by)
            membership, _made = cls.objects.update_or_create(
                user=user, page=page, defaults={"role": role}, create_defaults={"role": role, "since": at}
            )
            membership.components.set(limit)
            if not user.is_staff:
                user.is_staff = True
                user.save(update_fields=["is_staff"])
            membership._record("membership.changed" if before else "membership.given", by=by, at=at)
        return membership

    def end(self, *, by: Actor, at: datetime) -> None:
        """Let somebody work on that page no more; it holds from their next request on.

        Raises LastOwner, OwnMembership.
        """
        with transaction.atomic():
            _lock_pages()
            self._refuse_to_lose_an_owner(by=by)
            self._record("membership.ended", by=by, at=at)
            user = self.user
            self.delete()
            if not user.is_superuser and not user.memberships.exists():
                user.is_staff = False
                user.save(update_fields=["is_staff"])

    @property
    def role_held(self) -> Role:
        """The role, as one."""
        return Role(self.role)

    def _refuse_to_lose_an_owner(self, *, by: Actor) -> None:
        account = actor_account(by)
        if account is not None and account.pk == self.user_id:
            raise OwnMembership("This is your own membership; ask another owner to change it.", field="role")
        others = Membership.objects.filter(role=Role.OWNER, user__is_active=True).exclude(pk=self.pk)
        remaining = others.on(self.page) if self.page else others.filter(page=None)
        is_kept = remaining.exists() or User.objects.filter(is_superuser=True, is_active=True).exists()
        if self.role == Role.OWNER and not is_kept:
            raise LastOwner("This is the last owner; make somebody else an owner first.", field="role")

    def _record(self, kind: str, *, by: Actor, at: datetime) -> None:
        payload = {
            "title": f"{self.user.get_username()}, {self.get_role_display()}",
            "person": self.user.get_username(),
            "role": self.role,
            "everywhere": self.page_id is None,
            "components": [component.code for component in self.components.all()],
        }
        record(page=self.page, kind=kind, by=by, at=at, subject=self, payload=payload)


def _check_limit(page: Page | None, role: Role, components: list[Component]) -> None:
    if not components:
        return
    if page is None:
        raise ImpossibleLimit("Choose one page first; components belong to a page.", field="components")
    if role == Role.OWNER:
        raise ImpossibleLimit("An owner answers for the whole page; take the components out.", field="components")
    if any(component.page_id != page.pk for component in components):
        raise ImpossibleLimit("One of the components does not exist on this page any more.", field="components")


def _lock_pages() -> None:
    """Let one change of memberships after the other happen, so that two owners cannot remove each other."""
    list(Page.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
