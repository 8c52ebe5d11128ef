"""The guide of a page as it is compared with: read once for each state of its entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Count, Max, QuerySet

from incidents.guide.linking import Found, Link, Rule, Story, found_in, with_verdicts
from incidents.guide.matching.index import Index, index_of
from incidents.guide.matching.reading import read
from incidents.guide.models import Entry, EntryLink, EntryState
from incidents.timeline.models import Affected, Incident, Page, Update, Visibility

PAST_FOR = timedelta(days=90)
"""How long an incident that is over is named with the errors it caused."""

PAST_AT_MOST = 100
"""Past incidents that are compared, the newest."""

UPDATES_READ = 40
"""Texts of one incident that are compared, the newest."""


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """The published entries of a page. Equal to itself only, so that what was found with it is found again fast."""

    index: Index
    rules: tuple[Rule, ...]


def guide_of(page: Page, *, with_drafts: bool = False) -> Guide:
    """Return the guide of a page: what readers see, for staff also drafts. One query where it is known already."""
    rows = _rows(page, with_drafts=with_drafts)
    stamp = rows.aggregate(at=Max("updated_at"), count=Count("pk"), code=Max("code"))
    return _guide(page.pk, with_drafts, str(stamp))


def links_on(page: Page, incidents: QuerySet[Incident], *, with_drafts: bool = False) -> list[Link]:
    """Return the links between entries and some incidents of a page, sure ones and suggestions."""
    guide = guide_of(page, with_drafts=with_drafts)
    return links_between(guide, stories_of(incidents, guide)) if guide.rules else []


def links_between(guide: Guide, stories: Sequence[Story]) -> list[Link]:
    """Return the links between entries and stories, with what staff said about them."""
    if not stories:
        return []
    said = EntryLink.objects.filter(incident__in=[one.key for one in stories])
    verdicts = {(entry, incident): word for entry, incident, word in said.values_list("entry", "incident", "verdict")}
    return [link for story in stories for link in with_verdicts(_found(guide, story), guide.rules, story, verdicts)]


def open_incidents(page: Page) -> QuerySet[Incident]:
    """Return the open incidents readers see, no maintenance."""
    return Incident.objects.on(page).open().incidents().select_related("phase")


def past_incidents(page: Page, *, at: datetime) -> QuerySet[Incident]:
    """Return the incidents that ended within 90 days before `at`, newest first."""
    over = Incident.objects.on(page).public().incidents().filter(resolved_at__gt=at - PAST_FOR, resolved_at__lte=at)
    keys = over.exclude(pk__in=open_incidents(page).values("pk")).order_by("-resolved_at").values("pk")[:PAST_AT_MOST]
    return Incident.objects.filter(pk__in=list(keys.values_list("pk", flat=True))).select_related("phase")


def stories_of(incidents: QuerySet[Incident], guide: Guide) -> list[Story]:
    """Return what incidents say to readers, to be compared. Three queries."""
    rows = list(incidents) if guide.rules else []
    if not rows:
        return []
    keys = [one.pk for one in rows]
    said: dict[int, list[str]] = {}
    bodies = Update.objects.standing().filter(incident__in=keys).newest_first()
    for key, body in bodies.values_list("incident", "body"):
        said.setdefault(key, []).append(body)
    affected: dict[int, set[int]] = {}
    public = Affected.objects.filter(incident__in=keys, component__visibility=Visibility.PUBLIC)
    for key, component in public.values_list("incident", "component"):
        affected.setdefault(key, set()).add(component)
    return [_story(one, said.get(one.pk, []), affected.get(one.pk, ()), guide) for one in rows]


def _story(incident: Incident, said: Sequence[str], components: Iterable[int], guide: Guide) -> Story:
    text = "\n".join([incident.title, *said[:UPDATES_READ]])
    return _told(guide, incident.pk, text, frozenset(components))


@lru_cache(maxsize=1024)
def _told(guide: Guide, key: int, text: str, components: frozenset[int]) -> Story:
    """Kept, because each event of a page compares all of its incidents of 90 days, of which one has changed."""
    reading = read(text, known=guide.index.codes, providers=guide.index.provider_words)
    return Story(key, reading, components)


@lru_cache(maxsize=1024)
def _found(guide: Guide, story: Story) -> tuple[Found, ...]:
    return found_in(guide.index, guide.rules, story)


def _rows(page: Page, *, with_drafts: bool) -> QuerySet[Entry]:
    rows = Entry.objects.on(page)
    return rows if with_drafts else rows.published()


@lru_cache(maxsize=32)
def _guide(page_id: int, with_drafts: bool, _stamp: str) -> Guide:  # noqa: FBT001 - a key of the cache
    rows = Entry.objects.filter(page=page_id).prefetch_related("components", "related")
    rows = rows if with_drafts else rows.filter(state=EntryState.PUBLISHED)
    entries = list(rows)
    index = index_of((one.pk, one.contents) for one in entries)
    by_key = {one.key: one for one in index.entries}
    rules = tuple(
        Rule(by_key[one.pk], frozenset(part.pk for part in one.components.all()), one.is_linked_by_rule)
        for one in entries
    )
    return Guide(index, rules)
