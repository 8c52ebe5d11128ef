"""A full and a read-only disk under the published files: readers keep what there is, and nobody's post fails."""

import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.follower import Follower
from incidents.publishing.library import Library
from incidents.publishing.models import Publication
from incidents.timeline.models import Incident, Page
from tests.build import make_incident, make_page
from tests.publishing.published import Reader, follow

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk; `make faults` runs as root"),
]


@pytest.fixture
def disk(library: Library) -> Iterator[Path]:
    """A disk of eight megabytes that holds nothing but published files."""
    library.folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", library.folder], check=True)
    yield library.folder
    subprocess.run(["mount", "-o", "remount,rw", library.folder], check=False)
    subprocess.run(["umount", "-l", library.folder], check=True)


@pytest.fixture
def incident(disk: Path, library: Library) -> Incident:
    """An open incident on a page that is published on that disk."""
    page = make_page(at=now() - timedelta(days=10))
    publisher.catch_up(page.pk, at=now())
    library.look_around()
    return make_incident(page, at=now())


def filled(disk: Path) -> Path:
    filler = disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
    except OSError:
        pass
    return filler


def index_after_restart(library: Library) -> bytes:
    fresh = Library(library.folder)
    fresh.look_around()
    return Reader(fresh).get("/").body


def generations(library: Library, page: Page) -> tuple[int, int]:
    return library.store_of(page.code).generation(), Publication.objects.get(page=page).generation


def test_on_a_full_disk_the_post_stands_memory_shows_it_and_files_stay_whole(
    disk: Path, library: Library, incident: Incident
) -> None:
    reader = Reader(library)
    before = index_after_restart(library)
    filler = filled(disk)
    incident.post_update(body="Written on a full disk.", by="ada", at=now())
    assert b"Written on a full disk." in reader.get("/").body
    assert index_after_restart(library) == before
    assert not list(disk.rglob(".draft-*"))
    filler.unlink()
    follow(Follower(library))
    on_disk, in_database = generations(library, incident.page)
    assert on_disk == in_database
    assert b"Written on a full disk." in index_after_restart(library)


def test_on_a_read_only_disk_the_same_holds(disk: Path, library: Library, incident: Incident) -> None:
    reader = Reader(library)
    before = index_after_restart(library)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    incident.post_update(body="Written on a read-only disk.", by="ada", at=now())
    assert b"Written on a read-only disk." in reader.get("/").body
    assert index_after_restart(library) == before
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    follow(Follower(library))
    assert b"Written on a read-only disk." in index_after_restart(library)
