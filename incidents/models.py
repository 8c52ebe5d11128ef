"""Index of every model of the app. Explicit, so that a reader and a type checker can follow it.

A model that is missing here silently gets no table; `tests/architecture` notices.
"""

from incidents.notifications.models import Alarm, ChannelState, Delivery, FanOut, ReturnTally
from incidents.publishing.models import Document, Publication
from incidents.subscriptions.models import (
    AskTally,
    MutedIncident,
    Scope,
    Subscriber,
    SubscriptionRequest,
)
from incidents.timeline.models import (
    ActionItem,
    Affected,
    Component,
    ComponentChange,
    ComponentGroup,
    Event,
    Incident,
    IncidentTemplate,
    Maintenance,
    Page,
    Phase,
    Postmortem,
    StatusChange,
    StatusCorrection,
    TemplateComponent,
    Update,
    UpdateRevision,
    WindowMove,
)

__all__ = [
    "ActionItem",
    "Affected",
    "Alarm",
    "AskTally",
    "ChannelState",
    "Component",
    "ComponentChange",
    "ComponentGroup",
    "Delivery",
    "Document",
    "Event",
    "FanOut",
    "Incident",
    "IncidentTemplate",
    "Maintenance",
    "MutedIncident",
    "Page",
    "Phase",
    "Postmortem",
    "Publication",
    "ReturnTally",
    "Scope",
    "StatusChange",
    "StatusCorrection",
    "Subscriber",
    "SubscriptionRequest",
    "TemplateComponent",
    "Update",
    "UpdateRevision",
    "WindowMove",
]
