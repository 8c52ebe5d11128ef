"""Reading the documents of the public API as a program would."""

import json
from typing import Any

from incidents.publishing.readings import Readings
from incidents.timeline.models import Page
from tests.build import NOON
from tests.publishing.making import family_named

PAGE = ["id", "name", "url", "time_zone", "updated_at"]
COMPONENT = [
    *("id", "name", "status", "created_at", "updated_at", "position", "description", "showcase"),
    *("start_date", "group_id", "page_id", "group", "only_show_if_degraded"),
]
INCIDENT = [
    *("id", "name", "status", "created_at", "updated_at", "monitoring_at", "resolved_at", "impact"),
    *("shortlink", "started_at", "page_id", "incident_updates", "components"),
]
UPDATE = [
    *("id", "status", "body", "incident_id", "created_at", "updated_at", "display_at"),
    *("affected_components", "deliver_notifications", "custom_tweet", "tweet_id"),
]


def document(page: Page, name: str, *subject: str) -> Any:
    """Return a document of the API, by the name of its family."""
    page.refresh_from_db()
    return json.loads(family_named(name).make(Readings(page, seen_at=NOON), subject))
