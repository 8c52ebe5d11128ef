"""Index of what the rooms register with Django's admin. Re-exports only."""

from incidents.console.admin.accounts import AccountAdmin, PermissionGroupAdmin
from incidents.console.admin.components import ComponentAdmin
from incidents.console.admin.incidents import IncidentAdmin
from incidents.console.admin.rows import (
    ActionItemAdmin,
    DeliveryAdmin,
    EventAdmin,
    GroupAdmin,
    PageAdmin,
    PhaseAdmin,
    PostmortemAdmin,
    StatusChangeAdmin,
    StatusCorrectionAdmin,
    SubscriberAdmin,
    UpdateAdmin,
)
from incidents.console.admin.staff_rows import ApiTokenAdmin, InvitationAdmin, MembershipAdmin, SubscriberImportAdmin
from incidents.console.admin.templates import IncidentTemplateAdmin

__all__ = [
    "AccountAdmin",
    "ActionItemAdmin",
    "ApiTokenAdmin",
    "ComponentAdmin",
    "DeliveryAdmin",
    "EventAdmin",
    "GroupAdmin",
    "IncidentAdmin",
    "IncidentTemplateAdmin",
    "InvitationAdmin",
    "MembershipAdmin",
    "PageAdmin",
    "PermissionGroupAdmin",
    "PhaseAdmin",
    "PostmortemAdmin",
    "StatusChangeAdmin",
    "StatusCorrectionAdmin",
    "SubscriberAdmin",
    "SubscriberImportAdmin",
    "UpdateAdmin",
]
