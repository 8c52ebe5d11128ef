"""The dialogue on one connection, without a socket: messages and bytes in, bytes and endings out.

At most one message is unacknowledged. With PIPELINING (RFC 2920) the commands for the next one
travel behind the content of the last; its content waits until `release()` says that the mark of
the last is durable. A process killed anywhere can therefore repeat one message at most.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from incidents.notifications.channels.answers import CONTENT, ENVELOPE, RECIPIENT, Answer, failure, failure_of
from incidents.notifications.channels.contract import Fault, Message, SendFailure
from incidents.notifications.smtp import wire
from incidents.notifications.smtp.replies import Garbled, Reply, ReplyReader
from incidents.notifications.smtp.wire import Offers

CLOSING = 421
GO_AHEAD = 354


class Step(Enum):
    """The command a reply is waited for."""

    RESET = "RSET"
    MAIL = "MAIL"
    RECIPIENT = "RCPT"
    DATA = "DATA"
    CONTENT = "content"
    NOTHING = "empty content"
    """The lone dot after a 354 that no recipient stands behind."""


_STEP_NAMES = {Step.MAIL: ENVELOPE, Step.RECIPIENT: RECIPIENT}


@dataclass(slots=True)
class Ended:
    """What came of one message. `failure` is None where the relay took it over."""

    message: Message
    answer: str
    failure: SendFailure | None = None


@dataclass(slots=True)
class _Transaction:
    message: Message
    content: bytes
    refusal: SendFailure | None = None


def always(_message: Message) -> bool:
    """Let every message go."""
    return True


def never(_message: Message) -> bool:
    """Hold no message back."""
    return False


class Dialogue:
    """One connection's conversation after its set-up.

    `may_send` is asked right before the content of a message goes; a no ends the dialogue, for
    after a 354 nothing but content or hanging up is understood. `holds` is asked next; a yes keeps back
    the last dot, without which the relay takes nothing, until `finish()`.
    """

    def __init__(
        self, offers: Offers, *, may_send: Callable[[Message], bool] = always, holds: Callable[[Message], bool] = never
    ) -> None:
        self.is_over = False
        """Whether nothing more can be said on this connection."""
        self.outgoing = bytearray()
        """What is to be written to the socket; the owner removes what it wrote."""
        self._offers = offers
        self._may_send = may_send
        self._holds = holds
        self._reader = ReplyReader()
        self._unsaid: deque[tuple[Step, _Transaction, bytes]] = deque()
        self._awaited: deque[tuple[Step, _Transaction]] = deque()
        self._opening: _Transaction | None = None
        self._ready: _Transaction | None = None
        self._held: _Transaction | None = None
        self._is_released = True
        self._must_reset = False

    @property
    def can_begin(self) -> bool:
        """Whether the next message may be given."""
        return self._opening is None and self._ready is None and self._held is None and not self.is_over

    @property
    def held(self) -> Message | None:
        """The message whose last dot waits for `finish()`."""
        return None if self._held is None else self._held.message

    @property
    def is_waiting(self) -> bool:
        """Whether the relay owes a reply."""
        return bool(self._awaited)

    @property
    def is_idle(self) -> bool:
        """Whether nothing at all is under way."""
        return self.can_begin and not self._awaited and self._is_released

    def begin(self, message: Message) -> Ended | None:
        """Say the envelope of `message`; return its end where the relay cannot carry it at all."""
        try:
            mail, recipient = wire.envelope(message, self._offers)
            opened = _Transaction(message, wire.content(message))
        except SendFailure as refused:
            return Ended(message, "", refused)
        self._opening = opened
        if self._must_reset:
            self._unsaid.append((Step.RESET, opened, b"RSET\r\n"))
            self._must_reset = False
        self._unsaid.append((Step.MAIL, opened, mail))
        self._unsaid.append((Step.RECIPIENT, opened, recipient))
        self._unsaid.append((Step.DATA, opened, b"DATA\r\n"))
        self._speak()
        return None

    def release(self) -> None:
        """Let the content of the next message go: the mark of the last one is durable."""
        self._is_released = True
        self._send_content()

    def finish(self) -> None:
        """Let the last dot of the message go that is held."""
        if self._held is None or self.is_over:
            return
        if not self._may_send(self._held.message):
            self.is_over = True
            return
        transaction, self._held = self._held, None
        self.outgoing += wire.END
        self._awaited.append((Step.CONTENT, transaction))

    def quit(self) -> None:
        """Take leave of the relay, without a word where a message is under way; no answer is waited for."""
        self.outgoing[:] = b"QUIT\r\n" if self.is_idle else b""
        self.is_over = True

    def receive(self, received: bytes) -> list[Ended]:
        """Take in bytes of the relay and return what has ended by them."""
        ended: list[Ended] = []
        try:
            for reply in self._reader.feed(received):
                ended += self._take(reply) if self._awaited else self._unasked(reply)
                if self.is_over:
                    break
        except Garbled as garbled:
            ended += self.close(str(garbled))
        return ended

    def close(self, why: str, *, is_silent: bool = False) -> list[Ended]:
        """End the dialogue because the connection is of no use any more, or the relay `is_silent`.

        A message behind one that was under way has not been tried: it is in nobody's end and
        stays with `abandoned()`.
        """
        self.is_over = True
        broken = failure(Fault.CONNECTION, why)
        under_way = [one for step, one in self._awaited if step is Step.CONTENT]
        broken.is_doubtful = bool(under_way) and not self.outgoing
        broken.is_silent = is_silent and broken.is_doubtful
        first = under_way[0] if under_way else self._held or self._opening or self._ready
        if first is None:
            return []
        self._opening, self._ready, self._held = (
            None if one is first else one for one in (self._opening, self._ready, self._held)
        )
        self._awaited.clear()
        self._unsaid.clear()
        return [Ended(first.message, "", first.refusal or broken)]

    def abandoned(self) -> list[Message]:
        """Return the messages an ended dialogue has not tried; each is returned once."""
        left = [one.message for one in (self._opening, self._ready, self._held) if one]
        self._opening = self._ready = self._held = None
        return left

    # Inner steps

    def _speak(self) -> None:
        """Say what may be said now: everything with PIPELINING, else one command at a time."""
        while self._unsaid and (self._offers.pipelining or not self._awaited):
            step, transaction, command = self._unsaid.popleft()
            self.outgoing += command
            self._awaited.append((step, transaction))

    def _unasked(self, reply: Reply) -> list[Ended]:
        """Take a reply to nothing: 421 is a relay that will wait no longer, all else is a mistake."""
        if reply.code != CLOSING:
            raise Garbled(f"the relay spoke unasked: {reply.code} {reply.text}")
        self.is_over = True
        return []

    def _take(self, reply: Reply) -> list[Ended]:
        step, transaction = self._awaited.popleft()
        ended = _ANSWERED[step](self, transaction, reply)
        if reply.code == CLOSING and not self.is_over:
            ended += self._hang_up(transaction, reply)
        self._speak()
        return ended

    def _hang_up(self, transaction: _Transaction, reply: Reply) -> list[Ended]:
        """End after 421: the one it was the answer to has failed by it, the one behind was not tried."""
        self.is_over = True
        self._awaited.clear()
        self._unsaid.clear()
        if transaction is not self._opening:
            return []
        self._opening = None
        return [Ended(transaction.message, "", transaction.refusal or failure_of(_answer(reply, Step.MAIL)))]

    def _reset_answered(self, _transaction: _Transaction, reply: Reply) -> list[Ended]:
        if not reply.is_accepting and reply.code != CLOSING:
            raise Garbled(f"the relay refused RSET: {reply.code} {reply.text}")
        return []

    def _envelope_answered(self, transaction: _Transaction, reply: Reply, step: Step) -> list[Ended]:
        if reply.is_accepting or transaction.refusal is not None:
            return []
        transaction.refusal = failure_of(_answer(reply, step))
        if reply.code == CLOSING or not self._unsaid:
            return []
        # Not pipelined: what was not said yet need not be.
        self._unsaid.clear()
        return self._refused(transaction)

    def _mail_answered(self, transaction: _Transaction, reply: Reply) -> list[Ended]:
        return self._envelope_answered(transaction, reply, Step.MAIL)

    def _recipient_answered(self, transaction: _Transaction, reply: Reply) -> list[Ended]:
        return self._envelope_answered(transaction, reply, Step.RECIPIENT)

    def _data_answered(self, transaction: _Transaction, reply: Reply) -> list[Ended]:
        if reply.code == GO_AHEAD:
            return self._go_ahead(transaction)
        if reply.is_accepting:
            raise Garbled(f"the relay answered DATA with {reply.code} {reply.text}")
        if transaction.refusal is None:
            transaction.refusal = failure_of(_answer(reply, Step.DATA))
        return [] if reply.code == CLOSING else self._refused(transaction)

    def _go_ahead(self, transaction: _Transaction) -> list[Ended]:
        self._opening = None
        if transaction.refusal is None:
            self._ready = transaction
            self._send_content()
            return []
        # A pipelining relay may say 354 although it refused the only recipient (RFC 2920, section 3.1).
        self._opening = transaction
        self.outgoing += wire.END
        self._awaited.append((Step.NOTHING, transaction))
        return []

    def _send_content(self) -> None:
        if self._ready is None or not self._is_released or self.is_over:
            return
        if not self._may_send(self._ready.message):
            self.is_over = True
            return
        transaction, self._ready = self._ready, None
        if self._holds(transaction.message):
            self._held = transaction
            self.outgoing += transaction.content.removesuffix(wire.END)
            return
        self.outgoing += transaction.content
        self._awaited.append((Step.CONTENT, transaction))

    def _content_answered(self, transaction: _Transaction, reply: Reply) -> list[Ended]:
        if reply.is_accepting:
            self._is_released = False
            return [Ended(transaction.message, f"{reply.code} {reply.text}".replace("\n", " "))]
        return [Ended(transaction.message, "", failure_of(_answer(reply, Step.CONTENT)))]

    def _nothing_answered(self, transaction: _Transaction, _reply: Reply) -> list[Ended]:
        """End a message nobody was to get, whatever the relay says to its empty content."""
        self._opening = None
        return [Ended(transaction.message, "", transaction.refusal)]

    def _refused(self, transaction: _Transaction) -> list[Ended]:
        """End a message before its content; the relay may still hold its sender."""
        self._opening = None
        self._must_reset = True
        return [Ended(transaction.message, "", transaction.refusal)]


_ANSWERED: dict[Step, Callable[[Dialogue, _Transaction, Reply], list[Ended]]] = {
    Step.RESET: Dialogue._reset_answered,
    Step.MAIL: Dialogue._mail_answered,
    Step.RECIPIENT: Dialogue._recipient_answered,
    Step.DATA: Dialogue._data_answered,
    Step.CONTENT: Dialogue._content_answered,
    Step.NOTHING: Dialogue._nothing_answered,
}


def _answer(reply: Reply, step: Step) -> Answer:
    return Answer(reply.code, reply.text, _STEP_NAMES.get(step, CONTENT))
