"""What somebody may do on a page: their role there, and the components they answer for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from incidents.staff.models import Membership
from incidents.staff.roles import Role
from incidents.timeline.models import Page


@dataclass(frozen=True, slots=True)
class Standing:
    """A role on one page; `components` are the codes it is limited to, None where it is not."""

    role: Role
    components: frozenset[str] | None = None

    def reaches(self, codes: Iterable[str]) -> bool:
        """Say whether every one of these components is theirs to act on."""
        return self.components is None or self.components.issuperset(codes)


def standing_of(user: User, page: Page) -> Standing | None:
    """Return what `user` may do on `page`, None where they do not work there.

    Superusers are owners everywhere. Who has a role on the page and one for every page has the greater of the two.
    """
    if not user.is_active:
        return None
    if user.is_superuser:
        return Standing(Role.OWNER)
    found = [_standing(one) for one in Membership.objects.of(user).on(page).prefetch_related("components")]
    return max(found, key=_reach, default=None)


def is_owner_of_all(user: User) -> bool:
    """Say whether somebody is an owner of every page there is and will be."""
    if not user.is_active:
        return False
    return user.is_superuser or Membership.objects.of(user).filter(page=None, role=Role.OWNER).exists()


def pages_of(user: User) -> list[Page]:
    """Return the pages somebody works on, the default page first."""
    pages = Page.objects.order_by("-is_default", "name")
    if not user.is_active:
        return []
    if user.is_superuser or Membership.objects.of(user).filter(page=None).exists():
        return list(pages)
    return list(pages.filter(memberships__user=user))


def _standing(membership: Membership) -> Standing:
    codes = frozenset(component.code for component in membership.components.all())
    return Standing(membership.role_held, codes or None)


def _reach(standing: Standing) -> tuple[int, bool]:
    return (list(Role).index(standing.role), standing.components is None)
