"""The catalogues of words: collected from the sources, kept as .po for translators and as .mo for the program.

Needs no gettext tools: Babel reads and writes both, Django makes its templates readable to it.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from incidents.lib.languages import ENGLISH, OFFERED

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "incidents" / "locale"
TRANSLATED = tuple(language for language in OFFERED if language != ENGLISH)

_SOURCES = (
    *("incidents/lib/*.py", "incidents/timeline/states.py", "incidents/timeline/own_words.py"),
    *("incidents/timeline/phase_names.py", "incidents/publishing/**/*.py"),
    *("templates/public/**/*.html", "templates/public/*.js"),
    *("incidents/readers/*.py", "incidents/subscriptions/*.py", "incidents/subscriptions/models/*.py"),
    *("incidents/subscriptions/forms/*.py", "incidents/subscriptions/views/*.py", "templates/subscriptions/*.html"),
    *("incidents/notifications/mail/*.py", "incidents/notifications/notes.py"),
    *("templates/email/**/*.html", "templates/email/**/*.txt"),
)
"""Where words of public pages and of mails stand. The console is in English."""

_Call = tuple[int, str, str | tuple[str, ...], list[str]]
"""Line, function, its texts, the comments for translators above it."""

_DATED = datetime(2026, 11, 21, tzinfo=UTC)
"""In every header: files whose words did not change stay the same."""

_PLAIN, _PLURAL, _IN_CONTEXT = (1,), (1, 2), ((1, "c"), 2)
_KEYWORDS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), _PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _IN_CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


_NUMBERS = frozenset({"count", "hours", "number"})
"""What placeholders that choose among plural forms are called."""


def collected(language: str) -> Catalog:
    """Return an empty catalogue of every message in the sources, in the order of files and lines."""
    catalogue = Catalog(
        locale=to_locale(language),
        header_comment=f"# Words of public pages and mails: {OFFERED[language]}. `make words` brings them in line.",
        project="statuspage",
        version="1",
        msgid_bugs_address="the issue tracker",
        last_translator="the project",
        language_team=language,
        creation_date=_DATED,
        revision_date=_DATED,
        fuzzy=False,
    )
    for keyword, texts, comments in _found():
        spec = _KEYWORDS[keyword]
        context = texts[0] if isinstance(spec[0], tuple) else None
        wanted = [texts[(place[0] if isinstance(place, tuple) else place) - 1] for place in spec]
        if not all(wanted):
            # Called with a variable: its words are collected where they are marked.
            continue
        ids = tuple(wanted[1:] if context else wanted)
        catalogue.add(ids if len(ids) > 1 else ids[0], context=context, auto_comments=comments)
    return catalogue


def stored(language: str) -> Catalog:
    """Return the catalogue translators wrote."""
    with (_place(language) / "django.po").open("rb") as file:
        return read_po(file, locale=to_locale(language))


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as the program reads it."""
    written = BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def write(language: str, catalogue: Catalog) -> None:
    """Write both forms of a catalogue."""
    place = _place(language)
    place.mkdir(parents=True, exist_ok=True)
    with (place / "django.po").open("wb") as file:
        write_po(file, catalogue, width=118, no_location=True, ignore_obsolete=True)
    (place / "django.mo").write_bytes(compiled(stored(language)))


def brought_in_line(language: str) -> Catalog:
    """Return the stored catalogue with the messages the sources have now: new ones empty, lost ones gone."""
    now, former = collected(language), stored(language) if (_place(language) / "django.po").exists() else None
    if former is None:
        return now
    for message in now:
        known = former.get(message.id, message.context) if message.id else None
        if known is not None and known.pluralizable == message.pluralizable:
            message.string = known.string
    return now


def problems(language: str) -> Iterator[str]:
    """Yield what is wrong with a catalogue: words without translation, placeholders that differ, an old .mo."""
    catalogue = brought_in_line(language)
    if (_place(language) / "django.mo").read_bytes() != compiled(stored(language)):
        yield "the compiled catalogue is not that of the .po beside it: make words"
    for message in catalogue:
        if message.id:
            yield from _faults(message, catalogue.num_plurals)


def _faults(message: Message, plurals: int) -> Iterator[str]:
    originals, strings = _forms(message.id), _forms(message.string)
    if not all(strings) or message.fuzzy:
        yield f"not translated: {originals[0]}"
        return
    if len(originals) > 1 and len(strings) != plurals:
        yield f"{len(strings)} of {plurals} plural forms: {originals[0]}"
    # With several forms, some languages say a number by the word alone.
    spared = _NUMBERS if len(strings) > 1 else frozenset[str]()
    wanted = _placeholders(originals[-1]) | spared
    yield from (f"other placeholders: {string}" for string in strings if _placeholders(string) | spared != wanted)


def _forms(texts: str | Sequence[str] | None) -> tuple[str, ...]:
    return (texts or "",) if isinstance(texts, str | None) else tuple(texts)


def _placeholders(text: str) -> set[str]:
    # {State} is {state} with its first letter as it is (page.js).
    braces = {name.lower() for _, name, _, _ in Formatter().parse(text) if name is not None}
    return braces | {piece.partition(")")[0] for piece in text.split("%(")[1:]}


def _found() -> Iterator[tuple[str, tuple[str, ...], list[str]]]:
    for path in (path for pattern in _SOURCES for path in sorted(ROOT.glob(pattern))):
        file = BytesIO(_readable(path).encode())
        calls = extract_python(file, dict(_KEYWORDS), ("Translators:",), {"encoding": "utf-8"})
        # Babel says of the third and fourth that they are the other way round.
        for _, keyword, words, comments in cast("Iterator[_Call]", calls):
            yield keyword, _forms(words), [comment.removeprefix("Translators:").strip() for comment in comments]


def _readable(path: Path) -> str:
    """Return a source as Python; of a template the calls are left, and the rest is X and must not be indented."""
    source = path.read_text()
    if path.suffix == ".py":
        return source
    return "\n".join(line.strip() for line in templatize(source).splitlines())


def _place(language: str) -> Path:
    return FOLDER / to_locale(language) / "LC_MESSAGES"
