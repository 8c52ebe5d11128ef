"""What a page says by itself is told in each language; what somebody wrote stays as it is."""

import pytest

from incidents.lib.languages import OFFERED
from incidents.lib.text import clean_text
from incidents.timeline.own_words import CANCELLED, COMPLETED, FIRST_WORDS, STARTED, in_language, told_in

OURS = (STARTED, COMPLETED, CANCELLED, FIRST_WORDS)


@pytest.mark.parametrize("posted_in", OFFERED)
@pytest.mark.parametrize("words", OURS)
def test_our_words_are_known_in_whichever_language_they_were_posted(words: str, posted_in: str) -> None:
    posted = in_language(words, posted_in)
    # As it is stored.
    assert clean_text(posted) == posted
    for language in OFFERED:
        told = told_in(language, posted)
        assert told is not None
        assert told[0] == in_language(words, language)
        assert told[1] == f"<p>{told[0]}</p>\n" or told[1] == f"<p>{told[0]}</p>"


@pytest.mark.parametrize("words", OURS)
def test_each_language_says_it_in_words_of_its_own(words: str) -> None:
    assert len({in_language(words, language) for language in OFFERED}) == len(OFFERED)


@pytest.mark.parametrize("text", ["", "We begin.", f"{STARTED} Really.", STARTED.lower(), f"**{COMPLETED}**"])
def test_what_somebody_wrote_is_told_in_no_other_language(text: str) -> None:
    assert told_in("de", text) is None
