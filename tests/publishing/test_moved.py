"""A renamed error: its former addresses lead to the present one, published like everything else."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.guide.models import Entry
from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.export import export_page
from incidents.publishing.headers import CACHE_CONTROL
from incidents.publishing.library import Library
from incidents.publishing.models import Document
from incidents.timeline.models import Page
from tests.build import NOON, make_page
from tests.guide.making import make_entry
from tests.publishing.published import Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

SLUG, RENAMED = "403-this-application-has-been-disabled", "403-disabled"
ADDRESSES = ("/errors/{}", "/errors/{}.json", "/errors/{}.md", "/live/errors/{}", "/de/errors/{}", "/de/errors/{}.md")


@pytest.fixture
def page(library: Library) -> Page:
    page = make_page()
    return page.edit(by="test", at=page.created_at, further_languages=["de"])


@pytest.fixture
def entry(page: Page, library: Library) -> Entry:
    """An error that was published at one address and then renamed."""
    entry = make_entry(page)
    published(page, library)
    rename(entry, RENAMED)
    published(page, library)
    return entry


def rename(entry: Entry, slug: str) -> None:
    entry.edit(contents=replace(entry.contents, slug=slug), by="test", at=NOON)


def published(page: Page, library: Library) -> None:
    publisher.catch_up(page.pk, at=now())
    library.look_around()


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_former_address_leads_to_the_present_one_without_the_database(
    entry: Entry, reader: Reader, address: str
) -> None:
    with CaptureQueriesContext(connection) as queries:
        reply = reader.get(address.format(SLUG))
        assert (reply.status, reply.headers["location"]) == (301, address.format(RENAMED))
        assert (reply.body, reply.headers["content-length"]) == (b"", "0")
        assert reader.get(reply.headers["location"]).status == 200
    assert len(queries) == 0


def test_a_program_of_another_site_may_follow(entry: Entry, reader: Reader) -> None:
    assert reader.get(f"/errors/{SLUG}.json").headers["access-control-allow-origin"] == "*"


def test_it_leads_whatever_form_is_asked_for_and_whatever_is_known(entry: Entry, reader: Reader) -> None:
    etag = reader.get(f"/errors/{SLUG}").headers["etag"]
    for headers in ({"accept": "application/json"}, {"if_none_match": etag}, {"accept_encoding": "br, gzip"}):
        reply = reader.get(f"/errors/{SLUG}", **headers)
        assert (reply.status, reply.headers["location"]) == (301, f"/errors/{RENAMED}")
    assert reader.get(f"/errors/{SLUG}", method="HEAD").status == 301


def test_it_is_kept_no_longer_than_a_page(entry: Entry, reader: Reader, client: Client) -> None:
    """Else a browser went in circles after the entry got its former address back."""
    behind = client.get(f"/errors/{SLUG}")
    assert (behind.status_code, behind["Location"]) == (301, f"/errors/{RENAMED}")
    assert behind["Cache-Control"] == CACHE_CONTROL
    cache = reader.get(f"/errors/{SLUG}").headers["cache-control"]
    assert cache == reader.get(f"/errors/{RENAMED}").headers["cache-control"]


def test_an_entry_that_gets_its_address_back_is_there_and_nowhere_else(
    page: Page, entry: Entry, library: Library, reader: Reader
) -> None:
    rename(entry, SLUG)
    published(page, library)
    assert reader.get(f"/errors/{SLUG}").status == 200
    assert reader.get(f"/errors/{RENAMED}").headers["location"] == f"/errors/{SLUG}"


def test_every_former_address_leads_straight_to_the_present_one(
    page: Page, entry: Entry, library: Library, reader: Reader
) -> None:
    rename(entry, "403-switched-off")
    published(page, library)
    for former in (SLUG, RENAMED):
        assert reader.get(f"/errors/{former}").headers["location"] == "/errors/403-switched-off"


def test_where_the_entry_is_withdrawn_or_removed_nothing_leads_anywhere(
    page: Page, entry: Entry, library: Library, reader: Reader
) -> None:
    entry.withdraw(by="test", at=NOON)
    published(page, library)
    assert reader.get(f"/errors/{SLUG}").status == 299
    entry.publish(by="test", at=NOON)
    published(page, library)
    assert reader.get(f"/errors/{SLUG}").status == 301
    entry.remove(by="test", at=NOON)
    published(page, library)
    assert reader.get(f"/errors/{SLUG}").status == 299


def test_an_entry_that_does_not_change_makes_no_new_signpost(page: Page, entry: Entry, library: Library) -> None:
    known = Document.objects.get(path=f"/errors/{SLUG}").generation
    make_entry(page, title="Other", messages=())
    published(page, library)
    assert Document.objects.get(path=f"/errors/{SLUG}").generation == known


def test_plain_files_have_none_so_that_the_server_in_front_asks(page: Page, entry: Entry, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "errors").mkdir(parents=True)
    (tree / "errors" / f"{SLUG}.html").write_text("of an earlier export")
    export_page(page, tree)
    assert (tree / "errors" / f"{RENAMED}.html").is_file()
    assert not list(tree.rglob(f"{SLUG}*"))
