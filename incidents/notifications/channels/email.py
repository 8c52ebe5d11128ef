"""Mail by SMTP. The delivering loop drives a fleet of connections; this is the way for one message at a time."""

from typing import Self

from django.conf import settings

from incidents.notifications.channels.answers import failure
from incidents.notifications.channels.contract import Fault, Message
from incidents.notifications.smtp.fleet import Fleet
from incidents.notifications.smtp.session import Relay

LONGEST_TURN = 0.5


def relay_from_settings() -> Relay:
    """Return the relay that EMAIL_URL names."""
    return Relay(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        upgrades_to_tls=settings.EMAIL_USE_TLS,
        begins_with_tls=settings.EMAIL_USE_SSL,
    )


class SmtpChannel:
    """A connection to a relay, opened with the first message and again after it broke."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self._fleet: Fleet | None = None

    def __enter__(self) -> Self:
        """Return the channel; nothing is connected yet."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Take leave of the relay."""
        if self._fleet is not None:
            self._fleet.close()
            self._fleet = None

    def send(self, message: Message) -> str:
        """Hand one message over and return the relay's words.

        Raises PermanentFailure or TemporaryFailure, ChannelDown where no session can be had.
        """
        if self._fleet is None:
            self._fleet = Fleet(self.relay, size=1)
        fleet, waiting = self._fleet, [message]
        fleet.turn(0)
        while True:
            ended = fleet.fill(lambda: waiting.pop() if waiting else None, waiting=1, at_most=1)
            ended += fleet.flush()
            ended += fleet.turn(LONGEST_TURN)
            for one in ended:
                fleet.release([one.message])
                if one.failure is not None:
                    raise one.failure
                return one.answer
            if fleet.is_without_hope and fleet.trouble is not None:
                raise fleet.trouble
            if fleet.returned():
                raise failure(Fault.CONNECTION, "the relay hung up")
