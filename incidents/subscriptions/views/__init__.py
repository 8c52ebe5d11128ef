"""Public pages of consent."""

from incidents.subscriptions.views.expectation import subscribe_expectation
from incidents.subscriptions.views.manage import subscription_manage
from incidents.subscriptions.views.subscribe import subscribe, subscribe_confirm
from incidents.subscriptions.views.unsubscribe import unsubscribe

__all__ = ["subscribe", "subscribe_confirm", "subscribe_expectation", "subscription_manage", "unsubscribe"]
