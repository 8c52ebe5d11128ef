"""A preview that was shown once keeps its picture: chats remember addresses, not pages."""

from pathlib import Path
from typing import Any

import pytest

from incidents.publishing.models import Document
from incidents.publishing.publisher import publish_events, publish_everything
from incidents.timeline.models import Page
from tests.build import NOON, make_component, make_incident, make_page, minutes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def pictures(page: Page) -> set[str]:
    standing = Document.objects.filter(page=page, path__startswith="/og/", is_gone=False)
    return set(standing.values_list("path", flat=True))


def test_u03_old_pictures_stay_after_updates_and_after_everything_was_made_anew() -> None:
    page = make_page()
    incident = make_incident(page, components={make_component(page): "major_outage"})
    list(publish_everything(page.pk, at=NOON + minutes(1)))
    first = pictures(page)
    assert len(first) == 3
    incident.resolve(body="Over.", by="test", at=NOON + minutes(5))
    publish_events(page.pk, at=NOON + minutes(6))
    second = pictures(page)
    assert first < second
    assert len(second) == 5
    list(publish_everything(page.pk, at=NOON + minutes(9)))
    assert second <= pictures(page)
