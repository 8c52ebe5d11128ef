"""The models of telling people."""

from incidents.notifications.models.delivery import Delivery, DeliveryState, Lane, MailKind
from incidents.notifications.models.fan_out import FanOut

__all__ = ["Delivery", "DeliveryState", "FanOut", "Lane", "MailKind"]
