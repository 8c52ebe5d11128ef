"""The models of consent."""

from incidents.subscriptions.models.choices import ChannelKind, SeverityFloor, SubscriberState
from incidents.subscriptions.models.limit import AskTally
from incidents.subscriptions.models.request import RequestKind, SubscriptionRequest
from incidents.subscriptions.models.scope import MutedIncident, Scope
from incidents.subscriptions.models.subscriber import Subscriber

__all__ = [
    "AskTally",
    "ChannelKind",
    "MutedIncident",
    "RequestKind",
    "Scope",
    "SeverityFloor",
    "Subscriber",
    "SubscriberState",
    "SubscriptionRequest",
]
