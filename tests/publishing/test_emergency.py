"""Posting while the database is away: shown at once, taken in later, once; nothing an operator types may jam it."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.emergency import EmergencyFolder
from incidents.publishing.follower import sweep
from incidents.publishing.library import Library
from incidents.timeline.models import Event, Incident, Update
from tests.build import make_incident, make_page
from tests.publishing.published import Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def incident(library: Library) -> Incident:
    """An open incident on a published page."""
    page = make_page(at=now() - timedelta(days=10))
    publisher.catch_up(page.pk, at=now())
    incident = make_incident(page, at=now())
    library.look_around()
    return incident


def post(text: str, incident: Incident, **options: Any) -> None:
    call_command("post", text, incident=incident.code, emergency=True, stdout=StringIO(), **options)


def waiting(library: Library, incident: Incident, pattern: str = "*.json") -> list[Path]:
    return list((library.folder / incident.page.code / "emergency").glob(pattern))


def test_it_is_shown_at_once_and_taken_in_once(library: Library, reader: Reader, incident: Incident) -> None:
    post("We *know*.", incident, key="k1")
    assert Update.objects.count() == 1
    for path in ("/", f"/incidents/{incident.code}", f"/live/incidents/{incident.code}", "/history.rss"):
        assert b"know" in reader.get(path).body, path
    sweep()
    sweep()
    assert Update.objects.filter(body="We *know*.").count() == 1
    assert Event.objects.filter(request_key="k1", notify=True).count() == 1
    assert waiting(library, incident) == []
    library.look_around()
    assert b"emergency" not in reader.get("/").body


@pytest.mark.parametrize("key", ["../../outside", "a/b", ".hidden", "x" * 100, "naïve key", "-"])
def test_any_key_that_is_short_enough_names_a_file_of_this_folder(
    library: Library, incident: Incident, key: str
) -> None:
    post("We know.", incident, key=key)
    assert len(waiting(library, incident)) == 1
    sweep()
    assert waiting(library, incident) == []
    assert Event.objects.filter(request_key=key).count() == 1


@pytest.mark.parametrize(
    "options", [{"key": "x" * 300}, {"by": "y" * 300}, {"by": "  "}], ids=["long key", "long author", "no author"]
)
def test_what_the_database_could_not_take_is_refused_at_once(
    library: Library, incident: Incident, options: dict[str, str]
) -> None:
    with pytest.raises(CommandError):
        post("We know.", incident, **options)
    assert waiting(library, incident) == []


def test_a_post_that_cannot_be_taken_in_is_set_aside_and_holds_up_no_other(
    library: Library, incident: Incident
) -> None:
    post("Poison.", incident, key="bad")
    (file,) = waiting(library, incident)
    file.write_text(file.read_text().replace('"by": "command line"', f'"by": "{"y" * 300}"'))
    post("Sound.", incident, key="good")
    EmergencyFolder._known.clear()
    sweep()
    assert Update.objects.filter(body="Sound.").exists()
    assert len(waiting(library, incident)) <= 1
    assert waiting(library, incident, "good*") == []


def test_a_disk_that_refuses_is_told_in_a_sentence(library: Library, incident: Incident) -> None:
    (library.folder / incident.page.code / "emergency").write_text("a file where a folder should be")
    with pytest.raises(CommandError, match="could not be written down"):
        post("We know.", incident)


def test_readers_of_the_plain_files_see_it_too_and_no_longer_than_it_waits(
    library: Library, incident: Incident, settings: Any, tmp_path: Path
) -> None:
    settings.PUBLISH_TO = tmp_path / "public"
    call_command("publish", verbosity=0)
    tree = tmp_path / "public" / "default"
    names = ["index.html", f"incidents/{incident.code}.html", "live/index.html", "history.rss", "history.atom"]
    before = {name: (tree / name).read_bytes() for name in names}
    post("We know.", incident, key="k1")
    for name in names:
        assert b"We know." in (tree / name).read_bytes(), name
        assert (tree / name).stat().st_mtime > 0
    for file in waiting(library, incident):
        file.unlink()
    library.look_around()
    assert {name: (tree / name).read_bytes() for name in names} == before


def test_a_reader_who_knows_pages_by_their_time_alone_sees_it_come_and_go(
    library: Library, reader: Reader, incident: Incident
) -> None:
    before = reader.get("/").headers["last-modified"]
    post("We know.", incident)
    told = reader.get("/", if_modified_since=before)
    assert b"We know." in told.body
    for file in waiting(library, incident):
        file.unlink()
    library.look_around()
    assert reader.get("/", if_modified_since=told.headers["last-modified"]).status == 200
