"""What must never be committed, and what the files on disk must say the same way as the code."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from statuspage import environment

ROOT = Path(__file__).resolve().parent.parent.parent
BANNED_NAMES = {"utils.py", "helpers.py", "services.py", "managers.py", "common.py", "misc.py"}
ADDRESSES = re.compile(
    r"(index-url|find-links|trusted-host)\s*[= ]\s*\S|https?://\S+/simple\b|\"resolved\":\s*\"http|"
    r"(?<![\w.])/(?:home|Users|work|opt|root)/\w"
)
ALLOWED = {
    # Options that keep such addresses out of the locked files, and where systemd's example installs to.
    "Makefile": ["--no-emit-index-url", "--no-emit-find-links"],
}


def committed_files() -> list[Path]:
    """Return the files that git would give a newcomer, new ones included; everything where this is no checkout."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=False, capture_output=True, text=True)
    if listed.returncode:
        outside = {".venv", "var", ".git", "__pycache__"}
        return [path for path in ROOT.rglob("*") if path.is_file() and not outside & set(path.relative_to(ROOT).parts)]
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def addresses_in(text: str, allowed: list[str]) -> list[str]:
    """Return the lines that name a registry or a folder of somebody's machine."""
    lines = []
    for line in text.splitlines():
        checked = line
        for known in allowed:
            checked = checked.replace(known, "")
        if ADDRESSES.search(checked):
            lines.append(line.strip()[:120])
    return lines


def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    found = {}
    for path in committed_files():
        if path == Path(__file__) or path.suffix in {".woff2", ".png", ".ico"}:
            continue
        name = str(path.relative_to(ROOT))
        if lines := addresses_in(path.read_text(errors="replace"), ALLOWED.get(name, [])):
            found[name] = lines
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://registry.example/simple",
        "--find-links /srv/wheels",
        'resolved = "https://registry.example/pypi/simple/django"',
        '  "resolved": "https://registry.example/htmx.tgz",',
        "venv = /home/ada/status/.venv",
    ],
)
def test_an_address_would_be_noticed(line: str) -> None:
    assert addresses_in(line, [])


def test_every_locked_package_carries_hashes_and_an_exact_version() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        packages = re.split(r"\n(?=\w)", path.read_text().strip())
        loose = [package for package in packages if "==" not in package or "--hash=sha256:" not in package]
        assert loose == [], path.name


def test_the_development_set_holds_the_same_versions_as_the_product() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))

    assert pins("base.txt") <= pins("development.txt")


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in committed_files() if path.name in BANNED_NAMES] == []


def test_the_table_of_settings_names_every_variable_the_code_reads() -> None:
    table = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
    assert settings.configured
    assert sorted(table) == sorted(set(environment.names_read))


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
