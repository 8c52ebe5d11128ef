"""What the screens of the error guide show: previews, trials, and what an incident may cause."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from incidents.console.preview import preview_of_text
from incidents.guide.contents import Contents
from incidents.guide.known import links_on
from incidents.guide.matching.index import index_of
from incidents.guide.matching.judging import Sign, judge
from incidents.guide.models import Entry, EntryLink, LinkVerdict
from incidents.guide.steps import steps_in_markdown
from incidents.publishing.documents.guide.answers import words_of_sign
from incidents.timeline.models import Incident, Page


@dataclass(frozen=True, slots=True)
class Trial:
    """What the ask box would answer, in words."""

    entry: str
    reasons: tuple[str, ...]
    near: tuple[str, ...]
    masked: str


@dataclass(frozen=True, slots=True)
class Line:
    """An entry beside an incident: linked by hand, by rule, suggested, or said to be unrelated."""

    entry: Entry
    reasons: tuple[str, ...]
    state: str
    """causes, unrelated, rule or suggestion."""


def trial_of(page: Page, text: str, *, draft: Contents | None = None, but: Entry | None = None) -> Trial:
    """Return what a message is taken for among the published entries, and `draft` in place of the entry `but`."""
    rows = Entry.objects.on(page).published().prefetch_related("components", "related")
    others = [(one.pk, one) for one in rows if but is None or one.pk != but.pk]
    known = [(key, one.contents) for key, one in others] + ([(0, draft)] if draft else [])
    judged = judge(index_of(known), text)
    names = {key: one.name for key, one in others} | {0: "This entry"}
    return Trial(
        entry=names[judged.best.entry.key] if judged.best else "",
        reasons=_words(judged.best.signs) if judged.best else (),
        near=tuple(names[one.entry.key] for one in judged.near),
        masked=judged.reading.masked,
    )


def preview_of(contents: Contents) -> dict[str, SafeString]:
    """Return cause and solution as readers will see them."""
    return {
        "cause": preview_of_text(contents.cause),
        "solution": preview_of_text(steps_in_markdown(contents.solution)),
    }


def errors_beside(incident: Incident) -> list[Line]:
    """Return the entries that an incident causes or may cause, drafts too, what is sure first."""
    if incident.is_maintenance:
        return []
    said = {one.entry_id: one.verdict for one in EntryLink.objects.filter(incident=incident)}
    found = {
        one.entry: one for one in links_on(incident.page, Incident.objects.filter(pk=incident.pk), with_drafts=True)
    }
    rows = Entry.objects.on(incident.page).filter(pk__in={*said, *found})
    lines = []
    for entry in rows:
        link = found.get(entry.pk)
        state = said.get(entry.pk) or ("rule" if link and link.is_sure else "suggestion")
        lines.append(Line(entry, _words(link.signs) if link else (), str(state)))
    return sorted(lines, key=lambda one: _ORDER.index(one.state))


_ORDER = [LinkVerdict.CAUSES.value, "rule", "suggestion", LinkVerdict.UNRELATED.value]


def _words(signs: tuple[Sign, ...]) -> tuple[str, ...]:
    return tuple(words_of_sign(one.kind, one.words) for one in signs)
