"""The models of consent."""

from incidents.subscriptions.choices import (
    ChannelKind,
    ConsentAct,
    Leaving,
    RequestKind,
    SeverityFloor,
    SubscriberState,
    Suppressing,
)
from incidents.subscriptions.models.limit import AskTally, MailboxTally
from incidents.subscriptions.models.list_import import ImportState, SubscriberImport
from incidents.subscriptions.models.record import ConsentRecord
from incidents.subscriptions.models.request import SubscriptionRequest
from incidents.subscriptions.models.scope import MutedIncident, Scope
from incidents.subscriptions.models.subscriber import Subscriber
from incidents.subscriptions.models.suppression import JournalFile, Suppression

__all__ = [
    "AskTally",
    "ChannelKind",
    "ConsentAct",
    "ConsentRecord",
    "ImportState",
    "JournalFile",
    "Leaving",
    "MailboxTally",
    "MutedIncident",
    "RequestKind",
    "Scope",
    "SeverityFloor",
    "Subscriber",
    "SubscriberImport",
    "SubscriberState",
    "SubscriptionRequest",
    "Suppressing",
    "Suppression",
]
