"""A headless Chromium: given, a headless shell, a whole browser, or what apt or Playwright install."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers.finding import ServerMissing

NAMES = [
    # First: a whole browser makes a window of its own for each tab, which takes five times the computing.
    "chromium-headless-shell",
    "headless_shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> Path | None:
    """Return the browser that is here already: $CHROMIUM, the usual names, Playwright's; None where there is none.

    Raises ServerMissing where $CHROMIUM names no file.
    """
    if given := os.environ.get("CHROMIUM"):
        if not Path(given).exists():
            raise ServerMissing(f"CHROMIUM is {given}, where there is no file.")
        return Path(given)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    for pattern in ("chromium_headless_shell-*/*/*headless*shell", "chromium-*/*/chrome"):
        for path in sorted(folder.glob(pattern), reverse=True):
            return path
    return None


def install_chromium() -> Path:
    """Return a browser, installing one first where there is none.

    Raises ServerMissing with what was tried.
    """
    # Two workers of one run may get here together; the second finds what the first installed.
    with (Path(tempfile.gettempdir()) / f"statuspage-chromium-{os.geteuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if found := find_chromium():
            return found
        for attempt in (install_with_apt, install_with_playwright):
            if attempt() and (found := find_chromium()):
                return found
    raise ServerMissing(
        "The browser tests need Chromium: give its path in CHROMIUM, or install the package chromium "
        "(Debian: apt-get install chromium-headless-shell libatomic1)."
    )


def install_with_apt() -> bool:
    """Install Debian's headless shell where this is root on a machine with apt; return whether that worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    packages = ["chromium-headless-shell", "libatomic1"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return update.returncode == 0 and subprocess.run(install, check=False, env=environment).returncode == 0


def install_with_playwright() -> bool:
    """Let Playwright download its own build; return whether that worked."""
    download = [sys.executable, "-m", "playwright", "install", "chromium-headless-shell"]
    return subprocess.run(download, check=False).returncode == 0
