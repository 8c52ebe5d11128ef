"""What a node learns from the database: what others published, what is due, what is no more."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.lib.clock import now
from incidents.publishing import follower as following
from incidents.publishing import publisher
from incidents.publishing.follower import Follower, sweep
from incidents.publishing.library import Library, the_library
from incidents.publishing.models import Document, Publication
from incidents.publishing.waking import held_back
from incidents.timeline.models import Incident, Page
from tests.build import make_component, make_incident, make_maintenance, make_page
from tests.publishing.published import Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def a_page(**fields: Any) -> Page:
    page = make_page(at=now() - timedelta(days=100), **fields)
    publisher.catch_up(page.pk, at=now())
    return page


def seen(library: Library, path: str, *, host: str = "testserver") -> str:
    library.look_around()
    return Reader(library).get(path, host=host).body.decode()


def posted_on(node: Library, incident: Incident, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Post in a process whose published documents lie in the folder of `node`."""
    with held_back():
        incident.post_update(body=text, by="ada", at=now())
    with monkeypatch.context() as there:
        there.setattr(publisher, "the_library", lambda: node)
        publisher.publish_events(incident.page_id, at=now())


def test_two_nodes_that_post_at_the_same_time_both_show_both(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = a_page()
    first, second = make_incident(page, at=now(), title="First"), make_incident(page, at=now(), title="Second")
    nodes = [Library(tmp_path / "a"), Library(tmp_path / "b")]
    for node in nodes:
        node.is_serving = True
        Follower(node).look_at_database()
    posted_on(nodes[0], first, "Posted on A.", monkeypatch)
    posted_on(nodes[1], second, "Posted on B.", monkeypatch)
    for node in nodes:
        Follower(node).look_at_database()
        assert "Posted on A." in seen(node, f"/incidents/{first.code}")
        assert "Posted on B." in seen(node, f"/incidents/{second.code}")
        assert node.store_of(page.code).generation() == Publication.objects.get(page=page).generation


def test_looking_costs_one_query_when_nothing_changed(library: Library) -> None:
    a_page()
    follower = Follower(library)
    follower.look_at_database()
    with CaptureQueriesContext(connection) as asked:
        follower.look_at_database()
    assert len([one for one in asked if "SELECT" in one["sql"]]) == 1


def test_a_page_that_is_no_more_is_served_nowhere_and_its_files_are_gone(
    library: Library, tmp_path: Path, settings: Any
) -> None:
    settings.PUBLISH_TO = tmp_path / "public"
    a_page()
    other = a_page(name="Other", host="other.example")
    assert "Other" in seen(library, "/", host="other.example")
    assert (tmp_path / "public" / "other.example" / "index.html").exists()
    Page.objects.filter(pk=other.pk).delete()
    Follower(library).look_at_database()
    assert seen(library, "/", host="other.example") == "behind"
    assert "Acme" in seen(library, "/")
    assert not (library.folder / other.code).exists()
    assert not (tmp_path / "public" / "other.example").exists()


def test_a_database_without_a_page_takes_nothing_from_readers(library: Library) -> None:
    a_page()
    assert "Acme" in seen(library, "/")
    Page.objects.all().delete()
    Follower(library).look_at_database()
    assert "Acme" in seen(library, "/")


def put_back(publication: Publication, documents: list[Document]) -> None:
    """Bring the rows of what was published back to those of an older copy."""
    Document.objects.filter(page=publication.page_id).delete()
    Document.objects.bulk_create(documents)
    publication.save()


def test_a_database_put_back_from_an_older_copy_says_what_readers_read(
    library: Library, tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PUBLISH_TO = tmp_path / "public"
    page = a_page()
    older = Publication.objects.get(page=page), list(Document.objects.filter(page=page))
    lost = make_incident(page, at=now(), title="Lost with the database")
    for number in range(4):
        lost.post_update(body=f"Word {number}.", by="ada", at=now())
    address = f"/incidents/{lost.code}"
    assert "Lost with the database" in seen(library, "/")
    assert "Word 3." in seen(library, address)
    put_back(*older)
    Follower(library).look_at_database()
    assert "Lost with the database" not in seen(library, "/")
    assert "Acme" in seen(library, "/")
    assert seen(library, address) == "behind"
    assert "Lost" not in (tmp_path / "public" / "default" / "index.html").read_text()
    assert "The database is older than what was published of Acme" in caplog.text
    caplog.clear()
    Follower(library).look_at_database()
    assert caplog.text == ""


def test_what_is_posted_after_the_database_was_put_back_is_seen_at_once_on_every_node(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = a_page()
    older = Publication.objects.get(page=page), list(Document.objects.filter(page=page))
    incident = make_incident(page, at=now())
    other = Library(tmp_path / "other")
    other.is_serving = True
    for number in range(4):
        incident.post_update(body=f"Word {number}.", by="ada", at=now())
        if number == 1:
            Follower(other).look_at_database()
    put_back(*older)
    for node in (other, library, other, library):
        Follower(node).look_at_database()
    posted_on(library, incident, "After it was put back.", monkeypatch)
    for node in (library, other):
        Follower(node).look_at_database()
        assert "After it was put back." in seen(node, f"/incidents/{incident.code}")


def test_what_fails_for_one_page_keeps_no_other_from_its_turn(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_back():
        bad = make_page(at=now(), name="Bad")
        make_page(at=now(), name="Good", host="good.example")
    usual = publisher.catch_up

    def failing(page_id: int, **options: Any) -> None:
        if page_id == bad.pk:
            raise ZeroDivisionError
        usual(page_id, **options)

    monkeypatch.setattr(following.publisher, "catch_up", failing)
    sweep()
    assert "Good" in seen(library, "/", host="good.example")


def test_maintenance_starts_and_ends_by_itself_with_no_worker_and_no_schedule_running(library: Library) -> None:
    page = a_page()
    api = make_component(page)
    at = now()
    work = make_maintenance(
        page,
        at=at - timedelta(hours=2),
        components=[api],
        starts_at=at - timedelta(minutes=1),
        ends_at=at + timedelta(hours=1),
    )
    sweep()
    assert "In progress" in seen(library, f"/incidents/{work.code}")
    assert "under_maintenance" in seen(library, "/api/v2/components.json")


def test_drafts_of_a_killed_process_are_gone_after_the_next_start(library: Library) -> None:
    page = a_page()
    left = library.store_of(page.code).documents / ".draft-left"
    left.write_bytes(b"half")
    the_library().tidy()
    assert not left.exists()
    assert Document.objects.filter(page=page).exists()
