"""Where people may be told, by channel: what is offered, and what they type."""

from django.conf import settings
from django.utils.translation import gettext

from incidents.subscriptions.addresses import clean_address
from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.endpoints import clean_endpoint
from incidents.subscriptions.refusals import UnknownChannel


def offered_channels() -> list[ChannelKind]:
    """Return the channels this installation can use: Telegram and SMS need an account of the operator's."""
    needs = {ChannelKind.TELEGRAM: "TELEGRAM_BOT_TOKEN", ChannelKind.SMS: "SMS_ACCOUNT"}
    return [kind for kind in ChannelKind if kind not in needs or bool(getattr(settings, needs[kind], False))]


def clean_for(channel: str, typed: str) -> str:
    """Return the address as it is kept; may look a name up, so call it outside a transaction.

    Raises AddressRefused (its subclasses), UnknownChannel for one that is not offered.
    """
    if channel not in offered_channels():
        raise UnknownChannel(gettext("This page does not offer that."), field="channel")
    return clean_address(typed) if channel == ChannelKind.EMAIL else clean_endpoint(channel, typed)
