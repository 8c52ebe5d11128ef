"""C04: the number in the strip is the number of rows that are written after Publish."""

import random

import pytest
from django.db.models import Count
from django.test import Client

from incidents.console.audience import audience
from incidents.lib.clock import now
from incidents.notifications.fanout import fan_out
from incidents.notifications.models import Delivery
from incidents.subscriptions.choices import ChannelKind, SeverityFloor
from incidents.subscriptions.models import MutedIncident, Scope, Subscriber
from incidents.subscriptions.wishes import Wish
from incidents.timeline.models import Component, Incident, Page
from incidents.timeline.states import ComponentStatus
from tests.build import make_component, make_incident, make_subscriber, minutes
from tests.console.filling import fields_in

pytestmark = pytest.mark.both_databases

STATES = [*ComponentStatus.values, "", ""]


def a_crowd(page: Page, components: list[Component], incident: Incident, chance: random.Random) -> None:
    """Let twelve people follow this and that, by mail and otherwise, some with a floor, a pause or a mute."""
    for number in range(12):
        wish = chance.choice([Wish(), Wish(components=tuple(chance.sample(components, 2))), Wish(incident=incident)])
        person = make_subscriber(page, email=f"reader{number}@example.com", wish=wish)
        Subscriber.objects.filter(pk=person.pk).update(
            channel=chance.choice([ChannelKind.EMAIL, ChannelKind.EMAIL, ChannelKind.WEBHOOK]),
            severity_floor=chance.choice(SeverityFloor.values),
            wants_incidents=chance.random() < 0.9,
            paused_until=now() + minutes(60) if chance.random() < 0.1 else None,
        )
        if chance.random() < 0.1:
            MutedIncident.objects.create(subscriber=person, incident=incident, created_at=now())


def shown(client: Client, address: str, form: dict[str, str]) -> dict[str, int]:
    """Return the numbers the strip shows for what is in the form."""
    answer = client.post(f"{address}/updates/audience", form)
    return {str(kind): number for kind, number in answer.context["audience"].numbers.items()}


def publish(client: Client, address: str, form: dict[str, str]) -> None:
    """Publish what is in the form, and confirm the numbers where they are asked about."""
    answer = client.post(f"{address}/updates", form)
    if "X-Sheet" in answer:
        answer = client.post(f"{address}/updates", fields_in(answer, action=f"{address}/updates"))
    assert answer.status_code == 303


@pytest.mark.parametrize("seed", range(30))
def test_c04_the_number_shown_is_the_number_of_rows_written(ada: Client, page: Page, seed: int) -> None:
    chance = random.Random(seed)
    components = [make_component(page, name=f"Part {number}") for number in range(4)]
    first = {one: chance.choice(STATES[1:5]) for one in chance.sample(components, 2)}
    incident = make_incident(page, at=now() - minutes(20), components=first)
    a_crowd(page, components, incident, chance)
    address = f"/console/incidents/{incident.code}"
    form = fields_in(ada.get(address), action=f"{address}/updates")
    for one in chance.sample(components, chance.randint(0, 3)):
        form[f"state_{one.code}"] = chance.choice(STATES)
    form = {name: value for name, value in form.items() if value is not None} | {"body": "More."}
    before = shown(ada, address, form)
    publish(ada, address, form)
    event = page.events.exclude(update=None).order_by("-seq")[0]
    assert fan_out(event_id=event.pk) == sum(before.values())
    rows = Delivery.objects.filter(incident=incident, component="").values("channel").annotate(number=Count("pk"))
    assert dict(rows.values_list("channel", "number")) == before


def test_whom_it_reaches_is_told_by_what_they_follow(ada: Client, page: Page, api: Component) -> None:
    incident = make_incident(page, at=now() - minutes(20), components={api: "major_outage"})
    make_subscriber(page, email="all@example.com")
    make_subscriber(page, email="part@example.com", wish=Wish(components=(api,)))
    make_subscriber(page, email="one@example.com", wish=Wish(incident=incident))
    told = audience(page, components=[api], incident=incident, by_reason=True)
    assert told.reasons is not None
    assert [(one.name, one.number) for one in told.reasons] == [
        ("The whole page", 1),
        ("API", 1),
        ("Only this incident", 1),
    ]
    assert told.total == sum(one.number for one in told.reasons) == Scope.objects.count()


def test_without_script_a_button_shows_who(ada: Client, page: Page, api: Component) -> None:
    make_subscriber(page)
    incident = make_incident(page, at=now() - minutes(20), components={api: "major_outage"})
    address = f"/console/incidents/{incident.code}"
    form = fields_in(ada.get(address), action=f"{address}/updates")
    answer = ada.post(f"{address}/updates/audience", {**form, "body": "Half a sente"}).content.decode()
    assert "The whole page" in answer
    assert "Half a sente" in answer


def test_the_report_says_whom_it_reaches(ada: Client, page: Page, api: Component) -> None:
    make_subscriber(page, wish=Wish(components=(api,)))
    form = fields_in(ada.get("/console/incidents/new"), action="/console/incidents")
    nobody = ada.post("/console/incidents/audience", form)
    assert nobody.context["audience"].words == "0 email"
    somebody = ada.post("/console/incidents/audience", {**form, f"state_{api.code}": "major_outage"})
    assert somebody.context["audience"].words == "1 email"


def test_the_count_follows_the_worse_state_the_update_brings(ada: Client, page: Page, api: Component) -> None:
    person = make_subscriber(page)
    Subscriber.objects.filter(pk=person.pk).update(severity_floor=SeverityFloor.CRITICAL)
    incident = make_incident(page, at=now() - minutes(20), components={api: "degraded_performance"})
    address = f"/console/incidents/{incident.code}"
    form = fields_in(ada.get(address), action=f"{address}/updates")
    assert shown(ada, address, form) == {}
    assert shown(ada, address, {**form, f"state_{api.code}": "major_outage"}) == {"email": 1}
    publish(ada, address, {**form, "body": "Worse.", f"state_{api.code}": "major_outage"})
    assert fan_out(event_id=page.events.order_by("-seq")[0].pk) == 1
