"""Events about people and tokens: kept on a page, also where they count on every page."""

from datetime import datetime
from typing import Any

from django.db import models

from incidents.timeline.models import Event, Page
from incidents.timeline.models.event import Actor


def record(
    *, page: Page | None, kind: str, by: Actor, at: datetime, subject: models.Model, payload: dict[str, Any]
) -> None:
    """Write an event inside the caller's transaction; what counts everywhere stands in every page's history.

    `kind` is `noun.past_verb`. Where there is no page yet there is no history either.
    """
    pages = [page] if page is not None else list(Page.objects.order_by("pk"))
    for one in pages:
        Event.record(page=one, kind=kind, by=by, at=at, subject=subject, payload=payload)
