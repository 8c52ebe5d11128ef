"""Which open incident causes which error: by the word of staff, else by what both say. Pure.

An incident explains an entry when it affects a component whose trouble causes the error, when its texts quote the
error, or when they name its code together with its provider. A code alone is enough only where one entry has it and
no other entry is quoted; else it is a suggestion for staff, as a provider alone is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from incidents.guide.matching.index import Index, Indexed, Phrase
from incidents.guide.matching.judging import Sign, stands_in
from incidents.guide.matching.reading import Reading

_SHORTEST_QUOTE = 3
"""How much a phrase must tell before its standing in an incident's text counts as a quote."""

CAUSES, UNRELATED = "causes", "unrelated"


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """An incident as it is compared: everything it says to readers, and which components it affects, by key.

    Equal to itself only, so that what was found in it is found again fast.
    """

    key: int
    reading: Reading
    components: frozenset[int]


@dataclass(frozen=True, slots=True)
class Rule:
    """An entry as it is compared with incidents."""

    entry: Indexed
    components: frozenset[int]
    is_automatic: bool
    """Whether rules link it; else staff alone do."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry and an incident, by key, and what speaks for it; one that is not sure is a suggestion."""

    entry: int
    incident: int
    signs: tuple[Sign, ...]
    is_sure: bool


Verdicts = Mapping[tuple[int, int], str]
"""What staff said, by keys of entry and incident."""


@dataclass(frozen=True, slots=True)
class Found:
    """What rules find between an entry, by its place among the rules, and a story."""

    rule: int
    signs: tuple[Sign, ...]
    is_sure: bool


def found_in(index: Index, rules: Sequence[Rule], story: Story) -> tuple[Found, ...]:
    """Return what rules find in a story, sure or not."""
    quotes = [_quote(rule.entry, story) for rule in rules]
    codes_quoted = {rule.entry.code for rule, quote in zip(rules, quotes, strict=True) if quote}
    judged = (_signs(index, rule, story, quote, codes_quoted) for rule, quote in zip(rules, quotes, strict=True))
    return tuple(Found(place, signs, is_sure) for place, (signs, is_sure) in enumerate(judged) if signs)


def with_verdicts(found: Iterable[Found], rules: Sequence[Rule], story: Story, verdicts: Verdicts) -> Iterable[Link]:
    """Yield the links of a story: what rules found, and above it what staff said."""
    by_rule = {one.rule: one for one in found}
    for place, rule in enumerate(rules):
        one, verdict = by_rule.get(place), verdicts.get((rule.entry.key, story.key), "")
        signs = one.signs if one else ()
        if verdict == CAUSES:
            yield Link(rule.entry.key, story.key, (Sign("staff", ""), *signs), is_sure=True)
        elif one and not verdict:
            yield Link(rule.entry.key, story.key, signs, is_sure=one.is_sure and rule.is_automatic)


def _signs(
    index: Index, rule: Rule, story: Story, quote: Phrase | None, codes_quoted: set[str]
) -> tuple[tuple[Sign, ...], bool]:
    entry, said = rule.entry, story.reading
    names_code = entry.code in said.codes or entry.code in said.perhaps
    named = entry.providers & said.providers
    shares = bool(rule.components & story.components)
    signs = [
        *([Sign("component", "")] if shares else []),
        *([Sign(quote.kind, quote.shown)] if quote else []),
        *([Sign("code", entry.code)] if names_code else []),
        *([Sign("provider", ", ".join(sorted(named)))] if named else []),
    ]
    is_only_one = names_code and not entry.providers and entry.code not in codes_quoted and index.alone_with(entry.code)
    return tuple(signs), shares or quote is not None or (names_code and bool(named)) or is_only_one


def _quote(entry: Indexed, story: Story) -> Phrase | None:
    quotes = (
        one
        for one in entry.phrases
        if one.kind != "cause"
        and one.strength >= _SHORTEST_QUOTE
        and not one.is_reason
        and stands_in(one.parts, story.reading.joined)
    )
    return next(quotes, None)
