"""A Valkey that can be killed, started again, flushed, frozen and filled."""

import signal
import socket
import subprocess
from pathlib import Path

from tests.faults.sinks.running import wait_until_listening
from tests.servers.finding import die_with_parent, free_port
from tests.servers.valkey import find_valkey


class Broker:
    """The doorbell of an installation under test; keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Listen, empty."""
        command = [str(find_valkey()), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
        wait_until_listening(self.process, self.port)

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """Stop it without closing any connection."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it run again."""
        self.process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        """Throw everything away."""
        self.say("FLUSHALL")

    def fill(self) -> None:
        """Leave no memory: every write is refused from now on."""
        self.say("CONFIG SET maxmemory-policy noeviction")
        self.say("CONFIG SET maxmemory 1")

    def say(self, command: str) -> bytes:
        """Send an inline command and return the beginning of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(command.encode() + b"\r\n")
            return connection.recv(4096)

    def close(self) -> None:
        """End it, frozen or not."""
        self.process.kill()
        self.process.wait()
