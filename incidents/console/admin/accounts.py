"""Accounts in the admin: every change stands in the history of the pages, and nobody sets another's password."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from incidents.console.admin.verbs import acting_user
from incidents.lib.clock import now
from incidents.staff.recording import record

admin.site.unregister(User)
admin.site.unregister(Group)


def _note(request: HttpRequest, row: Model, what: str) -> None:
    kind = "account" if isinstance(row, User) else "role_group"
    record(
        page=None,
        kind=f"{kind}.{what}",
        by=acting_user(request),
        at=now(),
        subject=row,
        payload={"title": str(row)},
    )


class _Noted:
    """Notes what Django's own log keeps in the history of the pages as well."""

    def log_addition(self, request: HttpRequest, row: Model, message: Any) -> Any:
        """Note a new row."""
        _note(request, row, "added")
        return super().log_addition(request, row, message)  # type: ignore[misc]

    def log_change(self, request: HttpRequest, row: Model, message: Any) -> Any:
        """Note a changed row."""
        _note(request, row, "changed")
        return super().log_change(request, row, message)  # type: ignore[misc]

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Note rows that go."""
        for row in queryset:
            _note(request, row, "removed")
        return super().log_deletions(request, queryset)  # type: ignore[misc]


@admin.register(User)
class AccountAdmin(_Noted, DjangoUserAdmin):  # type: ignore[type-arg]
    """Accounts. Roles are given in the console; here one is switched off, or helped after losing a phone."""

    list_display = ("username", "email", "is_active", "is_superuser", "last_login")
    actions = ("switch_off_second_factors",)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002, ARG002 - Django's signature
        """Refuse: people set their own passwords, by a link to their address."""
        raise PermissionDenied

    @admin.action(description="Switch off second factors (a lost phone)")
    def switch_off_second_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete passkeys, apps and recovery codes of the chosen accounts."""
        for user in queryset:
            Authenticator.objects.filter(user=user).delete()
            _note(request, user, "second_factors_removed")
        messages.warning(request, "Switched off. The password alone lets them in now; ask them to set up a new one.")


@admin.register(Group)
class PermissionGroupAdmin(_Noted, DjangoGroupAdmin):
    """Django's groups; the console does not ask about them."""
