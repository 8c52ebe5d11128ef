"""Taking a file over: first judged as a whole and shown, then taken entry by entry; twice is once."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from incidents.guide.contents import Contents, slug_of
from incidents.guide.files.blocks import LARGEST_FILE, Block, Blocks, Problem
from incidents.guide.files.markdown_files import read_markdown
from incidents.guide.files.yaml_files import read_yaml
from incidents.guide.models import Entry, EntryState, FormerSlug
from incidents.timeline.models import Actor, Component, Page
from incidents.timeline.refusals import Refused

ADD, CHANGE, SAME = "add", "change", "same"


@dataclass(frozen=True, slots=True)
class Item:
    """What taking a file over does with one entry."""

    line: int
    action: str
    contents: Contents
    state: str
    digest: str
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do. Nothing is written yet."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    """What is not taken."""
    notes: tuple[Problem, ...]
    """What is taken and needs somebody to look at: what the source lacks is named, not made up."""

    def count(self, action: str) -> int:
        """Return how many entries it adds, changes, or leaves as they are."""
        return sum(one.action == action for one in self.items)


def look_at(page: Page, text: str, *, is_yaml: bool, as_drafts: bool = False) -> Plan:
    """Return what taking `text` over would do on `page`.

    An entry whose state the file does not say is published where it is complete, unless `as_drafts`.
    """
    if len(text) > LARGEST_FILE:
        return Plan((), (Problem(0, f"The file has {len(text):,} characters; {LARGEST_FILE:,} is the most."),), ())
    read = (read_yaml if is_yaml else read_markdown)(text)
    known = _known(page)
    names = set(Component.objects.on(page).living().values_list("name", flat=True))
    items, problems, taken = [], list(read.problems), dict[str, int]()
    for block in with_slugs(read):
        try:
            item = _judged(block, known, as_drafts=as_drafts)
            _refuse_strangers(item.contents, names)
            _refuse_twice(item, taken)
        except Refused as refusal:
            problems.append(Problem(block.line, refusal.sentence))
            continue
        taken[item.contents.slug] = block.line
        items.append(item)
    return Plan(tuple(items), tuple(sorted(problems, key=lambda one: one.line)), (*read.notes, *_review_work(items)))


def take_over(plan: Plan, *, page: Page, by: Actor, at: datetime) -> list[Problem]:
    """Take what `plan` says, each entry in a transaction of its own; return what was refused meanwhile."""
    refused = []
    for item in plan.items:
        try:
            with transaction.atomic():
                _take(item, page=page, by=by, at=at)
        except Refused as refusal:
            refused.append(Problem(item.line, refusal.sentence))
    _relate(plan, page)
    return refused


def _take(item: Item, *, page: Page, by: Actor, at: datetime) -> None:
    is_public = item.state == EntryState.PUBLISHED
    if item.action == ADD:
        Entry.add(page=page, contents=item.contents, publish=is_public, digest=item.digest, by=by, at=at)
    elif item.action == CHANGE and item.entry is not None:
        if not is_public:
            item.entry.withdraw(by=by, at=at)
        item.entry.edit(contents=item.contents, digest=item.digest, by=by, at=at)
        if is_public:
            item.entry.publish(by=by, at=at)


def _relate(plan: Plan, page: Page) -> None:
    """Join entries that name each other, now that all of them are there."""
    slugs = {one.slug: one for one in Entry.objects.on(page)}
    for item in plan.items:
        if item.contents.related and item.action != SAME and item.contents.slug in slugs:
            named = [slugs[slug] for slug in item.contents.related if slug in slugs and slug != item.contents.slug]
            slugs[item.contents.slug].related.set(named)


def _judged(block: Block, known: Mapping[str, Entry], *, as_drafts: bool) -> Item:
    contents = block.contents.clean()
    state = block.state or (EntryState.DRAFT if contents.missing or as_drafts else EntryState.PUBLISHED)
    digest = hashlib.sha256(repr((contents, str(state))).encode()).hexdigest()
    entry = known.get(contents.slug)
    if entry is not None:
        # A former address in the file does not move the entry back to it.
        contents = replace(contents, slug=entry.slug)
    if entry is None:
        return Item(block.line, ADD, contents, state, digest)
    is_same = entry.imported_digest == digest or (_sorted(entry.contents), entry.state) == (_sorted(contents), state)
    return Item(block.line, SAME if is_same else CHANGE, contents, state, digest, entry)


def _sorted(contents: Contents) -> Contents:
    return replace(contents, components=tuple(sorted(contents.components)), related=tuple(sorted(contents.related)))


def _known(page: Page) -> dict[str, Entry]:
    """Return the entries by each address they have or had."""
    entries = Entry.objects.on(page).select_related("page").prefetch_related("components", "related")
    by_key = {one.pk: one for one in entries}
    former = {one.slug: by_key[one.entry_id] for one in FormerSlug.objects.filter(page=page)}
    return former | {one.slug: one for one in by_key.values()}


def with_slugs(read: Blocks) -> Iterable[Block]:
    """Yield the blocks with an address each; of several with one code and title the later ones say their provider."""
    seen: Counter[str] = Counter()
    for block in read.blocks:
        said = block.contents
        slug = said.slug or said.usual_slug
        if not said.slug and seen[slug] and said.providers:
            slug = slug_of(slug, *said.providers)
        seen[slug] += 1
        yield replace(block, contents=replace(said, slug=slug))


def _refuse_twice(item: Item, taken: Mapping[str, int]) -> None:
    if item.contents.slug in taken:
        line = taken[item.contents.slug]
        raise Refused(f"This is “{item.contents.slug}” once more, as in line {line}; give one of them a slug.")


def _refuse_strangers(contents: Contents, names: set[str]) -> None:
    unknown = [one for one in contents.components if one not in names]
    if unknown:
        raise Refused(f"This page has no component “{unknown[0]}”.")


def _review_work(items: list[Item]) -> Iterable[Problem]:
    """Yield what the source lacks."""
    for item in items:
        if item.contents.missing:
            lacking = ", ".join(f"no {one}" for one in item.contents.missing)
            yield Problem(item.line, f"{item.contents.slug} has {lacking}: kept as it is until somebody writes it.")
    codes = Counter(item.contents.code for item in items)
    for code, count in codes.items():
        if count > 1:
            lines = ", ".join(str(item.line) for item in items if item.contents.code == code)
            yield Problem(0, f"{count} entries have the code {code} (lines {lines}): check that their titles differ.")
