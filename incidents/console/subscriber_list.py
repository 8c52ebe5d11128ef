"""The list of subscribers as staff look for somebody in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Max, QuerySet

from incidents.lib.codes import may_be_code
from incidents.lib.text import clean_line
from incidents.notifications.models import Delivery
from incidents.subscriptions.choices import ChannelKind, SubscriberState
from incidents.subscriptions.models import Scope, Subscriber
from incidents.timeline.models import Page

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Sieve:
    """What is looked for; "" does not sieve."""

    sought: str = ""
    state: str = ""
    channel: str = ""
    component: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Sieve:
        """Return the sieve of a query string; nonsense does not sieve."""
        state, channel, component = (query.get(name, "") for name in ("state", "channel", "component"))
        return cls(
            sought=clean_line(query.get("q", ""))[:LONGEST_SEARCH],
            state=state if state in SubscriberState.values else "",
            channel=channel if channel in ChannelKind.values else "",
            component=component if may_be_code(component) else "",
        )

    def apply(self, rows: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        """Return the subscribers that pass, in the order of their addresses, with what they follow."""
        if self.sought:
            rows = rows.filter(address__icontains=self.sought)
        if self.state:
            rows = rows.filter(state=self.state)
        if self.channel:
            rows = rows.filter(channel=self.channel)
        if self.component:
            rows = rows.filter(scopes__component__code=self.component)
        return rows.prefetch_related("scopes__component__group", "scopes__incident").order_by("address", "pk")

    def query(self, **changed: str) -> str:
        """Return the query string with something changed."""
        said = {"q": self.sought, "state": self.state, "channel": self.channel, "component": self.component, **changed}
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Filter:
    """One state to look at, and how many are in it."""

    words: str
    query: str
    count: int
    is_chosen: bool


def filters_of(page: Page, sieve: Sieve) -> list[Filter]:
    """Return a filter for each state that anybody is in. One query."""
    counted = Subscriber.objects.on(page).order_by().values("state").annotate(number=Count("pk"))
    numbers = dict(counted.values_list("state", "number"))
    everyone = Filter("All", sieve.query(state=""), sum(numbers.values()), not sieve.state)
    states = [
        Filter(str(state.label), sieve.query(state=state.value), numbers[state], sieve.state == state)
        for state in SubscriberState
        if state in numbers
    ]
    return [everyone, *states]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list; `last` is the newest message."""

    subscriber: Subscriber
    state: str
    follows: str
    last: Delivery | None


def listed_rows(subscribers: Sequence[Subscriber], *, at: datetime) -> list[Listed]:
    """Return a line for each of some subscribers. One query."""
    newest = Delivery.objects.filter(subscriber__in=subscribers).order_by().values("subscriber")
    found = Delivery.objects.filter(pk__in=newest.annotate(newest=Max("pk")).values("newest"))
    last = {delivery.subscriber_id: delivery for delivery in found}
    return [Listed(one, state_words(one, at=at), followed_words(one), last.get(one.pk)) for one in subscribers]


def state_words(subscriber: Subscriber, *, at: datetime) -> str:
    """Return how a subscriber stands, as staff say it."""
    if subscriber.complained_at:
        return "Complained"
    if subscriber.is_active and subscriber.is_paused(at=at):
        return "Paused"
    if subscriber.state == SubscriberState.DISABLED and subscriber.is_mail:
        return "Bounced"
    return subscriber.get_state_display()


def followed_words(subscriber: Subscriber) -> str:
    """Return what is followed, from scopes that were fetched with the list."""
    scopes = subscriber.scopes.all()
    names = [_scope_words(scope) for scope in scopes]
    left_out = subscriber.preferences.in_words()
    followed = ", ".join(names) or (
        "follows nothing yet" if subscriber.state == SubscriberState.PENDING else "follows nothing"
    )
    return f"{followed} ({left_out})" if left_out else followed


def _scope_words(scope: Scope) -> str:
    if scope.component is not None:
        return scope.component.full_name
    return f"“{scope.incident.title}”" if scope.incident is not None else "everything"
