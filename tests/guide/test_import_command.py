"""`manage.py import_errors` and `export_errors`: what they print, ask and answer."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.guide.models import Entry
from incidents.timeline.models import Component, Page
from tests.guide.making import EXAMPLE

pytestmark = pytest.mark.django_db


def told(*words: str, code: int = 0, name: str = "import_errors") -> str:
    output = StringIO()
    if code:
        with pytest.raises(SystemExit) as end:
            call_command(name, *words, stdout=output)
        assert end.value.code == code
    else:
        call_command(name, *words, stdout=output)
    return output.getvalue()


def test_an_import_says_what_it_does_and_does_it_once(page: Page, api: Component) -> None:
    assert told(str(EXAMPLE), "--yes").startswith("10 to add, 0 to change, 0 as they are, 0 not taken.")
    assert Entry.objects.published().count() == 10
    assert told(str(EXAMPLE), "--yes").startswith("0 to add, 0 to change, 10 as they are, 0 not taken.")


def test_a_dry_run_writes_nothing(page: Page, api: Component) -> None:
    assert "add    403-this-application-has-been-disabled (published)" in told(str(EXAMPLE), "--dry-run")
    assert not Entry.objects.exists()


def test_without_the_component_its_entry_is_named_and_the_rest_is_taken(page: Page) -> None:
    assert "line 62: This page has no component “API”." in told(str(EXAMPLE), "--yes", code=3)
    assert Entry.objects.count() == 9


def test_what_is_written_out_is_read_again(page: Page, api: Component, tmp_path: Path) -> None:
    told(str(EXAMPLE), "--yes")
    for name, words in (("a.yaml", ["--yaml"]), ("b.md", [])):
        file = tmp_path / name
        file.write_text(told(*words, name="export_errors"))
        assert told(str(file), "--yes").startswith("0 to add, 0 to change, 10 as they are")


def test_what_cannot_be_read_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    latin = tmp_path / "latin.md"
    latin.write_bytes("## 400 - Größe".encode("latin-1"))
    for words, sentence in (
        ([str(tmp_path / "none.md")], "cannot be read"),
        ([str(latin)], "not UTF-8"),
        ([str(EXAMPLE), "--page", "zzz"], "no page “zzz”"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("import_errors", *words, stdout=StringIO())
    empty = tmp_path / "empty.md"
    empty.write_text("")
    assert "No entry was found" in told(str(empty), code=1)
