"""Building the demonstration page through the timeline's verbs, as if staff had been there all along."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction

from incidents.exchange.demo import nylas, present
from incidents.exchange.demo.components import API, HEADINGS, Heading, Part
from incidents.exchange.demo.errors import write_guide
from incidents.exchange.demo.past import BLIPS, INCIDENTS, OPERATIONAL, Blip, Past
from incidents.timeline.models import (
    ActionItem,
    ActionState,
    Component,
    ComponentGroup,
    Incident,
    Page,
    Postmortem,
)
from incidents.timeline.restoring import restore_incident

ACTOR = "demo"
PAGE_NAME = "Demo"
OPENED_AT = nylas.moment(1, "09:00") - timedelta(days=90)


class PageExists(Exception):
    """The install has a page already, and a demonstration must not mix with it unasked."""


def build_demo(*, at: datetime, add: bool = False, host: str = "") -> Page:
    """Make the demonstration page as it looks at `at` and return it; nobody is notified.

    Everything or nothing is made. Without `add`, raises PageExists where there is a page.
    """
    with transaction.atomic():
        existing = Page.objects.first()
        if existing is not None and not add:
            raise PageExists(
                f"There is a page already, “{existing.name}”. Say --add to put the demonstration beside it."
            )
        page = Page.create(
            name=PAGE_NAME, time_zone=nylas.ZONE, host=host, by=ACTOR, at=OPENED_AT, created_at=OPENED_AT
        )
        page.edit(publishes_detection=True, by=ACTOR, at=OPENED_AT)
        components = _add_components(page, at=at)
        _tell_nylas(page, components[API])
        _tell_past(page, components, at=at)
        present.tell_present(page, components, by=ACTOR, at=at)
        write_guide(page, by=ACTOR, at=at)
    return page


def _add_components(page: Page, *, at: datetime) -> dict[str, Component]:
    made = {}
    for heading in HEADINGS:
        group = _add_group(page, heading)
        for part in heading.parts:
            made[part.name] = _add_component(page, group, part, at=at)
    return made


def _add_group(page: Page, heading: Heading) -> ComponentGroup:
    group = ComponentGroup.add(page=page, name=heading.name, description=heading.description, by=ACTOR, at=OPENED_AT)
    return group.edit(always_open=heading.always_open, by=ACTOR, at=OPENED_AT)


def _add_component(page: Page, group: ComponentGroup, part: Part, *, at: datetime) -> Component:
    return Component.add(
        page=page,
        group=group,
        name=part.name,
        description=part.description,
        by=ACTOR,
        at=OPENED_AT if part.days_old is None else at - timedelta(days=part.days_old),
    )


def _tell_nylas(page: Page, component: Component) -> None:
    incident, _ = restore_incident(nylas.incident(component.code), page=page, by=ACTOR, at=nylas.REPORTED_AT)
    incident.edit(impact_ended_at=nylas.ENDED_AT, by=ACTOR, at=nylas.REPORTED_AT)
    component.correct_history(
        starts_at=nylas.BEGAN_AT,
        ends_at=nylas.moment(4, "20:21"),
        status=nylas.PARTIAL,
        reason="The applications were frozen before customers told us.",
        by=ACTOR,
        at=nylas.REPORTED_AT,
    )
    postmortem = Postmortem.objects.get(incident=incident)
    for promise in nylas.PROMISES:
        action = ActionItem.add(postmortem=postmortem, text=promise, by=ACTOR, at=nylas.REPORTED_AT)
        action.move_to(ActionState.DONE, by=ACTOR, at=nylas.REPORTED_AT)


@dataclass(frozen=True)
class _Storyteller:
    page: Page
    components: Mapping[str, Component]
    at: datetime

    def tell(self, past: Past) -> None:
        """Open, update and resolve an incident, each step at its own time."""
        began = self._moment(past.days_ago, past.clock)
        first, *rest = past.said
        incident = Incident.open(
            page=self.page,
            title=past.title,
            body=first.body,
            phase=self.page.phase(first.phase),
            components=self._states(first.states),
            impact_started_at=began,
            detected_by=past.detected_by,
            notify=False,
            backfilled=True,
            by=ACTOR,
            at=began + timedelta(minutes=first.minutes),
        )
        for said in rest:
            incident.post_update(
                body=said.body,
                phase=self.page.phase(said.phase),
                components=self._states(said.states),
                notify=False,
                by=ACTOR,
                at=began + timedelta(minutes=said.minutes),
            )

    def flicker(self, blip: Blip) -> None:
        """Put a component into a state for some minutes."""
        began = self._moment(blip.days_ago, blip.clock)
        component = self.components[blip.component]
        component.set_status(blip.status, by=ACTOR, at=began)
        component.set_status(OPERATIONAL, by=ACTOR, at=began + timedelta(minutes=blip.minutes))

    def _moment(self, days_ago: int, clock: str) -> datetime:
        day = self.page.today(at=self.at) - timedelta(days=days_ago)
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=self.page.zone)

    def _states(self, states: tuple[tuple[str, str], ...]) -> dict[Component, str]:
        return {self.components[name]: status for name, status in states}


def _tell_past(page: Page, components: Mapping[str, Component], *, at: datetime) -> None:
    teller = _Storyteller(page, components, at)
    # In the order of time, so that event numbers and stamps agree.
    happenings: list[Past | Blip] = [*INCIDENTS, *BLIPS]
    for happening in sorted(happenings, key=lambda each: -each.days_ago):
        if isinstance(happening, Blip):
            teller.flicker(happening)
        else:
            teller.tell(happening)
