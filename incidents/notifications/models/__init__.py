"""The models of telling people."""

from incidents.notifications.choices import DeliveryState, Lane, MailKind
from incidents.notifications.models.alarm import Alarm
from incidents.notifications.models.canary import Canary
from incidents.notifications.models.channel_state import ChannelState
from incidents.notifications.models.delivery import Delivery
from incidents.notifications.models.fan_out import FanOut
from incidents.notifications.models.return_tally import ReturnTally, Taken

__all__ = [
    "Alarm",
    "Canary",
    "ChannelState",
    "Delivery",
    "DeliveryState",
    "FanOut",
    "Lane",
    "MailKind",
    "ReturnTally",
    "Taken",
]
