"""The catalogues of words are whole, and the compiled ones are those of the sources."""

import pytest

from incidents.lib.catalogues import TRANSLATED, brought_in_line, problems, stored


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_is_translated_with_its_placeholders_and_compiled(language: str) -> None:
    assert list(problems(language)) == [], "run `manage.py words` and translate what it names"


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_kept_that_the_sources_lost(language: str) -> None:
    assert {message.id for message in stored(language)} <= {message.id for message in brought_in_line(language)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_breaks_the_attribute_or_script_it_stands_in(language: str) -> None:
    for message in stored(language):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and '"' not in str(message.id):
            assert not any('"' in string or "<script" in string for string in strings), message.id


def test_arabic_has_six_forms_and_japanese_one() -> None:
    assert {len(message.string) for message in stored("ar") if isinstance(message.id, tuple)} == {6}
    assert {len(message.string) for message in stored("ja") if isinstance(message.id, tuple)} == {1}
