"""What a page says by itself where nobody wrote anything, and so can tell each reader in their language."""

from collections.abc import Mapping
from functools import cache, lru_cache

from django.utils.translation import gettext, gettext_noop

from incidents.lib.languages import OFFERED, speaking
from incidents.lib.markdown import render_markdown

STARTED = gettext_noop("Scheduled maintenance is currently in progress. We will provide updates as necessary.")
COMPLETED = gettext_noop("The scheduled maintenance has been completed.")
CANCELLED = gettext_noop("This maintenance will not take place.")
"""Of a maintenance that starts, ends or is called off."""

FIRST_WORDS = gettext_noop("We see signs of a problem and are looking into it. More follows within 30 minutes.")
"""When a suspicion is confirmed."""

_OURS = (STARTED, COMPLETED, CANCELLED, FIRST_WORDS)


def in_language(words: str, language: str) -> str:
    """Return one of the texts above in `language`."""
    with speaking(language):
        return gettext(words)


def told_in(language: str, text: str) -> tuple[str, str] | None:
    """Return `text`, the text of an update, in `language`, as typed and as HTML; None where somebody wrote it.

    Ours is known by its words, in whichever language it was posted: who posts it as it was offered wrote nothing.
    """
    words = _known().get(text)
    return _told(words, language) if words else None


@cache
def _known() -> Mapping[str, str]:
    """Return each of our texts by what it is in each language."""
    return {in_language(words, language): words for words in _OURS for language in OFFERED}


@lru_cache(maxsize=len(_OURS) * len(OFFERED))
def _told(words: str, language: str) -> tuple[str, str]:
    said = in_language(words, language)
    return said, render_markdown(said)
