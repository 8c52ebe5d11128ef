"""What deploy/ ships agrees with the code and with docs/settings.md."""

import re
from pathlib import Path

import pytest

from incidents.publishing.front import THREADS_FOR_READERS, WAITING_AT_MOST
from statuspage.celery import QUEUES

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OF_POSTGRES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
"""Variables of the database's own image."""


def documented() -> dict[str, str]:
    """Return the default of each setting as docs/settings.md tells it."""
    return dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))


def variables(name: str) -> set[str]:
    return set(re.findall(r"^#? *([A-Z][A-Z_]+)[:=]", (DEPLOY / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", ["statuspage.env.example", "compose.yaml"])
def test_every_variable_that_is_set_is_a_documented_setting(name: str) -> None:
    assert variables(name) - OF_POSTGRES <= set(documented())
    assert {"SITE_URL", "SECRET_KEY", "DATABASE_URL", "BROKER_URL", "EMAIL_URL", "PUBLISH_TO"} <= variables(name)


def test_the_web_unit_has_the_threads_that_readers_need() -> None:
    (threads,) = re.findall(r"--blocking-threads (\d+)", (DEPLOY / "systemd" / "statuspage-web.service").read_text())
    places = int(documented()["WEB_THREADS"].strip("` "))
    assert int(threads) == places + WAITING_AT_MOST + THREADS_FOR_READERS


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_may_write_where_its_settings_point(unit: Path) -> None:
    text = unit.read_text()
    (folder,) = re.findall(r"^PUBLISH_TO=(.*)$", (DEPLOY / "statuspage.env.example").read_text(), re.MULTILINE)
    assert "ProtectSystem=strict" in text
    if "beat" not in unit.stem:
        assert "StateDirectory=statuspage" in text
        assert folder.startswith("/var/lib/statuspage/")
    assert f"root {folder}/default;" in (DEPLOY / "nginx.conf").read_text()


@pytest.mark.parametrize("name", ["systemd/statuspage-worker.service", "compose.yaml"])
def test_workers_serve_every_queue(name: str) -> None:
    """A worker told of no queues serves all that the project names; one that names some must name each."""
    text = (DEPLOY / name).read_text()
    assert "worker" in text
    for queues in re.findall(r'--queues"?,? "?([a-z,]+)', text):
        assert sorted(queues.split(",")) == sorted(QUEUES)
