"""Calendar months by day: which incidents touched each."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db.models import Q

from incidents.publishing.documents.cards import extent, is_coming
from incidents.publishing.facts.documents import NothingThere, page_of_history
from incidents.publishing.facts.incidents import told
from incidents.publishing.facts.page import page_facts
from incidents.publishing.facts.rows import Rows
from incidents.publishing.months import MONTHS_PER_PAGE, earlier, first_of
from incidents.publishing.shapes import CalendarFacts, IncidentFacts, PageFacts
from incidents.timeline.uptime import start_of_day


def calendar_months(rows: Rows, number: int, *, seen_at: datetime) -> CalendarFacts:
    """Return three calendar months, numbered as the pages of history. Raises NothingThere beyond the oldest."""
    page = rows.page
    oldest = oldest_calendar_page(rows, seen_at=seen_at)
    if number > oldest:
        raise NothingThere(str(number))
    facts = page_facts(page, seen_at=seen_at)
    newest = earlier(first_of(page.today(at=seen_at)), (number - 1) * MONTHS_PER_PAGE)
    firsts = tuple(earlier(newest, back) for back in range(MONTHS_PER_PAGE))
    since, until = start_of_day(firsts[-1], page.zone), start_of_day(earlier(newest, -1), page.zone)
    within = Q(resolved_at__gte=since, impact_started_at__lt=until) | rows.is_open & Q(impact_started_at__lt=until)
    stories = [one for one in told(rows.public.filter(within), rows) if not is_coming(one)]
    return CalendarFacts(
        page=facts,
        number=number,
        months=firsts,
        days=_by_day(stories, facts),
        has_older=number < oldest,
    )


def oldest_calendar_page(rows: Rows, *, seen_at: datetime) -> int:
    """Return the number of the page with the day on which the oldest incident began, at least 1."""
    began = rows.public.order_by("impact_started_at").values_list("impact_started_at", flat=True).first()
    return page_of_history(rows.page, began, seen_at=seen_at) if began else 1


def _by_day(stories: list[IncidentFacts], page: PageFacts) -> dict[date, tuple[IncidentFacts, ...]]:
    days: dict[date, list[IncidentFacts]] = defaultdict(list)
    for story in stories:
        start, end = extent(story)
        first, last = page.day_of(start), page.day_of(min(end or page.seen_at, page.seen_at))
        for offset in range((last - first).days + 1):
            days[first + timedelta(days=offset)].append(story)
    return {on: tuple(told) for on, told in days.items()}
