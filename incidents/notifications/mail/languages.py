"""Which language a mail is written in: the reader's where our words exist in it, else the page's."""

from incidents.lib.languages import ENGLISH, nearest


def edition_language(wanted: str, page_language: str) -> str:
    """Return the language of an edition by its tag ("de", "pt-BR").

    One answer for "de", "de-AT" and "DE" keeps the editions of an event few. Without a catalogue
    for what a reader wants the page's own language is nearer than English around its texts.
    """
    return nearest(wanted) or nearest(page_language) or ENGLISH
