"""One connection: a socket that never blocks, and the dialogue on it."""

import ssl
import time
from collections.abc import Callable

from incidents.notifications.channels.contract import Message
from incidents.notifications.smtp.dialogue import Dialogue, Ended, always, never
from incidents.notifications.smtp.session import Session

READ_AT_ONCE = 16_384


class Connection:
    """A session in use. Its owner calls `receive` when there is something to read, `send` when there is room."""

    def __init__(
        self,
        session: Session,
        *,
        seconds: float,
        may_send: Callable[[Message], bool] = always,
        holds: Callable[[Message], bool] = never,
    ) -> None:
        self.socket = session.socket
        self.dialogue = Dialogue(session.offers, may_send=may_send, holds=holds)
        self.round_trip = session.round_trip
        """Seconds the relay needs to answer at least."""
        self.has_delivered = False
        """Whether a message was taken on it."""
        self._seconds = seconds
        self._heard = time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether it is of no use any more."""
        return self.dialogue.is_over

    def is_overdue(self, moment: float) -> bool:
        """Say whether the relay owes an answer for longer than it may take."""
        return self.dialogue.is_waiting and moment - self._heard > self._seconds

    def begin(self, message: Message) -> Ended | None:
        """Begin a message; return its end where the relay cannot carry it at all."""
        if not self.dialogue.is_waiting:
            self._heard = time.monotonic()
        return self.dialogue.begin(message)

    def send(self) -> list[Ended]:
        """Write what there is to write, as far as there is room."""
        outgoing = self.dialogue.outgoing
        try:
            while outgoing:
                del outgoing[: self.socket.send(outgoing)]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass  # the rest when there is room
        except OSError as error:
            return self.dialogue.close(f"the connection broke off ({error})")
        return []

    def receive(self) -> list[Ended]:
        """Read what there is and return what has ended by it."""
        ended: list[Ended] = []
        while not self.is_over:
            try:
                received = self.socket.recv(READ_AT_ONCE)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                break
            except OSError as error:
                return ended + self.dialogue.close(f"the connection broke off ({error})")
            if not received:
                return ended + self.dialogue.close("the relay closed the connection")
            self._heard = time.monotonic()
            ended += self.dialogue.receive(received)
            if len(received) < READ_AT_ONCE and not isinstance(self.socket, ssl.SSLSocket):
                break
        return ended

    def close(self) -> None:
        """Take leave where that can be done without waiting, and close."""
        self.dialogue.quit()
        self.send()
        self.socket.close()
