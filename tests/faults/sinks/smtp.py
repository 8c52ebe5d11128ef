"""`python -m tests.faults.sinks.smtp PORT RULES LEDGER`: a mail server that takes, refuses, stalls and hangs up.

One thread and raw bytes: an address is written down as it came over the wire, never decoded. Each line of the
ledger is one thing that happened, written before its answer goes out.
"""

import heapq
import json
import random
import selectors
import socket
import struct
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.sinks.conversation import Conversation, HungUp, Memory
from tests.faults.sinks.rules import RulesFile

LOOK_AT_RULES_SECONDS = 0.05
GO_AHEAD = b"354 "
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(order=True)
class Due:
    """Answers that go out later."""

    at: float
    number: int
    connection: "Connection" = field(compare=False)
    answers: bytes = field(compare=False)


@dataclass(eq=False)
class Connection:
    """A client."""

    socket: socket.socket
    number: int
    conversation: Conversation
    waiting: int = 0
    """Answers that go out later; while there are any, later answers wait as well."""


class Sink:
    """The server: sockets, clock and ledger."""

    def __init__(self, port: int, rules: Path, ledger: Path) -> None:
        self.rules = RulesFile(rules)
        self.rules.look()
        self.ledger = ledger.open("ab", buffering=0)
        self.selector = selectors.DefaultSelector()
        self.listener = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.listener.setblocking(False)
        self.selector.register(self.listener, selectors.EVENT_READ, None)
        self.memory = Memory(random.Random(4))
        self.due: list[Due] = []
        self.delayed = 0
        self.turn = 0.0
        """When the next message may be let in, where only so many are let in a second."""
        self.count = 0

    def run(self) -> None:
        """Serve for ever."""
        looked = 0.0
        while True:
            wait = LOOK_AT_RULES_SECONDS
            if self.due:
                wait = max(0.0, min(wait, self.due[0].at - time.monotonic()))
            for key, _ in self.selector.select(wait):
                if key.data is None:
                    self.accept()
                else:
                    self.read(key.data)
            if time.monotonic() - looked > LOOK_AT_RULES_SECONDS:
                looked = time.monotonic()
                self.rules.look()
            self.send_due()

    def note(self, what: str, number: int, **facts: Any) -> None:
        """Write a line into the ledger."""
        line = {"what": what, "at": time.time(), "connection": number, **facts}
        self.ledger.write(json.dumps(line).encode() + b"\n")

    def accept(self) -> None:
        """Greet a new client."""
        client, _ = self.listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.count += 1
        number = self.count
        conversation = Conversation(
            self.rules.rules, self.memory, lambda what, **facts: self.note(what, number, **facts)
        )
        connection = Connection(client, number, conversation)
        self.note("connected", number)
        self.selector.register(client, selectors.EVENT_READ, connection)
        self.answer(connection, [conversation.greeting()])

    def read(self, connection: Connection) -> None:
        """Take what a client sent."""
        try:
            octets = connection.socket.recv(1 << 18)
        except OSError:
            octets = b""
        if not octets:
            self.close(connection)
            return
        connection.conversation.rules = self.rules.rules
        answers: list[bytes] = []
        try:
            # The list keeps what was answered before a hang-up in the middle.
            answers.extend(connection.conversation.take(octets))
        except HungUp as reason:
            # What was answered before arrives: a reset takes back nothing that was sent on this machine.
            self.answer(connection, answers)
            self.hang_up(connection, with_reset=reason.with_reset)
            return
        self.answer(connection, answers)

    def answer(self, connection: Connection, answers: list[bytes]) -> None:
        """Send answers now, or as late as the rules want."""
        rules = self.rules.rules
        if rules.silent or not answers:
            return
        let_in = [place for place, answer in enumerate(answers) if answer.startswith(GO_AHEAD)]
        if rules.messages_per_second and let_in:
            # What was taken is answered at once: only who wants to come in waits.
            self.answer_after(connection, answers[: let_in[0]], 0.0)
            moment = time.monotonic()
            self.turn = max(moment, self.turn) + len(let_in) / rules.messages_per_second
            self.answer_after(connection, answers[let_in[0] :], self.turn - moment)
            return
        taken = sum(answer.startswith(b"250 2.0.0 Taken") for answer in answers)
        self.answer_after(connection, answers, rules.seconds_per_message * taken)

    def answer_after(self, connection: Connection, answers: list[bytes], seconds: float) -> None:
        """Send answers after some seconds, and never before earlier ones."""
        if not answers:
            return
        if seconds or connection.waiting:
            connection.waiting += 1
            self.delayed += 1
            heapq.heappush(self.due, Due(time.monotonic() + seconds, self.delayed, connection, b"".join(answers)))
            return
        self.send(connection, b"".join(answers))

    def send_due(self) -> None:
        """Send the answers whose time has come."""
        while self.due and self.due[0].at <= time.monotonic():
            late = heapq.heappop(self.due)
            late.connection.waiting -= 1
            self.send(late.connection, late.answers)

    def send(self, connection: Connection, octets: bytes) -> None:
        """Send; answers are short, so that a client that does not read them is broken."""
        try:
            connection.socket.send(octets)
        except OSError:
            self.close(connection)

    def hang_up(self, connection: Connection, *, with_reset: bool) -> None:
        """End a connection from our side."""
        if with_reset:
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        elif self.rules.rules.storm:
            self.send(connection, b"421 4.7.0 Try again later\r\n")
        else:
            self.send(connection, b"221 2.0.0 Bye\r\n")
        self.close(connection)

    def close(self, connection: Connection) -> None:
        """Forget a client."""
        if connection.socket.fileno() < 0:
            return
        self.note("closed", connection.number)
        self.selector.unregister(connection.socket)
        connection.socket.close()


if __name__ == "__main__":
    Sink(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])).run()
