"""How incidents of a year were handled."""

from datetime import datetime

from incidents.publishing.facts.documents import NothingThere
from incidents.publishing.facts.page import page_facts
from incidents.publishing.shapes import ScorecardFacts
from incidents.timeline.measuring import stories_of
from incidents.timeline.models import Component, Page
from incidents.timeline.scorecard import scorecard


def scorecard_facts(page: Page, *, seen_at: datetime) -> ScorecardFacts:
    """Return the figures that `page` tells readers. Raises NothingThere where it does not tell them."""
    if not page.publishes_scorecard:
        raise NothingThere("scorecard")
    return ScorecardFacts(
        page=page_facts(page, seen_at=seen_at),
        figures=scorecard(stories_of(page, at=seen_at), zone=page.zone, at=seen_at),
        names=tuple(Component.objects.on(page).public().values_list("code", "name")),
        tells_detection=page.publishes_detection,
    )
