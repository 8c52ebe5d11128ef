"""The ask box: is it us, or what is it? Nothing of the question is kept."""

from dataclasses import dataclass
from datetime import datetime

from incidents.guide.known import guide_of, links_between, open_incidents, past_incidents, stories_of
from incidents.guide.linking import Story
from incidents.guide.matching.common_words import tells_something
from incidents.guide.matching.judging import Sign, judge
from incidents.guide.matching.reading import Reading
from incidents.guide.matching.reason_phrases import STATUS_OF_PHRASE
from incidents.guide.refusals import NothingToRead, TextTooLarge
from incidents.lib.text import clean_text, is_blank
from incidents.timeline.models import Page

LONGEST_QUESTION = 100_000
"""Characters."""

_SHORTEST_QUOTE = 3
"""Telling words of a message before its standing in an incident's text means anything."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text tells of, by the keys of rows: first an open incident, else an entry, else what is near."""

    incident: int | None
    entry: int | None
    past: tuple[int, ...]
    """Incidents of the last 90 days that caused it, newest first; none while one is open."""
    near: tuple[int, ...]
    signs: tuple[Sign, ...]
    """Why."""
    masked: str
    words: tuple[str, ...]
    code: str
    """The code it names, "" for none or several."""


def ask(page: Page, text: str, *, at: datetime) -> Answer:
    """Say what an error or a whole response tells of, as things stand at `at`.

    Raises TextTooLarge, NothingToRead.
    """
    text = checked_question(text)
    guide = guide_of(page)
    judged = judge(guide.index, text)
    reading, best = judged.reading, judged.best
    stories = stories_of(open_incidents(page), guide)
    key = best.entry.key if best else None
    causes = {one.incident: one.signs for one in links_between(guide, stories) if one.is_sure and one.entry == key}
    incident = next((one.key for one in stories if one.key in causes), None) or _quoting(stories, reading)
    signs = (*(best.signs if best else ()), *causes.get(incident or 0, ()))
    return Answer(
        incident=incident,
        entry=key,
        past=_past(page, key, at=at) if key and not incident else (),
        near=() if best else tuple(one.entry.key for one in judged.near),
        signs=tuple(dict.fromkeys(signs)),
        masked=reading.masked,
        words=reading.words,
        code=next(iter(reading.codes)) if len(reading.codes) == 1 else "",
    )


def checked_question(text: str) -> str:
    """Return a text somebody pasted without signs nobody sees. Raises TextTooLarge, NothingToRead."""
    if len(text) > LONGEST_QUESTION:
        raise TextTooLarge(f"This has {len(text):,} characters; {LONGEST_QUESTION:,} is the most.", field="text")
    text = clean_text(text)
    if is_blank(text):
        raise NothingToRead("Paste the message of an error, or a whole response.", field="text")
    return text


def _past(page: Page, entry: int, *, at: datetime) -> tuple[int, ...]:
    guide, rows = guide_of(page), past_incidents(page, at=at).order_by("-resolved_at")
    links = links_between(guide, stories_of(rows, guide))
    caused = {one.incident for one in links if one.entry == entry and one.is_sure}
    return tuple(one.pk for one in rows if one.pk in caused)


def _quoting(stories: list[Story], reading: Reading) -> int | None:
    """Return the open incident whose texts quote the message, word for word, where no entry says more."""
    messages = [one for one in (*reading.said, *reading.lines) if _is_message(one)]
    for story in stories:
        if any(f" {' '.join(words)} " in story.reading.joined for words in messages):
            return story.key
    return None


def _is_message(words: tuple[str, ...]) -> bool:
    return sum(map(tells_something, words)) >= _SHORTEST_QUOTE and " ".join(words) not in STATUS_OF_PHRASE
