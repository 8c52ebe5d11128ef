"""Sessions being set up, each in a thread of its own: a relay that takes 30 s to say hello holds nobody up.

The first is set up for a message that was given leave to begin, and is its try: where the relay
refuses to let us in, that message has failed, and whoever counts refusals counts it. Where the
relay refuses sessions, or ends them unused, the next ones wait longer and longer.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from incidents.notifications.channels.contract import ChannelDown, Fault, Message
from incidents.notifications.smtp.dialogue import Ended
from incidents.notifications.smtp.session import Relay, Session, open_session

SHORTEST_PAUSE = 0.5
"""Seconds between connections where the relay refuses or ends them unused: two a second, then fewer."""

LONGEST_PAUSE = 10.0

log = logging.getLogger(__name__)


class Openings:
    """What is being set up, and when more may be."""

    def __init__(self, relay: Relay) -> None:
        self.count = 0
        """How many are being set up."""
        self.first: Message | None = None
        """The message for which the first one is being set up."""
        self.trouble: ChannelDown | None = None
        """Why the last one could not be had; None once one was."""
        self.is_healthy = False
        """Whether a message was taken since the last session that was refused or of no use."""
        self.bell, self._clapper = socket.socketpair()
        """A socket that is readable when one has come to its end."""
        self.bell.settimeout(0)
        self._untold: ChannelDown | None = None
        """Why one could not be had that no message waited for; the next message has failed by it."""
        self._relay = relay
        self._ended: SimpleQueue[Session | ChannelDown] = SimpleQueue()
        self._pause = 0.0
        self._from = 0.0

    @property
    def rest(self) -> bool:
        """Whether none may be begun yet."""
        return time.monotonic() < self._from

    @property
    def have_failed(self) -> bool:
        """Whether none is under way, the last could not be had, and the message it was for was told so."""
        return self.trouble is not None and self._untold is None and not self.count

    def begin_for(self, source: Callable[[], Message | None]) -> list[Ended]:
        """Set the first one up for a message of `source`, or keep one for it while it is being set up."""
        if self.first is not None or (not self.count and self._untold is None and self.rest):
            return []
        message = source()
        if message is None:
            return []
        if self._untold is not None:
            refused, self._untold = self._untold, None
            return [Ended(message, "", refused)]
        self.first = message
        if not self.count:
            self.begin()
        return []

    def succeeded(self) -> Message | None:
        """Take note that one is there; return the message it was set up for."""
        self.trouble = self._untold = None
        first, self.first = self.first, None
        return first

    def refused(self, why: ChannelDown, *, is_alone: bool) -> list[Ended]:
        """Hold back; the message that was to go first has failed by it.

        Where there was none and no other session either (`is_alone`), the next one fails by it.
        """
        self.trouble = why
        self.hold_back()
        if self.first is not None:
            first, self.first = self.first, None
            return [Ended(first, "", why)]
        if is_alone:
            self._untold = why
        return []

    def give_back(self) -> list[Message]:
        """Return the message that waits, which was not tried."""
        waiting = [] if self.first is None else [self.first]
        self.first = None
        return waiting

    def begin(self) -> None:
        """Set one up."""
        self.count += 1
        threading.Thread(target=self._open, name="smtp-session", daemon=True).start()

    def begin_some(self, wanted: int) -> None:
        """Set up to `wanted` more up, one at a time where the relay is left to rest."""
        while wanted > 0 and not self.rest:
            self.begin()
            wanted -= 1
            if self._pause:
                self._from = time.monotonic() + self._pause

    def ended(self) -> list[Session | ChannelDown]:
        """Return what has come of those that ended: sessions, and why there is none."""
        try:
            self.bell.recv(4096)
        except BlockingIOError:
            return []
        found: list[Session | ChannelDown] = []
        while True:
            try:
                found.append(self._ended.get_nowait())
            except Empty:
                self.count -= len(found)
                return found

    def welcome(self) -> None:
        """Take note that a message was taken: there is no need to hold back."""
        self.is_healthy = True
        self._pause = 0.0

    def hold_back(self) -> None:
        """Wait longer before each session, until a message is taken again."""
        self.is_healthy = False
        self._pause = min(max(self._pause * 2, SHORTEST_PAUSE), LONGEST_PAUSE)
        self._from = time.monotonic() + self._pause

    def close(self) -> None:
        """Ring no more; sessions that still come are closed."""
        self.bell.close()
        self._clapper.close()

    def _open(self) -> None:
        """Set a session up (in its own thread) and ring."""
        try:
            opened: Session | ChannelDown = open_session(self._relay)
        except ChannelDown as down:
            opened = down
        except Exception as error:
            # Whoever waits for it must hear of its end, or no session would ever be set up again.
            log.exception("a session with %s could not be set up", self._relay.host)
            words = f"The relay cannot be reached: setting up a session failed ({error}); the log says more."
            opened = ChannelDown(words, fault=Fault.CONNECTION)
        self._ended.put(opened)
        try:
            self._clapper.send(b".")
        except OSError:
            # The fleet was closed meanwhile.
            if isinstance(opened, Session):
                opened.socket.close()
