"""How often would I hear? What a wish would have brought in the last 90 days, by the rule of the fan-out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import F, Q
from django.utils.translation import gettext, ngettext

from incidents.subscriptions.choices import ChannelKind
from incidents.subscriptions.wishes import Wish
from incidents.timeline.impact import impact_of
from incidents.timeline.models import (
    Affected,
    Component,
    ComponentChange,
    Event,
    Incident,
    Page,
    Update,
)
from incidents.timeline.states import ComponentStatus

SPAN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the past: what decided who was told. `components` are those known by then."""

    incident: int
    impact: str
    is_maintenance: bool
    components: frozenset[int]


@dataclass(frozen=True, slots=True)
class Moved:
    """A component that changed its state, of which webhooks hear by itself."""

    component: int
    is_maintenance: bool


@dataclass(frozen=True, slots=True)
class Past:
    """Everything a page told of within the span."""

    messages: tuple[Told, ...]
    moves: tuple[Moved, ...]


def expected(page: Page, wish: Wish, *, channel: str, at: datetime) -> int:
    """Return how many messages `wish` on `channel` would have brought in the 90 days before `at`.

    Counted like fan_out() freezes them, each message for itself; in a flood mail bundles some. What was imported
    or filled in later counts as if it had been posted in time. A handful of queries once per change of the page,
    none in between.
    """
    past = _past(page.code, page.last_seq, at.replace(minute=0, second=0, microsecond=0))
    count = sum(_is_told(wish, one) for one in past.messages)
    if channel == ChannelKind.WEBHOOK:
        count += sum(_is_told_of_move(wish, one) for one in past.moves)
    return count


def sentence(count: int, *, channel: str) -> str:
    """Return "In the last 90 days this selection would have sent you 9 emails." in the words of the channel."""
    if not count:
        return gettext("In the last 90 days this selection would have sent you nothing.")
    words = {
        ChannelKind.EMAIL: ngettext(
            "In the last 90 days this selection would have sent you {count} email.",
            "In the last 90 days this selection would have sent you {count} emails.",
            count,
        ),
        ChannelKind.WEBHOOK: ngettext(
            "In the last 90 days this selection would have sent you {count} request.",
            "In the last 90 days this selection would have sent you {count} requests.",
            count,
        ),
    }
    other = ngettext(
        "In the last 90 days this selection would have sent you {count} message.",
        "In the last 90 days this selection would have sent you {count} messages.",
        count,
    )
    return {str(kind): text for kind, text in words.items()}.get(channel, other).format(count=f"{count:,}")


def _is_told(wish: Wish, told: Told) -> bool:
    """Say what recipients() asks of the database; tests hold the two together."""
    if wish.incident is not None:
        return told.incident == wish.incident.pk
    if not wish.preferences.wants(told.impact, is_maintenance=told.is_maintenance):
        return False
    return wish.is_everything or any(component.pk in told.components for component in wish.components)


def _is_told_of_move(wish: Wish, move: Moved) -> bool:
    if wish.incident is not None or not wish.preferences.wants(None, is_maintenance=move.is_maintenance):
        return False
    return wish.is_everything or any(component.pk == move.component for component in wish.components)


@lru_cache(maxsize=64)
def _past(code: str, _last_seq: int, hour: datetime) -> Past:
    """Read it; kept until the page changes or the hour is over."""
    since = hour - SPAN
    public = Incident.objects.public().filter(page__code=code)
    late = ~Q(imported_from="") | Q(backfilled=True)
    # What was taken back later had been sent by then.
    news = Event.objects.filter(page__code=code, notify=True, at__gt=since)
    heard = news.filter(update__incident__in=public.exclude(late)).order_by("seq")
    # Nobody was told of what was written down later; somebody would have been.
    written = Update.objects.standing().filter(incident__in=public.filter(late), posted_at__gt=since)
    moments = [
        *heard.values_list("update__incident", "update", "at"),
        *written.order_by("posted_at", "pk").values_list("incident", "pk", "posted_at"),
    ]
    stories = _stories({incident for incident, _, _ in moments})
    return Past(
        messages=tuple(stories[incident].told_at(at, is_of=update) for incident, update, at in moments),
        moves=tuple(_moves(code, [update for _, update, _ in moments], since=since)),
    )


@dataclass(frozen=True, slots=True)
class _Story:
    """An incident, the components it was said to affect and, by update, what was said of them when."""

    incident: Incident
    named: frozenset[int]
    said: Sequence[tuple[datetime, int, int, str]]
    """When, by which update, of which component, and its new state."""

    def told_at(self, at: datetime, *, is_of: int) -> Told:
        """Return what was known of the incident when it was told of at `at`, by the update `is_of`."""
        known = [(component, state) for when, update, component, state in self.said if when <= at or update == is_of]
        changed_later = {component for _, _, component, _ in self.said}
        is_maintenance = self.incident.is_maintenance
        named = self.named if is_maintenance else self.named - changed_later
        return Told(
            incident=self.incident.pk,
            impact=self._impact([state for _, state in known]),
            is_maintenance=is_maintenance,
            components=named | {component for component, _ in known},
        )

    def _impact(self, states: Sequence[str]) -> str:
        incident = self.incident
        is_said = incident.impact_override or incident.imported_from
        return incident.impact if is_said or incident.is_maintenance else impact_of(states).value


def _stories(keys: set[int]) -> dict[int, _Story]:
    named: dict[int, set[int]] = defaultdict(set)
    said: dict[int, list[tuple[datetime, int, int, str]]] = defaultdict(list)
    for incident, component in Affected.objects.filter(incident__in=keys).values_list("incident", "component"):
        named[incident].add(component)
    changes = ComponentChange.objects.filter(update__incident__in=keys)
    rows = {one.pk: one for one in Incident.objects.filter(pk__in=keys)}
    fields = ("update__incident", "update__created_at", "update__posted_at", "update", "component", "new")
    for incident, created_at, posted_at, update, component, state in changes.values_list(*fields):
        is_late = rows[incident].imported_from or rows[incident].backfilled
        said[incident].append((posted_at if is_late else created_at, update, component, state))
    return {pk: _Story(one, frozenset(named[pk]), tuple(said[pk])) for pk, one in rows.items()}


def _moves(code: str, updates: Sequence[int], *, since: datetime) -> list[Moved]:
    """Return the changes of public components that were told of, by updates and outside any incident."""
    public = set(Component.objects.public().filter(page__code=code).values_list("pk", flat=True))
    by_update: dict[int, list[Moved]] = defaultdict(list)
    changes = ComponentChange.objects.filter(update__in=set(updates)).exclude(old=F("new"))
    kinds = changes.values_list("update", "component", "update__incident__kind")
    for update, component, kind in kinds:
        if component in public:
            by_update[update].append(Moved(component, kind == "maintenance"))
    outside = Event.objects.filter(page__code=code, kind="component.changed", at__gt=since, subject_id__in=public)
    alone = [
        Moved(component, ComponentStatus.UNDER_MAINTENANCE in (payload.get("old"), payload.get("new")))
        for component, payload in outside.values_list("subject_id", "payload")
    ]
    return [*(move for update in updates for move in by_update[update]), *alone]
