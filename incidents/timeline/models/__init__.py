"""The timeline's models, by aggregate."""

from incidents.timeline.models.action_item import ActionItem, ActionState
from incidents.timeline.models.affected import Affected
from incidents.timeline.models.component import Component
from incidents.timeline.models.component_record import Visibility
from incidents.timeline.models.draft import Draft
from incidents.timeline.models.event import Actor, Event
from incidents.timeline.models.freeze import Freeze, FreezeKind, is_frozen
from incidents.timeline.models.group import ComponentGroup
from incidents.timeline.models.held import HeldPost, Origin
from incidents.timeline.models.held_record import HeldState
from incidents.timeline.models.incident import Incident
from incidents.timeline.models.kinds import Deed, IncidentKind, IncidentVisibility
from incidents.timeline.models.maintenance import Maintenance
from incidents.timeline.models.page import Page
from incidents.timeline.models.page_picture import PagePicture
from incidents.timeline.models.phase import Phase
from incidents.timeline.models.postmortem import Postmortem
from incidents.timeline.models.presence import Presence
from incidents.timeline.models.status_history import StatusChange, StatusCorrection
from incidents.timeline.models.suspicion import Suspicion
from incidents.timeline.models.template import IncidentTemplate, TemplateComponent
from incidents.timeline.models.translation import Translated, Translation
from incidents.timeline.models.update import ComponentChange, Update, UpdateRevision
from incidents.timeline.models.window_move import WindowMove

__all__ = [
    "ActionItem",
    "ActionState",
    "Actor",
    "Affected",
    "Component",
    "ComponentChange",
    "ComponentGroup",
    "Deed",
    "Draft",
    "Event",
    "Freeze",
    "FreezeKind",
    "HeldPost",
    "HeldState",
    "Incident",
    "IncidentKind",
    "IncidentTemplate",
    "IncidentVisibility",
    "Maintenance",
    "Origin",
    "Page",
    "PagePicture",
    "Phase",
    "Postmortem",
    "Presence",
    "StatusChange",
    "StatusCorrection",
    "Suspicion",
    "TemplateComponent",
    "Translated",
    "Translation",
    "Update",
    "UpdateRevision",
    "Visibility",
    "WindowMove",
    "is_frozen",
]
