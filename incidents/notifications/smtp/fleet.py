"""The connections of one worker to its relay, driven by one thread.

`fill` begins messages, `turn` waits for the relay and returns what has ended, `release` lets the
next content go on the connections whose last message is marked.
Further sessions are set up as soon as a message was taken; until then they only double what is there,
so that a relay is never asked by many at once what it refuses.
"""

import selectors
import time
from collections.abc import Callable, Iterable

from incidents.notifications.channels.contract import ChannelDown, Message
from incidents.notifications.smtp.connection import Connection
from incidents.notifications.smtp.dialogue import Ended
from incidents.notifications.smtp.openings import Openings
from incidents.notifications.smtp.session import Relay, Session

MESSAGES_WORTH_A_CONNECTION = 8

FAR_AWAY = 0.005
"""Seconds a relay needs to answer from which on time is lost in waiting for it, below which in calls of the system."""


class Fleet:
    """Up to `size` connections to a relay."""

    def __init__(self, relay: Relay, *, size: int) -> None:
        self.relay = relay
        self.size = size
        self.under_way = 0
        """Messages begun that have not ended."""
        self.may_send: Callable[[Message], bool] = lambda _message: True
        self.holds: Callable[[Message], bool] = lambda _message: False
        self.connections: list[Connection] = []
        self.round_trip = float("inf")
        """Seconds in which the relay has answered at best."""
        self._returned: list[Message] = []
        self._unmarked: dict[str, Connection] = {}
        self._selector = selectors.DefaultSelector()
        self._openings = Openings(relay)
        self._looked = 0.0
        self._selector.register(self._openings.bell, selectors.EVENT_READ)

    # What the loop does in turn

    def fill(self, source: Callable[[], Message | None], *, waiting: int, at_most: int) -> list[Ended]:
        """Begin messages of `source` wherever there is room, `at_most` under way in all.

        `waiting` is how many there are, so that one message opens one connection only. Returns
        those the relay cannot carry and those whose connection broke off.
        """
        if not self.connections:
            return self._openings.begin_for(source)
        ended: list[Ended] = []
        if len(self.connections) + self._openings.count < self.size:
            most = self.size if self._openings.is_healthy else 2 * len(self.connections)
            self._open_some(min(at_most, -(-waiting // MESSAGES_WORTH_A_CONNECTION), most))
        free = [one for one in self.connections if one.dialogue.can_begin]
        if len(free) > 1:
            free.sort(key=lambda one: not one.dialogue.is_idle)
        for connection in free:
            while self.under_way < at_most and connection.dialogue.can_begin:
                message = source()
                if message is None:
                    return ended
                ended += self._begin(connection, message)
        return ended

    def turn(self, seconds: float) -> list[Ended]:
        """Wait up to `seconds` for the relay, take in what it says and return what has ended."""
        ended: list[Ended] = []
        for key, events in self._selector.select(seconds):
            connection: Connection | None = key.data
            if connection is None:
                ended += self._take_sessions()
                continue
            if events & selectors.EVENT_READ:
                ended += self._heard(connection, connection.receive())
            if events & selectors.EVENT_WRITE and not connection.is_over:
                ended += self._send(connection)
            self._drop_if_over(connection)
        return ended + self._overdue()

    def release(self, messages: Iterable[Message]) -> None:
        """Let the next content go where these messages were taken: their marks are durable."""
        for message in messages:
            connection = self._unmarked.pop(message.reference, None)
            if connection is not None and not connection.is_over:
                connection.dialogue.release()
                self._drop_if_over(connection)

    def finish(self, messages: Iterable[Message]) -> None:
        """Let the last dot of these messages go, which was held back."""
        references = {message.reference for message in messages}
        for connection in list(self.connections):
            held = connection.dialogue.held
            if held is not None and held.reference in references:
                connection.dialogue.finish()
                self._drop_if_over(connection)

    def flush(self) -> list[Ended]:
        """Write what `release` and `fill` have left to be written."""
        ended: list[Ended] = []
        for connection in list(self.connections):
            if connection.dialogue.outgoing:
                ended += self._send(connection)
        return ended

    def returned(self) -> list[Message]:
        """Return the messages that were begun on connections that broke, and not tried; each once."""
        returned, self._returned = self._returned, []
        return returned

    def hang_up(self) -> list[Ended]:
        """End what is under way at once; what was not in the middle of its content is in `returned()`."""
        ended: list[Ended] = []
        self._returned += self._openings.give_back()
        for connection in list(self.connections):
            if not connection.dialogue.is_idle:
                if connection.dialogue.is_waiting:
                    ended += self._heard(connection, connection.dialogue.close("the worker stopped"))
                self._drop(connection)
        return ended

    # Questions

    @property
    def is_far(self) -> bool:
        """Whether the relay is so far away that waiting for it is what takes the time."""
        return self.round_trip > FAR_AWAY

    @property
    def trouble(self) -> ChannelDown | None:
        """Why the last session could not be had; None once one was."""
        return self._openings.trouble

    @property
    def is_opening(self) -> bool:
        """Whether a message waits for the first session."""
        return self._openings.first is not None

    @property
    def is_without_hope(self) -> bool:
        """Whether no connection is there, none is being opened and the last could not be had.

        The message it was for has ended by it.
        """
        return not self.connections and self._openings.have_failed

    @property
    def rests(self) -> bool:
        """Whether no connection is there and none may be opened yet."""
        return not self.connections and self._openings.rest

    def forget_trouble(self) -> None:
        """Try again, whatever came of it before."""
        self._openings.trouble = None

    def watch(self, descriptor: int) -> None:
        """Let `turn` end early when there is something to read on a descriptor of somebody else."""
        self._selector.register(descriptor, selectors.EVENT_READ)

    def unwatch(self, descriptor: int) -> None:
        """Watch it no more."""
        self._selector.unregister(descriptor)

    def close(self) -> None:
        """Take leave of the relay everywhere."""
        for connection in list(self.connections):
            self._drop(connection)
        self._selector.close()
        self._openings.close()

    # Inner steps

    def _open_some(self, wanted: int) -> None:
        self._openings.begin_some(min(wanted, self.size) - len(self.connections) - self._openings.count)

    def _take_sessions(self) -> list[Ended]:
        ended: list[Ended] = []
        for opened in self._openings.ended():
            if isinstance(opened, Session):
                connection = Connection(opened, seconds=self.relay.seconds, may_send=self._may_send, holds=self._holds)
                ended += self._use(connection)
            else:
                ended += self._openings.refused(opened, is_alone=not self.connections)
        return ended

    def _use(self, connection: Connection) -> list[Ended]:
        """Take a connection in, and begin the message it was set up for."""
        self.connections.append(connection)
        self.round_trip = min(self.round_trip, connection.round_trip)
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)
        first = self._openings.succeeded()
        return [] if first is None else self._begin(connection, first)

    def _begin(self, connection: Connection, message: Message) -> list[Ended]:
        refused = connection.begin(message)
        if refused is not None:
            return [refused]
        self.under_way += 1
        # To a relay far away at once: the time until the messages of all others are written is lost there.
        return self._send(connection) if self.is_far else []

    def _may_send(self, message: Message) -> bool:
        return self.may_send(message)

    def _holds(self, message: Message) -> bool:
        return self.holds(message)

    def _heard(self, connection: Connection, ended: list[Ended]) -> list[Ended]:
        self.under_way -= len(ended)
        for one in ended:
            if one.failure is None:
                self._unmarked[one.message.reference] = connection
                connection.has_delivered = True
                self._openings.welcome()
        return ended

    def _send(self, connection: Connection) -> list[Ended]:
        ended = self._heard(connection, connection.send())
        self._drop_if_over(connection)
        if connection in self.connections:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.dialogue.outgoing else 0)
            if self._selector.get_key(connection.socket).events != wanted:
                self._selector.modify(connection.socket, wanted, connection)
        return ended

    def _drop_if_over(self, connection: Connection) -> None:
        if connection.is_over:
            self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        if connection not in self.connections:
            return
        self.connections.remove(connection)
        self._selector.unregister(connection.socket)
        was_of_no_use = connection.is_over and not connection.has_delivered
        connection.close()
        left = connection.dialogue.abandoned()
        self._returned += left
        self.under_way -= len(left)
        if was_of_no_use:
            self._openings.hold_back()

    def _overdue(self) -> list[Ended]:
        moment = time.monotonic()
        if moment - self._looked < 0.2:
            return []
        self._looked = moment
        ended: list[Ended] = []
        for connection in list(self.connections):
            if connection.is_overdue(moment):
                words = f"the relay said nothing for {self.relay.seconds:g} seconds"
                ended += self._heard(connection, connection.dialogue.close(words, is_silent=True))
                self._drop(connection)
        return ended
