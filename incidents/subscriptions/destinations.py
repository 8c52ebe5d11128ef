"""What people type as the place to be told at, by channel."""

from incidents.subscriptions.addresses import clean_address
from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.refusals import UnknownChannel


def clean_for(channel: ChannelKind, typed: str) -> str:
    """Return the address as it is kept. Raises AddressRefused (its subclasses), UnknownChannel."""
    if channel == ChannelKind.EMAIL:
        return clean_address(typed)
    raise UnknownChannel("This page does not offer that yet.", field="channel")
