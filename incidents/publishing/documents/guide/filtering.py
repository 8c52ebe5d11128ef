"""The form "Only show these results": what can be chosen, with counts, and what is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.publishing import paths
from incidents.publishing.guide_shapes import EntryFacts, GuideFacts, provider_slug


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty for everything."""

    words: str = ""
    range: str = ""
    providers: tuple[str, ...] = ()
    """By their names in addresses; errors of everybody always come along."""
    code: str = ""
    component: str = ""
    """Code of a component."""

    @property
    def is_narrowed(self) -> bool:
        """Say whether anything but a range was chosen."""
        return bool(self.words or self.providers or self.code or self.component)

    def fits(self, entry: EntryFacts) -> bool:
        """Say whether an entry is looked for."""
        names = {provider_slug(one) for one in entry.providers}
        return (
            (not self.range or entry.range == self.range)
            and (not self.providers or not names or bool(names & set(self.providers)))
            and (not self.code or entry.code == self.code)
            and (not self.component or any(code == self.component for code, _ in entry.components))
            and _speaks(entry, self.words)
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen."""

    value: str
    name: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Filtering:
    """The form."""

    words: str
    range: str
    providers: tuple[Choice, ...]
    general: int
    """Errors of no provider, which always come along."""
    codes: tuple[Choice, ...]
    components: tuple[Choice, ...]
    is_narrowed: bool
    whole: str
    """Address of everything the form chooses among."""


def filtering_of(
    guide: GuideFacts, among: Sequence[EntryFacts], *, range_name: str = "", wanted: Wanted | None = None
) -> Filtering:
    """Return the form over some entries, with what is wanted already chosen."""
    wanted = wanted or Wanted(range=range_name)
    names = [name for name in guide.providers if any(name in one.providers for one in among)]
    parts = {code: name for one in among for code, name in one.components}
    return Filtering(
        words=wanted.words,
        range=wanted.range,
        providers=tuple(
            Choice(provider_slug(name), name, sum(name in one.providers for one in among), _in(name, wanted))
            for name in names
        ),
        general=sum(not one.providers for one in among),
        codes=tuple(
            Choice(code, code, sum(one.code == code for one in among), code == wanted.code)
            for code in dict.fromkeys(one.code for one in among)
        ),
        components=tuple(
            Choice(code, name, sum((code, name) in one.components for one in among), code == wanted.component)
            for code, name in sorted(parts.items(), key=lambda pair: pair[1].casefold())
        ),
        is_narrowed=wanted.is_narrowed,
        whole=paths.guide_range(wanted.range) if wanted.range else paths.guide(),
    )


def _in(name: str, wanted: Wanted) -> bool:
    return provider_slug(name) in wanted.providers


def _speaks(entry: EntryFacts, words: str) -> bool:
    """Say whether all words stand somewhere in an entry."""
    texts = (entry.code, entry.title, entry.sentence, entry.cause_html, entry.solution_html)
    told = "\n".join((*texts, *entry.messages, *entry.providers)).casefold()
    return all(word in told for word in words.casefold().split())
