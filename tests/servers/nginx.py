"""nginx as it is shipped to operators, and wrk to load it."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.finding import ServerMissing, accepts_connections, die_with_parent

SHIPPED = Path(__file__).resolve().parent.parent.parent / "deploy" / "nginx.conf"
BROTLI = "ngx_http_brotli_static_module.so"
MODULE_FOLDERS = [Path("/usr/lib/nginx/modules"), Path("/usr/lib64/nginx/modules")]
PACKAGES = {"nginx": ["nginx-light", "libnginx-mod-http-brotli-static"], "wrk": ["wrk"]}
SECONDS_TO_START = 60


def find_nginx() -> Path:
    """Return the binary: $NGINX, the usual folders, else Debian's package where this is root on a machine with apt.

    Raises ServerMissing with what was tried.
    """
    return _find("nginx", "NGINX")


def find_wrk() -> Path:
    """Return the load generator, found as nginx is. Raises ServerMissing."""
    return _find("wrk", "WRK")


def _find(name: str, variable: str) -> Path:
    if given := os.environ.get(variable):
        return Path(given)
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    if (found := shutil.which(name, path=path)) or (_installed(name) and (found := shutil.which(name, path=path))):
        return Path(found)
    raise ServerMissing(
        f"This needs {name}: give its path in {variable}, or install it (Debian: apt-get install "
        f"{' '.join(PACKAGES[name])})."
    )


def _installed(name: str) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES[name]]
    return subprocess.run(install, check=False, env=environment).returncode == 0


def brotli_module() -> Path | None:
    """Return the module that serves `.br` files, None where it is not installed."""
    return next((folder / BROTLI for folder in MODULE_FOLDERS if (folder / BROTLI).exists()), None)


def shipped_configuration(folder: Path, *, port: int, tree: Path, behind: int) -> str:
    """Return deploy/nginx.conf for a test: without TLS, on `port`, serving `tree`, with the app on port `behind`."""
    text = SHIPPED.read_text()
    # The first server only leads from http to https.
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
    text = re.sub(r"    (listen \[::\]|ssl_certificate)[^\n]*\n", "", text)
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} backlog=16384;")
    text = text.replace("server_name status.example.com;", "server_name _;")
    text = re.sub(r"root [^;]*;", f"root {tree};", text)
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace(
        "/var/cache/nginx/statuspage", f"{folder}/cache"
    )
    return text if brotli_module() else text.replace("    brotli_static on;\n", "")


@contextmanager
def running_nginx(
    folder: Path, http: str, *, port: int, core: int | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run one worker with the given `http` block until the end; `core` pins it. Raises ServerMissing."""
    module = brotli_module()
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        (f"load_module {module};\n" if module else "")
        + f"worker_processes 1;\nworker_rlimit_nofile 40000;\ndaemon off;\npid {folder}/pid;\n"
        + f"error_log {folder}/errors warn;\nevents {{ worker_connections 20000; }}\n"
        + f"http {{\naccess_log off;\nkeepalive_requests 100000000;\n{temporary}{http}\n}}\n"
    )
    # The worker runs as nobody where root starts it; it must be able to read the files.
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    pin = ["taskset", "-c", str(core)] if core is not None else []
    command = [*pin, str(find_nginx()), "-p", str(folder), "-c", str(configuration), *user]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stderr=said, preexec_fn=die_with_parent())
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not accepts_connections(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerMissing(f"nginx did not start: {(folder / 'said').read_text()}")
            time.sleep(0.02)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)
