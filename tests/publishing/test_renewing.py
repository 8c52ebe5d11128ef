"""After an upgrade: the address of the site stands for whatever another release makes otherwise."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from incidents.lib.clock import now
from incidents.publishing.follower import Follower
from incidents.publishing.library import Library
from incidents.publishing.maker import digest_of_sources, this_maker
from incidents.publishing.models import Document, Publication
from incidents.publishing.opening import open_library
from incidents.publishing.renewing import claim_pages, pages_left_to_others, pages_to_renew, renew
from incidents.publishing.waking import held_back
from incidents.timeline.models import Page
from tests.build import make_component, make_incident, make_page
from tests.publishing.published import Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

OLD, NEW = "http://old.example", "http://new.example"


class Node:
    """A web node of a release; what is done within `with` happens there."""

    def __init__(self, settings: Any, address: str, library: Library) -> None:
        self._settings, self._address = settings, address
        self.follower = Follower(library)

    def __enter__(self) -> "Node":
        self._former = self._settings.SITE_URL
        self._settings.SITE_URL = self._address
        return self

    def __exit__(self, *_: object) -> None:
        self._settings.SITE_URL = self._former

    def sweep(self) -> None:
        """Sweep until nothing of another release is left; on a busy machine one sweep may not get through."""
        with self:
            self.follower.sweep_once()
            while pages_to_renew():
                self.follower.sweep_once()


@pytest.fixture
def old(settings: Any, library: Library) -> Node:
    """A node of the old release."""
    return Node(settings, OLD, library)


@pytest.fixture
def new(settings: Any, library: Library) -> Node:
    """A node of the new release."""
    return Node(settings, NEW, library)


def a_page_of(node: Node) -> Page:
    """Return a page with some documents of each kind, made by that node."""
    with node:
        page = make_page(at=now() - timedelta(days=100))
        for number in range(3):
            part = make_component(page, name=f"Part {number}")
            make_incident(page, at=now(), title=f"Trouble {number}", components={part: "major_outage"})
    node.sweep()
    return page


def telling(address: str) -> set[str]:
    """Return the paths of the documents that name this address."""
    return {row.path for row in Document.objects.filter(is_gone=False) if address.encode() in bytes(row.body)}


def seen(library: Library, path: str = "/") -> str:
    library.look_around()
    return Reader(library).get(path).body.decode()


def test_a_new_release_makes_every_document_again_once(library: Library, old: Node, new: Node) -> None:
    page = a_page_of(old)
    told = telling(OLD)
    assert len(told) > 10
    new.sweep()
    assert telling(OLD) == set()
    assert telling(NEW) == told
    assert NEW in seen(library)
    reached = Publication.objects.get(page=page)
    assert reached.stray is None
    new.sweep()
    assert Publication.objects.get(page=page).generation == reached.generation


def test_the_first_reader_after_an_upgrade_sees_the_new_page(library: Library, old: Node, new: Node) -> None:
    a_page_of(old)
    assert OLD in seen(library)
    with new:
        open_library(library)
    assert NEW in seen(library)


def test_an_old_node_leaves_the_pages_to_the_release_that_started_later(library: Library, old: Node, new: Node) -> None:
    page = a_page_of(old)
    new.sweep()
    Publication.objects.update(clock_at=now() - timedelta(minutes=5))
    old.sweep()
    assert telling(OLD) == set()
    with old:
        assert pages_left_to_others(at=now()) == {page.pk}


def test_a_post_on_an_old_node_is_shown_at_once_and_made_again_by_the_new_one(
    library: Library, old: Node, new: Node
) -> None:
    page = a_page_of(old)
    new.sweep()
    with old:
        incident = make_incident(page, at=now(), title="Posted on the old node")
    assert "Posted on the old node" in seen(library)
    assert telling(OLD)
    new.sweep()
    assert telling(OLD) == set()
    assert "Posted on the old node" in seen(library, f"/incidents/{incident.code}")


def test_going_back_to_the_former_release_makes_its_page_again(library: Library, old: Node, new: Node) -> None:
    a_page_of(old)
    new.sweep()
    old.follower = Follower(library)
    old.sweep()
    assert telling(NEW) == set()


@pytest.mark.parametrize("unlike", [-timedelta(hours=1), timedelta(days=365)])
def test_a_release_nobody_has_seen_for_a_while_gives_the_pages_back(
    library: Library, old: Node, new: Node, unlike: timedelta
) -> None:
    a_page_of(old)
    new.sweep()
    Publication.objects.update(maker_seen_at=now() + unlike)
    old.sweep()
    assert telling(NEW) == set()


def test_a_renewal_cut_off_goes_on_where_it_was(library: Library, old: Node, new: Node) -> None:
    page = a_page_of(old)
    with old, held_back():
        for number in range(60):
            make_component(page, name=f"Further part {number}")
    old.sweep()
    with new:
        claim_pages(at=now(), is_start=True)
        renew(page.pk, at=now(), seconds=0)
        assert pages_to_renew() == [page.pk]
        done = dict(Document.objects.filter(made_with=this_maker()).values_list("path", "generation"))
    assert "/" in done
    assert telling(OLD)
    new.sweep()
    assert telling(OLD) == set()
    standing = dict(Document.objects.values_list("path", "generation"))
    assert {path: standing[path] for path in done} == done


def test_a_document_only_the_old_release_had_is_taken_away(library: Library, old: Node, new: Node) -> None:
    page = a_page_of(old)
    kept = Document.objects.get(page=page, path="/uptime")
    Document.objects.create(
        page=page,
        path="/incidents/nosuchcode",
        content_type=kept.content_type,
        body=b"<p>of old",
        brotli=b"",
        gzip=b"",
        etag='"x"',
        page_seq=kept.page_seq,
        generation=kept.generation,
        made_at=kept.made_at,
        made_with=kept.made_with,
    )
    new.sweep()
    assert Document.objects.get(page=page, path="/incidents/nosuchcode").is_gone


def test_a_page_made_later_is_claimed_without_making_it_twice(library: Library, new: Node) -> None:
    first = a_page_of(new)
    with new:
        second = make_page(at=now(), name="Second", host="second.example")
    before = Publication.objects.get(page=second).generation
    new.sweep()
    for page in (first, second):
        row = Publication.objects.get(page=page)
        with new:
            assert (row.maker, row.stray) == (this_maker(), None)
    assert Publication.objects.get(page=second).generation == before


def test_the_fingerprint_tells_of_templates_code_and_settings(tmp_path: Path, settings: Any) -> None:
    template = tmp_path / "templates" / "public" / "index.html"
    template.parent.mkdir(parents=True)
    template.write_text("one")
    first = digest_of_sources(tmp_path)
    (tmp_path / "templates" / "console.html").write_text("not public")
    assert digest_of_sources(tmp_path) == first
    template.write_text("two")
    assert digest_of_sources(tmp_path) != first
    before = this_maker()
    settings.SITE_URL = "http://elsewhere.example"
    assert this_maker() != before
