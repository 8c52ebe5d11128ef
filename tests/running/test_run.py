"""`manage.py run`, started for real."""

import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.running.running import ROOT, RunningSite, refused_start, running_site
from tests.servers.finding import free_port


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "statuspage.sqlite3")) as database:
        return database.execute(query).fetchall()


LOGIN = {"STATUSPAGE_ADMIN_EMAIL": "ada@example.com", "STATUSPAGE_ADMIN_PASSWORD": "correct horse battery"}
FILES_BEFORE = 1024


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """A site that was started on nothing by a shell which allows few files; nobody stops it."""
    standing, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_BEFORE, allowed))
    try:
        with running_site(tmp_path_factory.mktemp("site"), "--no-demo") as site:
            resource.setrlimit(resource.RLIMIT_NOFILE, (standing, allowed))
            yield site
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (standing, allowed))


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> RunningSite:
    """A site that was started on nothing with a login in the environment, and ended with SIGTERM."""
    with running_site(tmp_path_factory.mktemp("former"), "--no-demo", **LOGIN) as site:
        site.stop(signal.SIGTERM)
    return site


@pytest.fixture
def folder(former: RunningSite, tmp_path: Path) -> Path:
    """A copy of the data it left."""
    return Path(shutil.copytree(former.log.parent, tmp_path / "data"))


def is_healthy(**environment: str) -> bool:
    """Say what the probe of the container says, which finds its port and host in the environment."""
    command = [sys.executable, ROOT / "deploy" / "healthy.py"]
    ended = subprocess.run(command, env=environment, capture_output=True, timeout=20, check=False)
    assert (ended.stdout, ended.stderr) == (b"", b"")
    return ended.returncode == 0


def test_the_probe_of_a_container_says_whether_the_site_answers(site: RunningSite) -> None:
    assert is_healthy(PORT=str(site.port), SITE_URL="")
    assert is_healthy(PORT=str(site.port), SITE_URL="https://nowhere.example.com"), "an answer all the same"
    assert not is_healthy(PORT=str(free_port()))


def test_one_command_serves_the_page_and_prints_where_to_set_it_up(site: RunningSite) -> None:
    assert site.status_of("/") == 200
    assert site.status_of("/console/sign-in") == 200
    assert f"Status page   {site.address}/" in site.output()
    set_up = re.search(rf"Set up        {site.address}(/console/set-up/\S{{43}})   \(opens once\)", site.output())
    assert set_up
    assert site.status_of(set_up.group(1)) == 200
    assert site.status_of(set_up.group(1)[:-1]) == 404


def test_the_first_login_is_the_one_in_the_environment_and_its_password_is_not_printed(former: RunningSite) -> None:
    assert "First login   ada@example.com" in former.output()
    assert "correct horse battery" not in former.output()
    assert rows(former.log.parent, "SELECT username, is_staff FROM auth_user") == [("ada@example.com", 1)]


def test_it_may_hold_far_more_connections_than_the_shell_that_started_it_asked_for(site: RunningSite) -> None:
    _, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft, _ = resource.prlimit(site.child(), resource.RLIMIT_NOFILE)
    assert soft == min(allowed, 65_536) > FILES_BEFORE


def test_ctrl_c_stops_everything_quickly_and_without_an_error(folder: Path) -> None:
    with running_site(folder, "--no-demo") as site:
        child = site.child()
        assert site.stop(signal.SIGINT) < 6
        assert site.process.returncode == 0
        assert not is_alive(child)
        assert site.status_of("/") is None
        assert "Traceback" not in site.output()


def test_sigterm_stops_it_as_ctrl_c_does(former: RunningSite) -> None:
    assert former.process.returncode == 0
    assert former.status_of("/") is None
    assert "Traceback" not in former.output()


def test_a_second_start_keeps_the_data_and_makes_no_second_login(folder: Path) -> None:
    before = rows(folder, "SELECT code FROM incidents_page")
    with running_site(folder) as site:
        assert "First login" not in site.output()
        assert "Set up" not in site.output()
    assert rows(folder, "SELECT code FROM incidents_page") == before
    assert rows(folder, "SELECT count(*) FROM auth_user") == [(1,)]


def test_a_second_instance_on_the_same_data_is_refused_in_words(site: RunningSite) -> None:
    refused = refused_start(site.log.parent, free_port())
    assert refused.returncode == 1
    assert f"running already on the data in {site.log.parent} (process {site.process.pid}" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert site.status_of("/") == 200


def test_a_port_in_use_is_said_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = refused_start(tmp_path, port)
    assert refused.returncode == 1
    assert f"Port {port} is in use." in refused.stderr
    assert not (tmp_path / "statuspage.sqlite3").exists()


def test_a_killed_child_is_replaced_and_answers_again(folder: Path) -> None:
    with running_site(folder, "--no-demo") as site:
        for _ in range(2):
            child = site.child()
            os.kill(child, signal.SIGKILL)
            wait_until_gone(child)
            site.wait_for_answer(seconds=6)
            assert site.child() != child
        assert site.status_of("/") == 200


def test_no_orphan_keeps_the_port_when_the_parent_is_killed(folder: Path) -> None:
    with running_site(folder, "--no-demo") as site:
        child = site.child()
        site.stop(signal.SIGKILL)
        wait_until_gone(child)
    with running_site(folder, "--no-demo", port=site.port) as again:
        assert again.status_of("/") == 200


def test_nonsense_in_a_variable_is_said_in_words(tmp_path: Path) -> None:
    refused = refused_start(tmp_path, 8000, TRUSTED_PROXY_COUNT="many")
    assert refused.returncode != 0
    assert "TRUSTED_PROXY_COUNT is 'many': give a whole number from 0 to 10." in refused.stderr


@pytest.mark.parametrize(
    ("variables", "fix"),
    [
        ({"SECRET_KEY": "short"}, "openssl rand -hex 25"),
        ({"DEBUG": "true"}, "Unset DEBUG."),
        ({"ALLOWED_HOSTS": "*"}, "Set ALLOWED_HOSTS to the host names of the page"),
    ],
)
def test_b191_a_public_site_does_not_start_with_what_would_give_it_away(
    tmp_path: Path, variables: dict[str, str], fix: str
) -> None:
    refused = refused_start(tmp_path, free_port(), SITE_URL="https://status.example.com", **variables)
    assert refused.returncode == 1
    assert fix in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "statuspage.sqlite3").exists()


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_gone(process: int) -> None:
    deadline = time.monotonic() + 60
    while is_alive(process):
        assert time.monotonic() < deadline
        time.sleep(0.05)
