"""Web hooks: payloads with the fields of Statuspage's captures, signed as Standard Webhooks asks for."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from incidents.lib.clock import now
from incidents.lib.signing import rotated
from incidents.notifications.channels.webhook import SIZE_LIMIT, fitting
from incidents.notifications.models import Delivery
from incidents.notifications.posting import post_due
from incidents.timeline.models import Page
from tests.build import make_component, make_group, make_maintenance, make_page
from tests.notifications.channels.building import freeze, make_endpoint, make_news
from tests.servers.hooks import HookServer, Reply

pytestmark = pytest.mark.django_db(transaction=True)

CAPTURES = Path(__file__).resolve().parents[4] / "shared" / "data" / "webhooks"
COMPONENT_KEYS = [
    "status",
    "name",
    "created_at",
    "updated_at",
    "position",
    "description",
    "showcase",
    "id",
    "page_id",
    "group_id",
]
UPDATE_KEYS = [
    "status",
    "body",
    "created_at",
    "wants_twitter_update",
    "twitter_updated_at",
    "updated_at",
    "display_at",
    "affected_components",
    "custom_tweet",
    "deliver_notifications",
    "id",
    "incident_id",
]


def told(hooks: HookServer) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in hooks.taken]


def keys_of(value: Any) -> Any:
    """Return the keys of a document in their order, all the way down; of a list those of its first item."""
    if isinstance(value, dict):
        return [(key, keys_of(one)) for key, one in value.items()]
    if isinstance(value, list):
        return [keys_of(value[0])] if value else []
    return None


def capture(name: str) -> Any:
    path = CAPTURES / name
    if not path.exists():
        pytest.skip(f"the captured payload {name} is not beside this checkout")
    return json.loads(path.read_text())


def post_incident(hooks: HookServer, page: Page) -> dict[str, Any]:
    component = make_component(page, group=make_group(page))
    make_endpoint(page, f"{hooks.url}/a")
    make_news(page, components={component: "operational"})
    post_due()
    return told(hooks)[0]


def test_an_incident_has_the_fields_of_the_capture_in_its_order(hooks: HookServer) -> None:
    page = make_page()
    document = post_incident(hooks, page)
    assert keys_of(document) == keys_of(capture("zulip-2017-incident_created.json"))


def test_a_component_update_has_the_fields_of_the_capture_in_its_order(hooks: HookServer) -> None:
    page = make_page()
    component = make_component(page)
    make_endpoint(page, f"{hooks.url}/a")
    freeze(page)
    component.set_status("under_maintenance", by="test", at=now())
    freeze(page)
    post_due()
    assert keys_of(told(hooks)[0]) == keys_of(capture("zulip-2017-component_status_update.json"))


def test_an_incident_says_what_happened(hooks: HookServer) -> None:
    page = make_page()
    document = post_incident(hooks, page)
    incident = document["incident"]
    assert document["page"] == {
        "id": page.code,
        "status_indicator": "none",
        "status_description": "All Systems Operational",
    }
    assert (incident["name"], incident["status"], incident["impact"]) == (
        "Elevated error rates on the API",
        "investigating",
        "none",
    )
    (update,) = incident["incident_updates"]
    assert list(update) == UPDATE_KEYS
    assert update["body"] == "Some requests fail. We are looking for the cause."
    (change,) = update["affected_components"]
    assert change["name"] == "Core platform - API"
    assert list(incident["components"][0]) == COMPONENT_KEYS
    assert incident["shortlink"].endswith(f"/incidents/{incident['id']}")
    assert incident["created_at"].endswith("Z")


def test_updates_come_newest_first_and_an_older_payload_says_what_it_said(hooks: HookServer) -> None:
    page = make_page()
    make_endpoint(page, hooks.answer("/a", Reply()))
    incident = make_news(page, at=now() - timedelta(minutes=5))
    post_due()
    incident.post_update(body="Mended.", phase=page.phase("resolved"), by="test", at=now())
    freeze(page)
    post_due()
    newest = told(hooks)[1]["incident"]
    assert newest["status"] == "resolved"
    assert [one["body"][:6] for one in newest["incident_updates"]] == ["Mended", "Some r"]
    assert newest["resolved_at"] is not None
    Delivery.objects.filter(seq=min(Delivery.objects.values_list("seq", flat=True))).update(
        state="queued", next_try_at=Now()
    )
    post_due()
    again = told(hooks)[2]["incident"]
    assert (again["status"], again["resolved_at"], len(again["incident_updates"])) == ("investigating", None, 1)


def test_a_maintenance_says_its_window(hooks: HookServer) -> None:
    page = make_page()
    make_endpoint(page, f"{hooks.url}/a")
    maintenance = make_maintenance(page, at=now(), auto_start=True)
    freeze(page)
    post_due()
    incident = told(hooks)[0]["incident"]
    assert incident["status"] == "scheduled"
    assert incident["scheduled_for"].startswith(f"{maintenance.scheduled_for:%Y-%m-%dT%H:%M}")
    assert (incident["scheduled_auto_in_progress"], incident["scheduled_auto_completed"]) == (True, False)


def test_requests_verify_with_the_standard_package(hooks: HookServer) -> None:
    page = make_page()
    subscriber = make_endpoint(page, f"{hooks.url}/a")
    make_news(page)
    post_due()
    (taken,) = hooks.taken
    assert Webhook(subscriber.signing_secret).verify(taken.body, dict(taken.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(subscriber.signing_secret).verify(taken.body + b" ", dict(taken.headers))


def test_while_the_secret_changes_both_verify(hooks: HookServer) -> None:
    page = make_page()
    subscriber = make_endpoint(page, f"{hooks.url}/a")
    old = subscriber.signing_secret
    subscriber.signing_secret = rotated(old)
    subscriber.save()
    make_news(page)
    post_due()
    (taken,) = hooks.taken
    for secret in (old, *subscriber.signing_secret.split()):
        assert Webhook(secret).verify(taken.body, dict(taken.headers))


def test_a_later_try_has_the_same_identity_and_a_stamp_of_its_own(hooks: HookServer) -> None:
    page = make_page()
    subscriber = make_endpoint(page, hooks.answer("/a", Reply(500), Reply()))
    make_news(page)
    for _ in range(2):
        Delivery.objects.update(next_try_at=Now())
        post_due()
    first, second = hooks.taken
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert "." not in first.headers["webhook-id"]
    assert Webhook(subscriber.signing_secret).verify(second.body, dict(second.headers))


def test_the_link_to_leave_works(hooks: HookServer, client: Any) -> None:
    page = make_page()
    subscriber = make_endpoint(page, f"{hooks.url}/a")
    make_news(page)
    post_due()
    link = told(hooks)[0]["meta"]["unsubscribe"]
    path = "/" + link.split("/", 3)[3]
    assert client.get(path).status_code == 200
    assert client.post(path, {"confirm": "all"}).status_code in {200, 302, 303}
    subscriber.refresh_from_db()
    assert subscriber.state == "left"


def test_a_payload_stays_under_twenty_kilobytes(hooks: HookServer) -> None:
    page = make_page()
    make_endpoint(page, f"{hooks.url}/a")
    states = {make_component(page, name=f"Component {number} é"): "major_outage" for number in range(60)}
    incident = make_news(page, at=now() - timedelta(hours=1), components=states, body="Ä" * 9_000)
    for number in range(30):
        incident.post_update(body=f"{number} " + "ü" * 5_000, by="test", at=now() - timedelta(minutes=50 - number))
    incident.post_update(body="\n" * 3 + '"' * 9_999 + "end", by="test", at=now())
    freeze(page)
    post_due()
    assert max(len(one.body) for one in hooks.taken) <= SIZE_LIMIT
    newest = [one for one in told(hooks) if "incident" in one][-1]["incident"]
    assert newest["incident_updates"][0]["body"].startswith('"')
    assert "shortened" in newest["incident_updates"][0]["body"]


def test_a_short_payload_is_left_alone() -> None:
    document = {"incident": {"incident_updates": [{"body": "x"}], "components": []}}
    assert json.loads(fitting(document)) == document
