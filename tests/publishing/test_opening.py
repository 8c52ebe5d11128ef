import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.publishing.library import Library
from incidents.publishing.opening import open_library
from incidents.publishing.waking import held_back
from tests.build import make_component, make_page
from tests.publishing.published import Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_the_first_reader_of_an_installation_finds_the_page_made(library: Library, reader: Reader) -> None:
    with held_back():
        make_component(make_page(), name="API")
    assert reader.get("/").status == 299
    open_library(library)
    library.look_around()
    reply = reader.get("/")
    assert reply.status == 200
    assert b"API" in reply.body


def test_what_lies_on_disk_is_opened_without_a_query(library: Library) -> None:
    make_page()
    open_library(library)
    assert library.pages_on_disk()
    with CaptureQueriesContext(connection) as asked:
        open_library(library)
    assert len(asked) == 0


def test_without_a_page_there_is_nothing_to_open(library: Library) -> None:
    open_library(library)
    assert library.pages_on_disk() == []
