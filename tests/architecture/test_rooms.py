"""The import contract of .importlinter holds, and would notice who breaks it."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def lint_imports(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config", ".importlinter"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for package in ("incidents", "statuspage"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def test_the_contracts_are_kept(copy: Path) -> None:
    done = lint_imports(copy)
    assert done.returncode == 0, done.stdout
    assert "rooms only look down KEPT" in done.stdout


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("timeline", "import incidents.publishing"),
        ("timeline", "def later():\n    import incidents.wiring"),
        ("publishing", "import incidents.notifications"),
        ("timeline", "import incidents.models"),
        ("timeline", "import statuspage.settings"),
        ("timeline", "import urllib3"),
    ],
    ids=["upward", "inside a function", "sideways", "through the index", "project", "HTTP outside lib"],
)
def test_a_forbidden_import_breaks_the_contract(copy: Path, room: str, line: str) -> None:
    intruder = copy / "incidents" / room / "intruder.py"
    intruder.write_text(line + "\n")
    try:
        done = lint_imports(copy)
    finally:
        intruder.unlink()
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_a_room_that_nobody_placed_breaks_the_contract(copy: Path) -> None:
    room = copy / "incidents" / "attic"
    room.mkdir()
    (room / "__init__.py").touch()
    try:
        done = lint_imports(copy)
    finally:
        shutil.rmtree(room)
    assert done.returncode == 1
    assert "attic" in done.stdout


def imported_names(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def knows_requests(path: Path) -> bool:
    """import-linter sees packages of others as a whole, so what is inside django is looked at here."""
    forbidden = ("django.http", "django.shortcuts", "django.views", "django.test")
    return any(name.startswith(forbidden) for name in imported_names(path))


@pytest.mark.parametrize("room", ["timeline", "lib", "publishing/documents"])
def test_facts_and_documents_know_nothing_of_requests(room: str) -> None:
    files = list((ROOT / "incidents" / room).rglob("*.py"))
    assert files
    assert [str(path.relative_to(ROOT)) for path in files if knows_requests(path)] == []


def test_an_import_of_a_request_is_noticed(tmp_path: Path) -> None:
    intruder = tmp_path / "intruder.py"
    intruder.write_text("from django.http import HttpRequest\n")
    assert knows_requests(intruder)
