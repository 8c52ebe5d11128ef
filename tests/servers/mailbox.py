"""A mailbox of its own, spoken to over IMAP (RFC 3501) or POP3 (RFC 1939): as much of both as reading bounces needs."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PASSWORD = "correct horse"


@dataclass
class KeptMailbox:
    """What lies in the mailbox by number, and how the server is to misbehave."""

    messages: dict[int, bytes] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    hangs_up_after: int | None = None
    """How many messages it gives out before the connection breaks."""
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, *raw: bytes) -> None:
        """Let mail come in."""
        for content in raw:
            self.messages[max(self.messages, default=0) + 1] = content

    def expunge(self) -> None:
        """Remove what was marked."""
        with self.lock:
            for number in self.deleted:
                self.messages.pop(number, None)
            self.deleted.clear()

    def give(self, number: int) -> bytes:
        """Return a message. Raises ConnectionResetError where the server is to break off."""
        if self.hangs_up_after is not None:
            if self.hangs_up_after == 0:
                raise ConnectionResetError
            self.hangs_up_after -= 1
        return self.messages[number]


class _Conversation(socketserver.StreamRequestHandler):
    mailbox: KeptMailbox

    def say(self, *lines: bytes) -> None:
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))

    def handle(self) -> None:
        try:
            self.greet()
            for line in self.rfile:
                if not self.answer(line.strip().decode("utf-8", "replace")):
                    return
        except ConnectionError:
            return

    def greet(self) -> None:
        raise NotImplementedError

    def answer(self, line: str) -> bool:
        raise NotImplementedError


class ImapConversation(_Conversation):
    """One IMAP session."""

    def greet(self) -> None:
        self.say(b"* OK ready")

    def answer(self, line: str) -> bool:
        tag, _, command = line.partition(" ")
        name = " ".join(command.split()[: 2 if command.upper().startswith("UID") else 1]).upper()
        steps: dict[str, Callable[[str], bytes]] = {
            "CAPABILITY": self.capability,
            "LOGIN": self.login,
            "SELECT": self.select,
            "UID SEARCH": self.search,
            "UID FETCH": self.fetch,
            "UID STORE": self.store,
            "EXPUNGE": self.expunge,
        }
        if name not in steps:
            self.say(f"{tag} BAD {name}".encode())
            return False
        self.say(tag.encode() + b" " + steps[name](command))
        return True

    def capability(self, command: str) -> bytes:
        self.say(b"* CAPABILITY IMAP4rev1")
        return b"OK done"

    def login(self, command: str) -> bytes:
        return b"OK in" if PASSWORD in command else b"NO [AUTHENTICATIONFAILED] Invalid credentials"

    def select(self, command: str) -> bytes:
        if '"INBOX"' not in command:
            return b"NO no such folder"
        self.say(f"* {len(self.mailbox.messages)} EXISTS".encode())
        return b"OK [READ-WRITE]"

    def search(self, command: str) -> bytes:
        found = [str(number) for number in self.mailbox.messages if number not in self.mailbox.deleted]
        self.say(f"* SEARCH {' '.join(found)}".encode())
        return b"OK done"

    def fetch(self, command: str) -> bytes:
        wanted = re.search(r"FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command)
        assert wanted is not None, command
        content = self.mailbox.give(int(wanted[1]))[: int(wanted[2])]
        self.wfile.write(f"* 1 FETCH (UID {wanted[1]} BODY[]<0> {{{len(content)}}}\r\n".encode() + content + b")\r\n")
        return b"OK done"

    def store(self, command: str) -> bytes:
        wanted = re.search(r"STORE (\d+) \+FLAGS\.SILENT", command)
        assert wanted is not None, command
        self.mailbox.deleted.add(int(wanted[1]))
        return b"OK done"

    def expunge(self, command: str) -> bytes:
        self.mailbox.expunge()
        return b"OK done"


class PopConversation(_Conversation):
    """One POP3 session."""

    def greet(self) -> None:
        self.marked: set[int] = set()
        self.say(b"+OK ready")

    def answer(self, line: str) -> bool:
        command, *words = line.split(" ")
        if command == "USER":
            self.say(b"+OK")
        elif command == "PASS":
            self.say(b"+OK in" if line == f"PASS {PASSWORD}" else b"-ERR [AUTH] Invalid credentials")
        elif command == "LIST":
            rows = [f"{number} {len(raw)}".encode() for number, raw in self.mailbox.messages.items()]
            self.say(b"+OK", *rows, b".")
        elif command in {"RETR", "TOP"}:
            lines = self.mailbox.give(int(words[0])).split(b"\r\n")
            if command == "TOP":
                lines = lines[: lines.index(b"") + 1 + int(words[1])]
            self.say(b"+OK", *(b"." + one if one.startswith(b".") else one for one in lines), b".")
        elif command == "DELE":
            self.marked.add(int(words[0]))
            self.say(b"+OK")
        elif command == "QUIT":
            self.mailbox.deleted |= self.marked
            self.mailbox.expunge()
            self.say(b"+OK")
            return False
        else:
            self.say(b"-ERR unknown command")
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def running_mailbox(conversation: type[_Conversation]) -> Iterator[KeptMailbox]:
    """Give an empty mailbox that is spoken to in one of the two ways; it closes at the end."""
    mailbox = KeptMailbox()
    handler = type("Conversation", (conversation,), {"mailbox": mailbox})
    with _Server(("127.0.0.1", 0), handler) as server:
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
