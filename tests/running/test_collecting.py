"""Static files are collected by a start that finds them changed, and by no other."""

from pathlib import Path
from typing import Any

import pytest

from statuspage.embedded.collecting import collect_static_files

SHEET = "look.css"


@pytest.fixture
def source(tmp_path: Path, settings: Any) -> Path:
    """The one file of a release whose static files were collected."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / SHEET).write_text("p { color: red } /* " + "red " * 100 + "*/")
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    collect_static_files()
    return folder / SHEET


def hashed(source: Path) -> list[Path]:
    """Return the copies under names with a digest."""
    return sorted((source.parent.parent / "static").glob("look.*.css"))


def test_what_has_not_changed_is_not_collected_again(source: Path) -> None:
    (collected,) = hashed(source)
    packed = collected.with_name(f"{collected.name}.br")
    before = packed.stat().st_ino, packed.stat().st_mtime_ns, collected.stat().st_mtime_ns
    collect_static_files()
    assert (packed.stat().st_ino, packed.stat().st_mtime_ns, collected.stat().st_mtime_ns) == before


def test_a_changed_file_is_collected_and_the_former_one_stays(source: Path) -> None:
    (former,) = hashed(source)
    source.write_text("p { color: blue }")
    collect_static_files()
    assert former in hashed(source)
    assert [path.read_text() for path in hashed(source) if path != former] == ["p { color: blue }"]


def test_a_file_that_was_deleted_is_there_again(source: Path) -> None:
    (collected,) = hashed(source)
    collected.unlink()
    collect_static_files()
    assert hashed(source) == [collected]


def test_what_another_release_collected_meanwhile_is_collected_again(source: Path) -> None:
    manifest = source.parent.parent / "static" / "staticfiles.json"
    ours = manifest.read_text()
    manifest.write_text('{"paths": {}, "version": "1.1", "hash": ""}')
    collect_static_files()
    assert manifest.read_text() == ours


def test_a_start_that_was_broken_off_is_made_up_for(source: Path, tmp_path: Path) -> None:
    (collected,) = hashed(source)
    (tmp_path / "collected-files").unlink()
    collected.write_text("p {")
    collect_static_files()
    assert collected.read_text() == source.read_text()
