"""Lighthouse on the first page (25 components, two open incidents), an incident and history, as its mobile users."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.face.ground import served
from tests.benchmarks.page.lines import at_least, at_most, only
from tests.servers.chromium import install_chromium
from tests.servers.finding import ServerMissing

PACKAGE = "lighthouse@12.8.2"
RUNS = 3
QUICK_RUNS = 1
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SCORE = 98
LIMITS = (
    ("largest-contentful-paint", "LCP", 1_500, " ms"),
    ("cumulative-layout-shift", "CLS", 0.02, ""),
    ("total-blocking-time", "TBT", 50, " ms"),
)


def measured_lighthouse(*, is_quick: bool) -> Iterator[str]:
    """Yield the scores and times of each page: the median of three runs, `quick` of one."""
    paths: dict[str, str] = {}

    def build() -> None:
        # Models can be imported only now.
        from incidents.lib.clock import now
        from tests.acceptance.scenes import addresses, set_up

        found = addresses(set_up("two", at=now(), count=25, host=""))
        paths.update({"index": "/", "incident": found["incident"], "history": "/history"})

    with tempfile.TemporaryDirectory(prefix="lighthouse-") as name, served(build) as site:
        command = installed(Path(name))
        for page, path in paths.items():
            runs = [report(command, site.address + path) for _ in range(QUICK_RUNS if is_quick else RUNS)]
            yield from lines_of(page, runs)


def lines_of(page: str, runs: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of one page, and what cost points."""
    for category in CATEGORIES:
        scores = [100 * (run["categories"][category]["score"] or 0) for run in runs]
        yield at_least(f"Lighthouse {category}, {page}", median(scores), SCORE)
    for audit, name, limit, unit in LIMITS:
        yield at_most(f"{name}, {page}", median(run["audits"][audit]["numericValue"] for run in runs), limit, unit)
    last = runs[-1]
    yield only(f"bytes transferred, {page}", last["audits"]["total-byte-weight"]["numericValue"] / 1024, " KB")
    yield only(f"requests, {page}", len(last["audits"]["network-requests"]["details"]["items"]))
    for category in CATEGORIES:
        for one in last["categories"][category]["auditRefs"]:
            audit_found = last["audits"][one["id"]]
            if one["weight"] and audit_found["score"] is not None and audit_found["score"] < 0.9:
                yield only(f"  {category}, {page}: {audit_found['title']}", audit_found["score"])


def installed(folder: Path) -> Path:
    """Return Lighthouse's command after npm installed it in `folder`, or $LIGHTHOUSE. Raises ServerMissing."""
    if given := os.environ.get("LIGHTHOUSE"):
        return Path(given)
    npm = shutil.which("npm")
    if npm is None:
        raise ServerMissing("Lighthouse needs npm and node: install them, or give its command in LIGHTHOUSE.")
    (folder / "package.json").write_text("{}")
    install = [npm, "install", "--no-audit", "--no-fund", "--silent", PACKAGE]
    if subprocess.run(install, cwd=folder, check=False, timeout=600).returncode:
        raise ServerMissing(f"npm could not install {PACKAGE}; give its command in LIGHTHOUSE.")
    return folder / "node_modules" / ".bin" / "lighthouse"


def report(command: Path, address: str) -> dict[str, Any]:
    """Return Lighthouse's report of an address with its own mobile throttling."""
    flags = "--headless=new --no-sandbox --disable-gpu"
    asked = [command, address, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    asked.append(f"--only-categories={','.join(CATEGORIES)}")
    environment = {**os.environ, "CHROME_PATH": str(install_chromium())}
    outcome = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True, timeout=180)
    found: dict[str, Any] = json.loads(outcome.stdout)
    return found
