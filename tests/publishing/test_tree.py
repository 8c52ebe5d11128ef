"""The plain files: whole wherever the page lives now, and nowhere else."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from incidents.lib.clock import now
from incidents.publishing import publisher
from incidents.publishing.export import export_page
from incidents.publishing.follower import sweep
from incidents.publishing.library import Library
from incidents.publishing.models import Document
from incidents.publishing.publisher import published_of
from incidents.publishing.tree import file_name
from incidents.timeline.models import Page
from tests.build import make_component, make_incident, make_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def public(library: Library, settings: Any, tmp_path: Path) -> Path:
    """The folder of all pages."""
    settings.PUBLISH_TO = tmp_path / "public"
    return tmp_path / "public"


def a_page(**fields: Any) -> Page:
    page = make_page(at=now() - timedelta(days=100), **fields)
    publisher.catch_up(page.pk, at=now())
    return page


def documents(page: Page) -> set[str]:
    rows = Document.objects.filter(page=page, is_gone=False)
    return {file_name(published_of(row)) for row in rows}


def files(folder: Path) -> set[str]:
    """Return the plain files of a tree, without their packed forms and what the tree keeps for itself."""
    names = (str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
    return {name for name in names if not name.endswith((".br", ".gz")) and not name.startswith((".page", "_headers"))}


def test_a_folder_named_after_pages_were_published_gets_every_document(
    library: Library, settings: Any, tmp_path: Path
) -> None:
    page = a_page()
    settings.PUBLISH_TO = tmp_path / "public"
    make_incident(page, at=now())
    assert files(tmp_path / "public" / "default") == documents(page)


def test_a_page_that_moves_takes_every_document_along(public: Path) -> None:
    a_page()
    moving = a_page(name="Moving", host="old.example")
    assert files(public / "old.example") == documents(moving)
    moving.edit(host="new.example", by="ada", at=now())
    sweep()
    assert files(public / "new.example") == documents(moving)
    assert not (public / "old.example").exists()


def test_two_pages_that_change_places_leave_nothing_of_each_other(public: Path) -> None:
    first, second = a_page(name="First"), a_page(name="Second", host="second.example")
    theirs = make_incident(first, at=now(), title="Only of the first")
    Page.objects.filter(pk=first.pk).update(is_default=False, host="first.example")
    Page.objects.filter(pk=second.pk).update(is_default=True, host="")
    for page in (second, first):
        page.refresh_from_db()
        page.edit(name=f"{page.name} moved", by="ada", at=now())
    sweep()
    assert not (public / "default" / "incidents" / f"{theirs.code}.html").exists()
    assert files(public / "default") == documents(second)
    assert files(public / "first.example") == documents(first)
    assert not (public / "second.example").exists()


def test_a_tree_that_somebody_removed_is_whole_again_after_the_next_publishing(public: Path) -> None:
    page = a_page()
    (public / "default").rename(public / "away")
    make_incident(page, at=now())
    assert files(public / "default") == documents(page)


def test_what_is_gone_leaves_tree_and_export(public: Path, tmp_path: Path) -> None:
    page = a_page()
    api = make_component(page)
    sweep()
    export = tmp_path / "export"
    call_command("publish", to=export, verbosity=0)
    (export / "of-mine.txt").write_text("stays")
    for folder in (public / "default", export):
        assert (folder / "c" / f"{api.code}.html").exists()
    api.edit(visibility="staff", by="ada", at=now())
    sweep()
    export_page(page, export)
    for folder in (public / "default", export):
        left = [file for file in folder.rglob("*") if file.is_file() and api.code in file.name]
        assert left == []
        assert api.code.encode() not in b"".join(file.read_bytes() for file in folder.rglob("*.html"))
    assert (export / "of-mine.txt").exists()


def test_an_export_is_the_same_as_the_tree(public: Path, tmp_path: Path) -> None:
    page = a_page()
    make_incident(page, at=now())
    export_page(page, tmp_path / "export")
    tree = public / "default"
    assert files(tmp_path / "export") == files(tree)
    for name in files(tree):
        assert (tmp_path / "export" / name).read_bytes() == (tree / name).read_bytes(), name
