"""`python -m tests.faults.launcher FOLDER`: supervises the processes of one installation under test.

It imports the app once and forks each process from there, so that a worker that was killed is back within a few
hundredths of a second and several kills a second leave time to work. The processes are the real ones: Celery's
worker with its pool, Celery's beat, the background threads of `manage.py run`, and a hand that posts as a view does.

One JSON line in, one out: {"start": name, "role": role} forks and keeps forking; {"stop": name} ends with SIGTERM
and forks no more; {"forget": name} only forks no more. `FOLDER/<name>.pid` holds who runs now.
"""

import json
import os
import selectors
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

from tests.servers.finding import die_with_parent

SECONDS_BETWEEN_STARTS = 0.02


@dataclass
class Child:
    """A supervised process."""

    name: str
    role: str
    process: int = 0
    is_wanted: bool = True
    ended: int | None = None


class Launcher:
    """The supervisor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: dict[str, Child] = {}

    def run(self) -> None:
        """Obey and supervise until the test closes our standard input."""
        selector = selectors.DefaultSelector()
        selector.register(sys.stdin, selectors.EVENT_READ)
        # Ready: everything is imported.
        print(json.dumps({"ready": os.getpid()}), flush=True)
        while True:
            if selector.select(SECONDS_BETWEEN_STARTS):
                line = sys.stdin.readline()
                if not line:
                    return
                print(json.dumps(self.obey(json.loads(line))), flush=True)
            self.reap()

    def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """Do what a line asks for."""
        if name := order.get("start"):
            self.children[name] = Child(name, order["role"])
            self.fork(self.children[name])
            return {"process": self.children[name].process}
        child = self.children[order.get("stop") or order["forget"]]
        child.is_wanted = False
        if "stop" in order:
            os.kill(child.process, signal.SIGTERM)
            deadline = time.monotonic() + order.get("seconds", 15)
            while child.ended is None and time.monotonic() < deadline:
                self.reap()
                time.sleep(0.01)
        return {"ended": child.ended}

    def reap(self) -> None:
        """Fork again what has ended."""
        for child in self.children.values():
            if child.process:
                ended, status = os.waitpid(child.process, os.WNOHANG)
                if ended:
                    child.ended, child.process = os.waitstatus_to_exitcode(status), 0
            if not child.process and child.is_wanted:
                self.fork(child)

    def fork(self, child: Child) -> None:
        """Start a process of a role."""
        child.ended = None
        child.process = os.fork()
        if child.process:
            (self.folder / f"{child.name}.pid").write_text(str(child.process))
            return
        become(child, self.folder)


def become(child: Child, folder: Path) -> None:
    """Turn this forked process into what it is to be; never returns."""
    os.setpgid(0, 0)
    if (ask := die_with_parent(signal.SIGKILL)) is not None:
        ask()
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(folder / f"{child.name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    from tests.faults.roles import ROLES

    code = 1
    try:
        code = ROLES[child.role](child.name, folder) or 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except Exception:  # noqa: BLE001 - whatever it is, it belongs into the log of this process
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def main() -> None:
    """Import the app, break it if the test wants it broken, and supervise."""
    sys.setswitchinterval(0.005)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")
    django.setup()
    # Models, and whatever a saboteur patches, can be imported only now.
    from tests.faults import roles, saboteurs

    roles.read_ahead()
    saboteurs.let_loose(os.environ.get("FAULT_SABOTEUR", ""))
    Launcher(Path(sys.argv[1])).run()


if __name__ == "__main__":
    main()
