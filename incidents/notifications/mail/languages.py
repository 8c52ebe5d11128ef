"""Which language a mail is written in: the reader's where there is a catalogue of ours for it, else the page's."""

from django.conf import settings
from django.utils.translation import get_supported_language_variant


def edition_language(wanted: str, page_language: str) -> str:
    """Return the language of an edition, as Django names it ("de", "pt-br").

    One answer for "de", "de-AT" and "DE" keeps the editions of an event few. Without a catalogue
    for what a reader wants the page's own language is nearer than English around its texts.
    """
    named = _named(wanted)
    return named if named in settings.CATALOGUES else _named(page_language) or "en"


def _named(language: str) -> str:
    try:
        return get_supported_language_variant(language.replace("_", "-").lower())
    except LookupError:
        return ""
