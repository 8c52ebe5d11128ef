"""Starts the identity provider of the tests in a process of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.finding import ServerMissing, accepts_connections, die_with_parent, free_port

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SECONDS_TO_START = 180


@dataclass
class RunningProvider:
    """The provider: its process, its folder and where it answers."""

    process: "subprocess.Popen[bytes]"
    folder: Path
    port: int

    @property
    def issuer(self) -> str:
        """What it calls itself."""
        return f"http://127.0.0.1:{self.port}/o"

    @contextmanager
    def mood(self, path: str, mood: str) -> Iterator[None]:
        """Let it be slow, broken and the like below a path, for the block."""
        (self.folder / "mood").write_text(f"{path} {mood}")
        try:
            yield
        finally:
            (self.folder / "mood").unlink()

    def stop(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running_identity_provider(folder: Path, *, leads_back_to: str) -> Iterator[RunningProvider]:
    """Give a provider that knows PEOPLE and one site, which it leads back to; it stops at the end."""
    port = free_port()
    folder.mkdir(exist_ok=True)
    log = folder / "output"
    with log.open("wb") as file:
        command = [sys.executable, "-m", "tests.servers.identity", str(port), str(folder), leads_back_to]
        process = subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=file, preexec_fn=die_with_parent())
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not accepts_connections(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerMissing(f"The identity provider did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)
        yield RunningProvider(process, folder, port)
    finally:
        process.kill()
        process.wait()
