from datetime import timedelta

import pytest

from incidents.timeline.models import Page
from tests.build import NOON, make_incident, make_maintenance, make_page, minutes
from tests.publishing.api.reading import document

pytestmark = pytest.mark.django_db


def planned(page: Page) -> None:
    make_maintenance(page, title="Ahead")
    running = make_maintenance(page, title="Running", starts_at=NOON, at=NOON - minutes(60))
    running.start(by="test", at=NOON)
    checked = make_maintenance(page, title="Being checked", starts_at=NOON, at=NOON - minutes(70))
    checked.start(by="test", at=NOON)
    checked.post_update(body="Looking.", by="test", at=NOON, phase=page.phase("verifying", maintenance=True))
    done = make_maintenance(page, title="Done", starts_at=NOON, at=NOON - minutes(80))
    done.start(by="test", at=NOON)
    done.finish(by="test", at=NOON + minutes(5))
    make_incident(page, title="No maintenance")


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("api_maintenances", ["Ahead", "Running", "Being checked", "Done"]),
        ("api_upcoming", ["Ahead"]),
        ("api_active", ["Running", "Being checked"]),
    ],
)
def test_each_list_has_its_maintenances_newest_first(name: str, titles: list[str]) -> None:
    page = make_page()
    planned(page)
    told = document(page, name)
    assert list(told) == ["page", "scheduled_maintenances"]
    assert [one["name"] for one in told["scheduled_maintenances"]] == titles


def test_the_list_ends_after_fifty() -> None:
    page = make_page()
    for number in range(51):
        make_maintenance(page, at=NOON - timedelta(hours=number), title=f"Window {number}")
    names = [one["name"] for one in document(page, "api_maintenances")["scheduled_maintenances"]]
    assert names == [f"Window {number}" for number in range(50)]
