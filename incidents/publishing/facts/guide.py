"""The error guide with the incidents that cause its errors."""

from collections import defaultdict
from datetime import datetime

from incidents.guide.asking import Answer
from incidents.guide.known import guide_of, links_between, open_incidents, past_incidents, stories_of
from incidents.guide.linking import Link
from incidents.guide.models import Entry
from incidents.publishing.facts.incidents import told
from incidents.publishing.facts.page import page_facts
from incidents.publishing.facts.rows import Rows
from incidents.publishing.guide_shapes import AnswerFacts, EntryFacts, GuideFacts, in_order
from incidents.publishing.translating import told_on
from incidents.timeline.models import Component, Page, Visibility


def begins_or_ends_guide(page: Page) -> bool:
    """Say whether so few entries are published that the last event may have begun or ended the guide.

    Every page then gets or loses its way there.
    """
    return Entry.objects.on(page).published().count() <= 1


def guide_facts(rows: Rows, *, seen_at: datetime) -> GuideFacts:
    """Return the published entries of a page with the incidents that cause them, or did within 90 days."""
    page = rows.page
    facts = page_facts(page, seen_at=seen_at)
    guide = guide_of(page)
    if not guide.rules:
        return GuideFacts(facts)
    running, over = open_incidents(page), past_incidents(page, at=seen_at).order_by("-resolved_at", "-pk")
    live = links_between(guide, stories_of(running, guide))
    past = links_between(guide, stories_of(over, guide))
    named = {one.incident for one in (*live, *past) if one.is_sure}
    incidents = told(rows.public.filter(pk__in=named).order_by("-impact_started_at", "-pk"), rows) if named else []
    codes = {one.number: one.code for one in incidents}
    entries = Entry.objects.on(page).published().prefetch_related("components", "related", "former_slugs")
    shown = {row.pk: _entry(row, live, past, codes) for row in entries}
    return GuideFacts(
        page=facts,
        entries=tuple(sorted(shown.values(), key=in_order)),
        incidents=tuple(incidents),
        concerned=_concerned((*live, *past), shown, rows),
    )


def _entry(row: Entry, live: list[Link], past: list[Link], codes: dict[int, str]) -> EntryFacts:
    return EntryFacts(
        slug=row.slug,
        code=row.error_code,
        title=row.title,
        sentence=row.sentence,
        cause_html=row.cause_html,
        solution_html=row.solution_html,
        messages=tuple(row.messages),
        providers=tuple(row.providers),
        retry=row.retry,
        retry_after=row.retry_after,
        problem_type=row.problem_type,
        components=tuple((one.code, one.name) for one in row.components.all() if _is_public(one)),
        related=tuple(one.slug for one in row.related.all() if one.is_published),
        reviewed_on=row.reviewed_on,
        former=tuple(one.slug for one in row.former_slugs.all()),
        live=_codes(row, live, codes),
        past=_codes(row, past, codes),
    )


def _codes(row: Entry, links: list[Link], codes: dict[int, str]) -> tuple[str, ...]:
    keys = (one.incident for one in links if one.entry == row.pk and one.is_sure)
    return tuple(codes[key] for key in keys if key in codes)


def _concerned(
    links: tuple[Link, ...], shown: dict[int, EntryFacts], rows: Rows
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Also of suggestions: what is one now may have been a link before the last update."""
    slugs = defaultdict(list)
    for one in links:
        if one.entry in shown:
            slugs[one.incident].append(shown[one.entry].slug)
    codes = rows.public.filter(pk__in=list(slugs)).values_list("pk", "code") if slugs else ()
    return tuple((code, tuple(slugs[key])) for key, code in codes)


def _is_public(component: Component) -> bool:
    return component.visibility == Visibility.PUBLIC and component.archived_at is None


def told_answer(page: Page, guide: GuideFacts, found: Answer) -> AnswerFacts:
    """Return an answer as the guide tells it, in the guide's language."""
    slugs = dict(Entry.objects.on(page).published().filter(pk__in=_keys(found)).values_list("pk", "slug"))
    rows = Rows(page)
    incident = next(iter(told(rows.public.filter(pk=found.incident), rows)), None) if found.incident else None
    near = (guide.entry(slugs.get(key, "")) for key in found.near)
    return AnswerFacts(
        guide=guide,
        incident=next(iter(told_on(guide.page, [incident])), None) if incident else None,
        entry=guide.entry(slugs.get(found.entry, "")) if found.entry else None,
        near=tuple(one for one in near if one),
        signs=tuple((one.kind, one.words) for one in found.signs),
        masked=found.masked,
    )


def _keys(found: Answer) -> list[int]:
    return [*found.near, *([found.entry] if found.entry else [])]
