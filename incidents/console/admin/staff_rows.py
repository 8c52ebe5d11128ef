"""Who works here and which programs, as rows to look at."""

from django.contrib import admin

from incidents.console.admin.read_only import ReadOnlyAdmin
from incidents.staff.models import ApiToken, Invitation, Membership
from incidents.subscriptions.models import SubscriberImport


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Memberships."""

    list_display = ("user", "page", "role", "since")
    list_select_related = ("user", "page")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations, without the digest of their links."""

    list_display = ("email", "page", "role", "made_at", "accepted_at", "withdrawn_at")
    list_select_related = ("page",)
    exclude = ("digest",)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens of programs, without their digests."""

    list_display = ("name", "beginning", "page", "expires_at", "last_used_at", "withdrawn_at")
    list_select_related = ("page",)
    exclude = ("digest",)


@admin.register(SubscriberImport)
class SubscriberImportAdmin(ReadOnlyAdmin):
    """Lists that were taken over."""

    list_display = ("file_name", "page", "state", "created_at")
    list_select_related = ("page",)
    exclude = ("text",)
