"""Everything else: raw rows, newest first, read-only."""

from django.contrib import admin

from incidents.console.admin.read_only import ReadOnlyAdmin
from incidents.notifications.models import Delivery
from incidents.subscriptions.models import Subscriber
from incidents.timeline.models import (
    ActionItem,
    ComponentGroup,
    Event,
    Page,
    Phase,
    Postmortem,
    StatusChange,
    StatusCorrection,
    Update,
)

_KEYS = frozenset({"id", "password_hash", "feed_secret"})
"""What opens a page that is not public is for nobody to read."""


@admin.register(Page)
class PageAdmin(ReadOnlyAdmin):
    """Pages."""

    list_display = ("name", "host", "time_zone", "is_default", "last_seq")
    fields = tuple(one.name for one in Page._meta.fields if one.editable and one.name not in _KEYS)


@admin.register(Phase)
class PhaseAdmin(ReadOnlyAdmin):
    """Phases."""

    list_display = ("label", "slug", "canonical", "page")
    list_select_related = ("page",)


@admin.register(ComponentGroup)
class GroupAdmin(ReadOnlyAdmin):
    """Component groups."""

    list_display = ("name", "page", "position")
    list_select_related = ("page",)


@admin.register(Update)
class UpdateAdmin(ReadOnlyAdmin):
    """Updates."""

    list_display = ("posted_at", "incident", "phase", "author_name", "notify", "removed_at")
    list_select_related = ("incident", "phase")
    search_fields = ("body", "code")
    ordering = ("-posted_at",)


@admin.register(Postmortem)
class PostmortemAdmin(ReadOnlyAdmin):
    """Postmortems."""

    list_display = ("incident", "published_at")
    list_select_related = ("incident",)


@admin.register(ActionItem)
class ActionItemAdmin(ReadOnlyAdmin):
    """Action items."""

    list_display = ("text", "owner", "state", "due_on")


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdmin):
    """The history of component states."""

    list_display = ("at", "component", "old", "new", "by_name")
    list_select_related = ("component",)
    ordering = ("-at",)


@admin.register(StatusCorrection)
class StatusCorrectionAdmin(ReadOnlyAdmin):
    """Corrections of that history."""

    list_display = ("at", "component", "status", "starts_at", "ends_at", "reason", "by_name")
    list_select_related = ("component",)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The audit log."""

    list_display = ("seq", "page", "at", "kind", "actor_name", "notify")
    list_select_related = ("page",)
    list_filter = ("page", "kind")
    ordering = ("-at", "-seq")


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnlyAdmin):
    """Subscribers."""

    list_display = ("address", "channel", "page", "state", "confirmed_at", "left_at")
    list_select_related = ("page",)
    list_filter = ("page", "state", "channel")
    search_fields = ("address",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Deliveries."""

    list_display = ("created_at", "kind", "address", "channel", "state", "attempts", "last_answer")
    list_filter = ("page", "state", "channel", "kind")
    search_fields = ("address", "message_id")
