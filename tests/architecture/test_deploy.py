"""What deploy/ ships agrees with the code and with docs/settings.md."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from incidents.notifications.stopping import SECONDS_TO_FINISH
from incidents.publishing.front import THREADS_FOR_READERS, WAITING_AT_MOST
from statuspage.celery import QUEUES

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OF_POSTGRES = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"}
"""Variables of the database's own image."""

OF_BUILDING = {"EXTRAS"}
"""Said while the image is built."""


def documented() -> dict[str, str]:
    """Return the default of each setting as docs/settings.md tells it."""
    return dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))


def variables(name: str) -> set[str]:
    return set(re.findall(r"^#? *([A-Z][A-Z_]+)[:=]", (DEPLOY / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", ["statuspage.env.example", "compose.yaml"])
def test_every_variable_that_is_set_is_a_documented_setting(name: str) -> None:
    assert variables(name) - OF_POSTGRES - OF_BUILDING <= set(documented())
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


def services() -> dict[str, dict[str, Any]]:
    """Return the services of the compose file that run our image."""
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    return {name: service for name, service in told.items() if "build" in service}


def test_the_image_is_made_of_files_there_are() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (\S+) (\S+)$", text, re.MULTILINE)
    assert {source for source, _ in copied} >= {"manage.py", "statuspage", "incidents", "templates", "static"}
    assert [source for source, _ in copied if not list(ROOT.glob(source))] == []
    named = re.findall(r'EXTRAS="(.*)"', text.partition("FROM")[0])
    assert [one for line in named for one in line.split() if not (ROOT / "requirements" / f"{one}.txt").is_file()] == []
    # Who runs it owns nothing but the data.
    assert text.index("USER statuspage") > max(text.index(f"COPY {source}") for source, _ in copied)


@pytest.mark.parametrize("service", services().values(), ids=services())
def test_a_container_may_write_its_data_and_nothing_else(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [volume.partition(":")[2] for volume in service["volumes"]] == [service["environment"]["DATA_DIR"]]


@pytest.mark.parametrize("service", services().values(), ids=services())
def test_every_setting_of_the_environment_file_reaches_a_container(service: dict[str, Any]) -> None:
    assert service["env_file"] == [{"path": ".env", "required": False}]
    image = dict(re.findall(r"([A-Z_]+)=(\S+)", (DEPLOY / "Dockerfile").read_text().partition("ENV DATA_DIR")[2]))
    # What the file says of these must not lead away from the volume and the port.
    assert {name: str(service["environment"][name]) for name in ("BIND_ADDRESS", "PORT")}.items() <= image.items()


def test_a_worker_is_given_the_time_it_takes_to_finish() -> None:
    unit = (DEPLOY / "systemd" / "statuspage-worker.service").read_text()
    (allowed,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert services()["worker"]["stop_grace_period"] == f"{allowed}s"
    assert int(allowed) > 2 * SECONDS_TO_FINISH
    embedded = (DEPLOY / "systemd" / "statuspage-embedded.service").read_text()
    assert f"TimeoutStopSec={services()['web']['stop_grace_period'].removesuffix('s')}" in embedded


def test_only_the_web_server_is_asked_whether_it_answers_and_the_others_wait_for_it() -> None:
    """They begin with a database that it brought up to date; the image asks for pages, which they do not serve."""
    web, *others = (services()[name] for name in ("web", "worker", "beat"))
    assert "healthcheck" not in web
    assert 'CMD ["python", "deploy/healthy.py"]' in (DEPLOY / "Dockerfile").read_text()
    for service in others:
        assert service["healthcheck"] == {"disable": True}
        assert service["depends_on"] == {"web": {"condition": "service_healthy"}}
