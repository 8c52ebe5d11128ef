"""Programs other people wrote, for tests that try us with them: installed, or the test is skipped with a sentence."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SECONDS_TO_INSTALL = 300
"""What takes longer than this is not to be had: a network that swallows everything must not fail a test."""


def install_with_npm(folder: Path, *packages: str) -> None:
    """Install packages of npm into a folder, without running scripts of theirs; skip the test where that fails."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip(f"npm and node are not on this machine; {', '.join(packages)} are not tried")
    (folder / "package.json").write_text("{}")
    said = _said_by([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *packages], folder=folder)
    if said is not None:
        pytest.skip(f"npm could not install {', '.join(packages)}: {said}")


def install_with_apt(program: str) -> str:
    """Return the path of a program, from Debian's package of its name where this is root; skip the test otherwise."""
    if found := shutil.which(program):
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        pytest.skip(f"{program} is not on this machine, and it cannot be installed without root and apt")
    # Whoever else installs something meanwhile is waited for.
    apt = ["apt-get", "-o", f"DPkg::Lock::Timeout={SECONDS_TO_INSTALL}", "-qq"]
    _said_by([*apt, "update"])
    said = _said_by([*apt, "install", "-y", "--no-install-recommends", program])
    if not (found := shutil.which(program)):
        pytest.skip(f"apt could not install {program}: {said}")
    return found


def _said_by(command: list[str], *, folder: Path | None = None) -> str | None:
    """Return None where a command did its work in time, and what it said or that it took too long where not."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_TO_INSTALL,
        )
    except subprocess.TimeoutExpired:
        return f"it took longer than {SECONDS_TO_INSTALL} seconds"
    return done.stderr.strip()[-300:] if done.returncode else None
