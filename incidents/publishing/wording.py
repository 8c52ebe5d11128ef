"""In which language and zone a document is made: those of the page among its facts, whoever asks."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from incidents.lib.languages import ENGLISH, speaking
from incidents.lib.prefixes import below
from incidents.publishing import prose
from incidents.publishing.shapes import PageFacts

_Maker = TypeVar("_Maker", bound=Callable[..., Any])

_IN_LETTERS_OF_PICTURES = frozenset({ENGLISH, "de", "fr", "es", "pt-BR"})
"""Languages the face of the previews' pictures can write."""

WORDLESS = ""
"""The language of pictures that say nothing in our words."""


def in_page_language(make: _Maker) -> _Maker:
    """Let `make` speak the language of its page, link within it and tell times in its zone.

    An argument is, or knows, PageFacts.
    """

    @wraps(make)
    def spoken(*facts: Any, **options: Any) -> Any:
        page = _page(facts)
        with speaking(page.language), below(page.prefix), prose.told_in(page.zone):
            return make(*facts, **options)

    return cast("_Maker", spoken)


def in_language_of_pictures(make: _Maker) -> _Maker:
    """Let `make` speak the language of its page where pictures can be drawn in it, else English."""

    @wraps(make)
    def spoken(*facts: Any, **options: Any) -> Any:
        language = _page(facts).language
        with speaking(language if language in _IN_LETTERS_OF_PICTURES else ENGLISH):
            return make(*facts, **options)

    return cast("_Maker", spoken)


def language_of_pictures(page: PageFacts) -> str:
    """Return the language in which pictures of a page say something, WORDLESS where they cannot write its own."""
    return page.language if page.language in _IN_LETTERS_OF_PICTURES else WORDLESS


def _page(facts: tuple[Any, ...]) -> PageFacts:
    return next(one for fact in facts for one in (fact, getattr(fact, "page", None)) if isinstance(one, PageFacts))
