import contextlib
import shutil
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from time import monotonic
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from incidents.lib.clock import now
from incidents.publishing import alone, making, publisher
from incidents.publishing.follower import Follower, sweep
from incidents.publishing.library import Library
from incidents.publishing.models import Document, Publication
from incidents.publishing.waking import held_back
from incidents.timeline.models import Component, Incident, Page
from tests.build import make_component, make_incident, make_maintenance, make_page
from tests.publishing.published import Reader, follow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def a_page(**fields: Any) -> Page:
    """Return a page published as it would be by now."""
    page = make_page(at=now() - timedelta(days=100), **fields)
    publisher.catch_up(page.pk, at=now())
    return page


def a_component(page: Page, **fields: Any) -> Component:
    """Return a component published as it would be some seconds later."""
    component = make_component(page, **fields)
    sweep()
    return component


def seen(library: Library, path: str = "/") -> str:
    library.look_around()
    return Reader(library).get(path).body.decode()


def generation(page: Page) -> int:
    return Publication.objects.get(page=page).generation


def test_an_update_is_published_when_the_post_returns(library: Library, reader: Reader) -> None:
    page = a_page()
    api = a_component(page)
    incident = make_incident(page, at=now(), components={api: "major_outage"})
    assert incident.title in seen(library)
    incident.post_update(body="A fix is on its way.", by="ada", at=now())
    for path in ("/", f"/incidents/{incident.code}", "/history.rss", "/history.atom", "/api/v2/summary.json"):
        assert "A fix is on its way." in seen(library, path), path
    assert "Major outage" in seen(library, f"/c/{api.code}")


def test_what_is_rolled_back_is_not_published(library: Library) -> None:
    page = a_page()
    before = generation(page)
    with contextlib.suppress(ZeroDivisionError), page.locked():
        make_incident(page, at=now(), title="Never happened")
        raise ZeroDivisionError
    assert generation(page) == before
    assert "Never happened" not in seen(library)


def test_a_draft_touches_nothing(library: Library) -> None:
    page = a_page()
    before = generation(page)
    Incident.prepare(page=page, title="Only staff know", by="ada", at=now())
    assert generation(page) == before
    assert Publication.objects.get(page=page).seq == Page.objects.get(pk=page.pk).last_seq
    assert not any(b"Only staff know" in bytes(row.body) for row in Document.objects.all())


def test_publishing_twice_changes_nothing(library: Library) -> None:
    page = a_page()
    make_incident(page, at=now())
    before = generation(page)
    assert publisher.publish_events(page.pk, at=now()).documents == 0
    assert generation(page) == before


def test_making_everything_anew_gives_the_same_bytes(library: Library) -> None:
    page = a_page()
    api = a_component(page)
    make_maintenance(page, at=now(), components=[api])
    make_incident(page, at=now(), components={api: "partial_outage"}).resolve(body="Over.", by="ada", at=now())
    at = now()
    list(publisher.publish_everything(page.pk, at=at))
    kept = dict(Document.objects.values_list("path", "etag"))
    before = generation(page)
    list(publisher.publish_everything(page.pk, at=at))
    assert dict(Document.objects.values_list("path", "etag")) == kept
    assert generation(page) == before


def test_documents_rebuilt_do_not_grow_with_history(library: Library) -> None:
    page = a_page()
    api = a_component(page)

    def rebuilt() -> int:
        with held_back():
            incident = make_incident(page, at=now(), components={api: "major_outage"})
            incident.resolve(body="Over.", by="ada", at=now())
        return publisher.publish_events(page.pk, at=now()).documents

    first = rebuilt()
    with held_back():
        for number in range(25):
            at = now() - timedelta(days=200 + number)
            make_incident(page, at=at, components={api: "major_outage"}).resolve(body="Over.", by="ada", at=at)
    publisher.catch_up(page.pk, at=now())
    assert rebuilt() <= first


def test_a_component_taken_off_takes_its_page_along(library: Library) -> None:
    page = a_page()
    api = a_component(page)
    assert "API" in seen(library, f"/c/{api.code}")
    api.archive(by="ada", at=now())
    library.look_around()
    assert Reader(library).get(f"/c/{api.code}").status == 299


def test_a_component_made_staff_only_leaves_every_document(library: Library) -> None:
    page = a_page()
    secret = a_component(page, name="Mainframe")
    make_incident(page, at=now(), components={secret: "major_outage"})
    secret.edit(visibility="staff", by="ada", at=now())
    sweep()
    standing = Document.objects.filter(is_gone=False)
    assert [row.path for row in standing if b"Mainframe" in bytes(row.body)] == []


def test_one_document_that_cannot_be_made_keeps_nobody_from_the_others(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = a_page()
    monkeypatch.setattr("incidents.publishing.families.pages.uptime", lambda facts: 1 / 0)
    incident = make_incident(page, at=now())
    assert incident.title in seen(library)
    assert incident.title in seen(library, "/history.rss")
    assert "Uptime" in seen(library, "/uptime")


def test_a_publishing_that_fails_does_not_fail_the_post(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    page = a_page()
    with monkeypatch.context() as broken:
        broken.setattr(publisher, "make", lambda *arguments, **options: 1 / 0)
        incident = make_incident(page, at=now())
    assert Incident.objects.get(pk=incident.pk).is_public
    assert publisher.pages_behind() == [page.pk]
    sweep()
    assert publisher.pages_behind() == []
    assert incident.title in seen(library)


def test_a_disk_that_refuses_leaves_memory_right_and_is_healed_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = a_page()
    reader = Reader(library)
    library.look_around()
    reader.get("/")

    def full(*_arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("incidents.publishing.store.replace_files", full)
        incident = make_incident(page, at=now())
    assert incident.title in reader.get("/").body.decode()
    assert library.store_of(page.code).generation() < generation(page)
    follow(Follower(library))
    assert library.store_of(page.code).generation() == generation(page)
    assert incident.title in seen(Library(library.folder))


def test_a_lost_folder_is_fetched_from_the_database(library: Library) -> None:
    page = a_page()
    incident = make_incident(page, at=now())
    shutil.rmtree(library.folder)
    fresh = Library(library.folder)
    follow(Follower(fresh))
    assert incident.title in seen(fresh)
    assert len(list(fresh.store_of(page.code).everything())) == Document.objects.filter(is_gone=False).count()


def test_the_clock_makes_again_what_speaks_of_the_present(library: Library) -> None:
    page = a_page()
    incident = make_incident(page, at=now())
    path = f"/incidents/{incident.code}"
    assert "just now" in seen(library, path)
    publisher.follow_clock(page.pk, at=now())
    publisher.follow_clock(page.pk, at=now() + timedelta(minutes=5))
    assert "5 minutes ago" in seen(library, path)


def test_the_clock_alone_changes_no_feed_no_badge_and_nothing_of_the_api(library: Library) -> None:
    page = a_page()
    a_component(page)
    publisher.follow_clock(page.pk, at=now())
    steady = Document.objects.filter(path__regex="^/(api/|history[.](rss|atom|ics)|badge|og/|robots)")
    kept = dict(steady.values_list("path", "etag"))
    publisher.follow_clock(page.pk, at=now() + timedelta(minutes=2))
    assert len(kept) > 20
    assert dict(steady.values_list("path", "etag")) == kept


def test_a_clock_that_was_a_year_ahead_for_a_moment_does_no_lasting_harm(library: Library) -> None:
    page = a_page()
    incident = make_incident(page, at=now())
    publisher.follow_clock(page.pk, at=now())
    publisher.follow_clock(page.pk, at=now() + timedelta(days=365))
    Publication.objects.update(swept_until=now() + timedelta(days=365))
    assert "just now" not in seen(library, f"/incidents/{incident.code}")
    publisher.follow_clock(page.pk, at=now())
    assert "just now" in seen(library, f"/incidents/{incident.code}")
    with held_back():
        incident.post_update(body="A fix is on its way.", by="ada", at=now())
    sweep()
    assert "A fix is on its way." in seen(library, f"/incidents/{incident.code}")


def test_midnight_is_that_of_the_zone_of_the_page(library: Library) -> None:
    """Kiritimati is fourteen hours ahead: there it is tomorrow from ten o'clock in the morning UTC on."""
    page = a_page(time_zone="Pacific/Kiritimati")
    api = a_component(page)
    api.set_status("partial_outage", by="ada", at=now())
    before_ten = (now() + timedelta(days=2)).replace(hour=9, minute=59, second=0, microsecond=0)
    publisher.follow_clock(page.pk, at=before_ten - timedelta(minutes=2))
    publisher.follow_clock(page.pk, at=before_ten)
    before = Document.objects.get(path=f"/c/{api.code}").etag
    publisher.follow_clock(page.pk, at=before_ten + timedelta(minutes=2))
    after = Document.objects.get(path=f"/c/{api.code}").etag
    assert after != before


def test_midnight_moves_every_trace(library: Library) -> None:
    page = a_page()
    api = a_component(page)
    api.set_status("partial_outage", by="ada", at=now())
    publisher.follow_clock(page.pk, at=now())
    before = Document.objects.get(path=f"/c/{api.code}").etag
    publisher.follow_clock(page.pk, at=now() + timedelta(days=1))
    assert Document.objects.get(path=f"/c/{api.code}").etag != before


def test_another_node_shows_an_update_within_a_second(library: Library, tmp_path: Any) -> None:
    page = a_page()
    other = Library(tmp_path / "other-node")
    other.is_serving = True
    follower = Follower(other)
    follow(follower)
    assert "All systems operational" in seen(other) or "No components" in seen(other)
    taken = []
    for number in range(3):
        incident = make_incident(page, at=now(), title=f"Incident {number}")
        began = monotonic()
        node = Thread(target=in_own_thread(lambda: follow(follower)))
        node.start()
        node.join()
        other.look_around()
        assert incident.title in Reader(other).get("/").body.decode()
        taken.append(monotonic() - began)
    # The quickest of three: a busy machine only ever adds.
    assert min(taken) < 1


def in_own_thread(work: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    return run


def test_an_old_render_never_wins_a_race(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two publish at once: the one that read the facts first is held up until the other is done."""
    page = a_page()
    incident = make_incident(page, at=now())
    usual = making._changed
    slow_has_read, fast_may_go = Barrier(2), Barrier(2)
    is_slow = [True]

    def held_up(*arguments: Any, **options: Any) -> Any:
        documents = usual(*arguments, **options)
        if is_slow and is_slow.pop():
            slow_has_read.wait()
            fast_may_go.wait()
        return documents

    monkeypatch.setattr(making, "_changed", held_up)
    # Threads of one process wait for each other anyway; two nodes do not share that lock.
    monkeypatch.setattr(alone, "_locks", NoLocks())
    with held_back():
        incident.post_update(body="The old news.", by="ada", at=now())
    slow = Thread(target=in_own_thread(lambda: publisher.publish_events(page.pk, at=now())))
    slow.start()
    slow_has_read.wait()
    with held_back():
        incident.post_update(body="The latest news.", by="ada", at=now())
    fast = Thread(target=in_own_thread(lambda: publisher.publish_events(page.pk, at=now())))
    fast.start()
    # On PostgreSQL the second waits for the first one's lock; on SQLite it overtakes it.
    fast.join(timeout=1.5)
    fast_may_go.wait()
    slow.join()
    fast.join()
    assert "The latest news." in seen(library)
    assert b"The latest news." in bytes(Document.objects.get(path="/").body)
    assert Publication.objects.get(page=page).seq == Page.objects.get(pk=page.pk).last_seq


class NoLocks(dict[int, Any]):
    """Locks that hold nobody up."""

    def __missing__(self, _page: int) -> Any:
        class Open:
            def __enter__(self) -> None: ...
            def __exit__(self, *_: object) -> None: ...

        return Open()


def test_ten_posts_at_once_all_end_up_published(library: Library) -> None:
    page = a_page()
    incidents = [make_incident(page, at=now(), title=f"Trouble {number}") for number in range(4)]

    def post(number: int) -> None:
        incidents[number % 4].post_update(body=f"Note {number}.", by="ada", at=now())

    threads = [Thread(target=in_own_thread(lambda number=number: post(number))) for number in range(10)]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sweep()
    told = "".join(seen(library, f"/incidents/{one.code}") for one in incidents)
    assert all(f"Note {number}." in told for number in range(10))


def test_the_command_makes_everything_and_writes_the_tree(library: Library, tmp_path: Any) -> None:
    page = a_page()
    incident = make_incident(page, at=now())
    call_command("publish", to=tmp_path / "tree")
    tree = tmp_path / "tree"
    assert incident.title in (tree / "index.html").read_text()
    assert (tree / "incidents" / f"{incident.code}.html").exists()
    assert (tree / "index.html.br").exists()
    assert (tree / "index.html.gz").exists()
    assert (tree / "api" / "v2" / "summary.json").exists()
    assert "Cache-Control" in (tree / "_headers").read_text()


def test_the_tree_follows_every_publishing_where_one_is_wanted(library: Library, tmp_path: Any, settings: Any) -> None:
    settings.PUBLISH_TO = tmp_path / "public"
    page = a_page()
    incident = make_incident(page, at=now())
    incident.post_update(body="A fix is on its way.", by="ada", at=now())
    assert "A fix is on its way." in (tmp_path / "public" / "default" / "index.html").read_text()
