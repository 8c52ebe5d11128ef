"""Component payloads: webhooks alone hear of each change of state, and of nothing else."""

import json
from typing import Any

import pytest

from incidents.lib.clock import now
from incidents.notifications.models import Delivery, DeliveryState
from incidents.notifications.posting import post_due
from incidents.subscriptions.models import Scope
from tests.build import make_component, make_incident, make_page, make_subscriber
from tests.notifications.channels.building import freeze, make_endpoint, make_news, states
from tests.servers.hooks import HookServer, Reply

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def payloads(hooks: HookServer) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in hooks.taken]


def test_a_change_outside_any_incident_is_told_to_webhooks_alone(hooks: HookServer) -> None:
    page = make_page()
    component = make_component(page)
    make_subscriber(page)
    make_endpoint(page, f"{hooks.url}/slack", channel="slack")
    make_endpoint(page, f"{hooks.url}/a")
    freeze(page)
    component.set_status("degraded_performance", by="test", at=now())
    freeze(page)
    post_due()
    (told,) = payloads(hooks)
    assert told["component"]["status"] == "degraded_performance"
    update = told["component_update"]
    assert (update["old_status"], update["new_status"]) == ("operational", "degraded_performance")
    assert update["component_id"] == told["component"]["id"] == component.code


def test_an_update_that_moves_components_gives_a_payload_each_after_its_own(hooks: HookServer) -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    make_endpoint(page, f"{hooks.url}/a")
    make_news(page, components={api: "major_outage", web: "operational"})
    post_due()
    incident, component = payloads(hooks)
    assert incident["incident"]["components"][0]["name"] == "API"
    assert (component["component"]["name"], component["component_update"]["new_status"]) == ("API", "major_outage")
    assert hooks.taken[0].headers["webhook-id"] != hooks.taken[1].headers["webhook-id"]


def test_who_follows_another_component_hears_nothing(hooks: HookServer) -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    subscriber = make_endpoint(page, f"{hooks.url}/a")
    Scope.objects.filter(subscriber=subscriber).update(component=web)
    api.set_status("partial_outage", by="test", at=now())
    web.set_status("partial_outage", by="test", at=now())
    freeze(page)
    post_due()
    assert [told["component"]["name"] for told in payloads(hooks)] == ["Web"]


def test_a_silent_update_and_a_hidden_component_are_told_to_nobody(hooks: HookServer) -> None:
    page = make_page()
    api = make_component(page)
    hidden = make_component(page, name="Inner", visibility="staff")
    make_endpoint(page, f"{hooks.url}/a")
    make_incident(page, at=now(), components={api: "major_outage"}, notify=False)
    hidden.set_status("major_outage", by="test", at=now())
    freeze(page)
    assert states(page) == []


def test_an_older_state_is_never_told_after_a_newer_one(hooks: HookServer) -> None:
    page = make_page()
    component = make_component(page)
    make_endpoint(page, hooks.answer("/a", Reply(500), Reply(200)))
    component.set_status("major_outage", by="test", at=now())
    freeze(page)
    post_due()
    component.set_status("operational", by="test", at=now())
    freeze(page)
    Delivery.objects.update(next_try_at=now())
    post_due()
    assert [told["component_update"]["new_status"] for told in payloads(hooks)] == ["major_outage", "operational"]
    assert states(page) == [DeliveryState.SUPERSEDED, DeliveryState.SENT]
