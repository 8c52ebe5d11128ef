"""The first page."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from incidents.lib import stamps
from incidents.publishing import paths, prose
from incidents.publishing.documents import cards
from incidents.publishing.documents.frame import Head, rendered
from incidents.publishing.documents.groups import finder_over, groups_on_first_page
from incidents.publishing.documents.headline import favicon, headline
from incidents.publishing.documents.parts import stamp_of
from incidents.publishing.documents.pictures import picture_of_page
from incidents.publishing.quiet import Stretch, stretches
from incidents.publishing.sentence import Sentence
from incidents.publishing.shapes import IncidentFacts, IndexFacts
from incidents.publishing.wording import in_page_language
from incidents.timeline.states import SEVERITY

ACTIVE_SHOWN = 5
SCHEDULED_SHOWN = 3
SCHEDULED_AHEAD = timedelta(days=14)
QUICK_AFTER_CHANGE = timedelta(hours=1)
_ALWAYS = 2**33


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the past with its incidents, or quiet days in one line."""

    heading: str
    quiet: str
    cards: tuple[cards.Card, ...]


@in_page_language
def index(facts: IndexFacts, *, is_fragment: bool = False) -> bytes:
    """Return the first page as HTML; a fragment is what lies between head and foot (see frame.py)."""
    sentence = headline(facts)
    head = _head(facts, sentence)
    return rendered("index.html", facts.page, head, is_fragment=is_fragment, sentence=sentence, main=_main(facts))


@lru_cache(maxsize=1)
def _main(facts: IndexFacts) -> SafeString:
    """Return what lies between head and foot. Kept from the page to its fragment."""
    page = facts.page
    active = sorted(facts.active, key=_most_urgent)
    ahead = [one for one in facts.scheduled if _is_near(one, facts)]
    context = {
        "page": page,
        "sentence": headline(facts),
        "updated": stamp_of(page.changed_at, page),
        "seen": stamp_of(page.seen_at, page),
        "checked": _checked(facts),
        "quick_until": _quick_until(facts),
        "active": [cards.active_card(one, page) for one in active[:ACTIVE_SHOWN]],
        "active_count": len(active),
        "active_more": max(0, len(active) - ACTIVE_SHOWN),
        "running": [cards.maintenance_card(one, page) for one in facts.running],
        "groups": list(groups_on_first_page(facts.groups)),
        "finder": finder_over(facts.groups),
        "has_strips": any(one.showcase and one.days for group in facts.groups for one in group.components),
        "scheduled": [cards.maintenance_card(one, page) for one in ahead[:SCHEDULED_SHOWN]],
        "scheduled_more": max(0, len(facts.scheduled) - min(len(ahead), SCHEDULED_SHOWN)),
        "days": _days(facts),
        "nothing_ever": _nothing_ever(facts),
    }
    return render_to_string("public/_index.html", context)


def _head(facts: IndexFacts, sentence: Sentence) -> Head:
    said = prose.summary(cards.latest_html(facts.active[0]), limit=180) if facts.active else ""
    return Head(
        title=gettext("{title} · {page} status").format(title=sentence.title, page=facts.page.name),
        path=paths.index(),
        heading=gettext("{page}: {sentence}").format(page=facts.page.name, sentence=sentence.text),
        description=said or gettext("Current state and incident history of {page}.").format(page=facts.page.name),
        favicon=favicon(sentence),
        current="index",
        picture=paths.picture(picture_of_page(facts).digest),
        live=paths.live_index(),
        has_twins=True,
    )


def _quick_until(facts: IndexFacts) -> int:
    """Return until when (Unix time) an open page asks twice a minute: an hour after the last change, or always."""
    if facts.active or facts.running:
        return _ALWAYS
    return int((facts.page.changed_at + QUICK_AFTER_CHANGE).timestamp())


def _most_urgent(incident: IncidentFacts) -> tuple[int, float]:
    newest = max((update.posted_at for update in incident.updates), default=incident.updated_at)
    return -SEVERITY[incident.current], -newest.timestamp()


def _is_near(incident: IncidentFacts, facts: IndexFacts) -> bool:
    starts_at = incident.scheduled_for
    return starts_at is not None and starts_at <= facts.page.seen_at + SCHEDULED_AHEAD


def _checked(facts: IndexFacts) -> str:
    """Return "no incidents for 12 days" in the quiet state, "" otherwise or without a past."""
    ended = facts.last_incident_at
    if facts.active or ended is None or facts.page.seen_at - ended < timedelta(days=1):
        return ""
    quiet = (facts.page.seen_at - ended).days
    return ngettext("no incidents for {count} day", "no incidents for {count} days", quiet).format(count=quiet)


def _days(facts: IndexFacts) -> list[Day]:
    page = facts.page
    today = page.seen_at.astimezone(page.zone).date()
    runs = stretches(
        facts.past,
        facts.active,
        zone=page.zone,
        today=today,
        since=page.live_since.astimezone(page.zone).date(),
    )
    return [
        Day(
            heading=stamps.day(run.last) if run.length == 1 else stamps.days(run.first, run.last),
            quiet="" if run.incidents else _quiet(run, today_included=run.last == today),
            cards=tuple(cards.past_card(one, page) for one in run.incidents),
        )
        for run in runs
    ]


def _quiet(run: Stretch, *, today_included: bool) -> str:
    if not today_included:
        if run.length == 1:
            return gettext("No incidents reported.")
        pattern = ngettext(
            "No incidents reported on this day.", "No incidents reported on these {count} days.", run.length
        )
        return pattern.format(count=run.length)
    earlier = run.length - 1
    if not earlier:
        return gettext("No incidents reported today.")
    pattern = ngettext(
        "No incidents reported today. None on the day before.",
        "No incidents reported today. None on the {count} days before.",
        earlier,
    )
    return pattern.format(count=earlier)


def _nothing_ever(facts: IndexFacts) -> str:
    if facts.last_incident_at or facts.active or facts.past:
        return ""
    since = facts.page.live_since.astimezone(facts.page.zone).date()
    return gettext("No incidents reported since {day}.").format(day=stamps.day(since))
