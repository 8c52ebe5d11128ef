"""What is worth a second look in a postmortem. Nothing here is forbidden; machines misread stories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.lib import stamps, time_tokens
from incidents.timeline.postmortems.prose_times import ProseTime, Stretch, times_in
from incidents.timeline.postmortems.sections import HINTS, TIMELINE, sections_of

_TOLERANCE = timedelta(minutes=5)
_NEAR = 60
"""Characters between a time and the words it belongs to."""

_LONGEST_PARAGRAPH = 3_000
"""Characters; what is longer was not written by a person, and reading it would take more than its length."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|dozens?|hundreds?|thousands?|millions?"
    r"|half|third|quarter|none|nobody|no one)\b",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:complet(?:ed|ing|e)|restored|resolved|recovered|fixed|re-?activated|active again|working again|worked again"
    r"|back to normal|were back|was back|all clear|undone|over|ended)\b",
    re.IGNORECASE,
)
_BEGAN = re.compile(
    r"\b(?:incident|outage|impact|problem|issue|errors?|failures?|it|this)\s+(?:had\s+)?(?:began|begun|started)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never|n't|yet to be)\W+(?:\w+\W+)?$", re.IGNORECASE)
_STILL = re.compile(
    r"\b(?:still|remain(?:s|ing)?)\b(?!\s+(?:stable|healthy|normal|operational|monitor|watch))", re.IGNORECASE
)
_MISTAKE = re.compile(
    r"\b(?:mistak\w*|error|forgot|fail(?:ed|s)? to|accident\w*|wrong\w*|careless\w*|misconfigur\w*|fault|blame\w*"
    r"|overlook\w*|neglect\w*)\b",
    re.IGNORECASE,
)
_BY_A_PERSON = re.compile(
    r"\b(?:by|engineer|developer|colleague|operator|technician|intern)\s+([A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\b"
)
_NOTICES = re.compile(r"alarm|alert|monitor|detect|notic|anomal|ticket|canar|probe", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A public update: when it was posted, its text, and whether its phase says that work goes on."""

    posted_at: datetime
    body: str
    is_trouble: bool


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of the incident beside the text."""

    began_at: datetime
    ended_at: datetime
    zone: ZoneInfo
    updates: tuple[Told, ...]
    """In the order they were posted."""
    noticed_by_customers: bool
    actions: tuple[str, ...]
    people: tuple[str, ...]
    """Names of those who work here."""
    page: str
    """Name of the page, which is no person."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Something worth a second look, in a sentence; `section` is where, "" for the text as a whole."""

    section: str
    sentence: str


def second_looks(text: str, story: Story) -> list[SecondLook]:
    """Return what is worth a second look in a draft, in the order of its sections."""
    found = []
    for section, below in sections_of(text):
        found += [SecondLook(section, sentence) for sentence in _of_section(section, below, story)]
    if story.noticed_by_customers and not any(_NOTICES.search(action) for action in story.actions):
        sentence = "Customers noticed first, and no action item says how we would notice next time."
        found.append(SecondLook("", sentence))
    return found


def _of_section(section: str, below: str, story: Story) -> Iterator[str]:
    hint = HINTS.get(section)
    if hint and hint in below:
        yield "The hint is still there."
        below = below.replace(hint, "")
    if section == "Impact" and below.strip() and not _NUMBER.search(_without_times(below, story)):
        yield "There is no number: how many people, requests or minutes?"
    yield from _persons(below, story)
    # The timeline is filled from the updates, which cannot contradict themselves.
    if section.casefold() != TIMELINE.casefold():
        yield from dict.fromkeys(_times(below, story))


def _persons(below: str, story: Story) -> Iterator[str]:
    known = re.compile(rf"\b(?:{'|'.join(map(re.escape, story.people))})\b") if story.people else None
    for sentence in _sentences(below):
        if not _MISTAKE.search(sentence):
            continue
        found = known.search(sentence) if known else None
        named = found[0] if found else None
        by = _BY_A_PERSON.search(sentence)
        if named is None and by and by[1] not in story.page:
            named = by[1]
        if named:
            yield f"“{named}” stands next to a mistake. Tell what the system allowed, not who did it."


def _times(below: str, story: Story) -> Iterator[str]:
    stretch = Stretch(story.began_at, story.ended_at, story.zone)
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*[-*+] )", below):
        if len(paragraph) > _LONGEST_PARAGRAPH:
            continue
        times = times_in(paragraph, stretch)
        for start, end in _spans(paragraph):
            within = [one for one in times if start <= one.start < end]
            sentence = paragraph[start:end]
            yield from _end_against_updates(sentence, start, within, story)
            yield from _start_against_stamp(sentence, start, within, story)
        yield from (_other_letters(one) for one in times if one.letters and one.letters_in_force != one.letters)


def _end_against_updates(sentence: str, start: int, times: list[ProseTime], story: Story) -> Iterator[str]:
    claimed = _time_at(_OVER, sentence, start, times)
    if claimed is None:
        return
    said = stamps.clock(claimed.moment, story.zone)
    against = next((told for told in story.updates if told.posted_at > claimed.moment and _says_otherwise(told)), None)
    if against:
        posted = stamps.clock(against.posted_at, story.zone)
        yield f"It says all was over at {said}; the update of {posted} says otherwise: “{_opening(against.body)}”"
    elif claimed.moment > story.ended_at + _TOLERANCE:
        yield f"It says all was over at {said}; the page said so at {stamps.clock(story.ended_at, story.zone)} already."


def _start_against_stamp(sentence: str, start: int, times: list[ProseTime], story: Story) -> Iterator[str]:
    claimed = _time_at(_BEGAN, sentence, start, times)
    if claimed and abs(claimed.moment - story.began_at) > _TOLERANCE:
        said, kept = (stamps.clock(moment, story.zone) for moment in (claimed.moment, story.began_at))
        yield f"It says something began at {said}; the incident began at {kept}."


def _other_letters(one: ProseTime) -> str:
    return (
        f"“{one.letters}” was not the clock on that day, {one.letters_in_force} was. "
        "Written as [time: …] it is told in every reader's zone."
    )


def _time_at(words: re.Pattern[str], sentence: str, start: int, times: list[ProseTime]) -> ProseTime | None:
    """Return the time nearest to such a word of a sentence, None where there is none or it is denied."""
    nearest: tuple[int, ProseTime] | None = None
    for word in words.finditer(sentence):
        if _NOT.search(sentence[: word.start()]):
            continue
        for one in times:
            away = max(one.start - start - word.end(), start + word.start() - one.end, 0)
            if away <= _NEAR and (nearest is None or away < nearest[0]):
                nearest = away, one
    return nearest[1] if nearest else None


def _says_otherwise(told: Told) -> bool:
    return told.is_trouble or bool(_STILL.search(told.body))


def _without_times(below: str, story: Story) -> str:
    """Return the text with every time of day blanked: it is no number of anything."""
    plain = time_tokens.TOKEN.sub("", below)
    for one in reversed(times_in(plain, Stretch(story.began_at, story.ended_at, story.zone))):
        plain = plain[: one.start] + plain[one.end :]
    return plain


def _sentences(text: str) -> Iterator[str]:
    return (text[start:end] for start, end in _spans(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _SENTENCE_END.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _opening(body: str) -> str:
    return next(_sentences(body.strip()), "")[:160]
