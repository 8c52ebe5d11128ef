"""Two real pages come in whole, and a second time changes nothing."""

import json
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from incidents.exchange.statuspage.session import ExitCode
from incidents.models import (
    Affected,
    Component,
    ComponentChange,
    ComponentGroup,
    Delivery,
    Event,
    Incident,
    Page,
    StatusChange,
    Update,
)
from tests.exchange.running import all_rows, take

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def told_twice(source: Path) -> None:
    """Import the source again and compare every row."""
    before = all_rows()
    code, text = take(source)
    assert code == ExitCode.EVERYTHING_TAKEN
    assert "nothing new to take" in text
    assert all_rows() == before


def moments_equal(row: Any, source: dict[str, Any], **names: str) -> bool:
    return all(
        getattr(row, name) == (datetime.fromisoformat(source[theirs]) if source[theirs] else None)
        for name, theirs in names.items()
    )


def test_all_1028_incidents_of_github_come_in_with_codes_and_times(github: Path) -> None:
    code, text = take(github)
    assert code == ExitCode.EVERYTHING_TAKEN
    assert "Took 1,040 records. Nobody was notified." in text
    assert Incident.objects.count() == 1028
    assert Update.objects.count() == 1527
    assert Component.objects.count() == 12
    assert ComponentChange.objects.values("update").distinct().count() == 907
    assert Page.objects.get().time_zone == "Etc/UTC"
    assert not Event.objects.filter(notify=True).exists()
    assert Event.objects.filter(kind="incident.imported").count() == 1028
    gone = Component.objects.exclude(archived_at=None)
    assert sorted(gone.values_list("name", flat=True)) == ["Gists", "Notifications"]
    assert Affected.objects.filter(component__in=gone).count() == 29
    for component in Component.objects.all():
        latest = component.status_changes.order_by("-at", "-pk").first()
        assert latest is None or latest.new == component.status == "operational"
    rows = {incident.code: incident for incident in Incident.objects.select_related("phase")}
    updates = {update.code: update for update in Update.objects.select_related("phase")}
    for file in github.glob("*.json"):
        source = json.loads(file.read_text())["incident"]
        row = rows[source["id"]]
        assert (row.title, row.impact, row.phase.slug) == (source["name"], source["impact"], source["status"])
        assert moments_equal(
            row,
            source,
            created_at="created_at",
            updated_at="updated_at",
            impact_started_at="started_at",
            monitoring_at="monitoring_at",
            resolved_at="resolved_at",
        )
        for said in source["incident_updates"]:
            update = updates[said["id"]]
            assert (update.phase.slug, update.notify) == (said["status"], said["deliver_notifications"])
            assert update.body == said["body"].replace("\r\n", "\n").strip()
            assert moments_equal(update, said, posted_at="display_at", created_at="created_at", updated_at="updated_at")
    told_twice(github)


def test_nobody_hears_of_an_import_and_each_record_has_one_event(discord: Path) -> None:
    take(discord)
    assert not Delivery.objects.exists()
    assert not Event.objects.filter(notify=True).exists()
    kinds = Counter(Event.objects.values_list("kind", flat=True))
    assert kinds == {
        "component.imported": 17,
        "group.imported": 1,
        "incident.imported": 50,
        "maintenance.imported": 4,
        "page.created": 1,
    }


def test_components_github_removed_stay_in_history_and_off_the_page(github: Path, tmp_path: Path) -> None:
    for code in ("ywnlws8f97xw", "nkv4l30yvxk8"):
        shutil.copy(github / f"{code}.json", tmp_path)
    take(tmp_path)
    gone = Component.objects.get(name="Notifications")
    assert gone.archived_at is not None
    assert gone.affected.count() == 2
    assert gone not in Component.objects.public()


def test_an_outage_github_never_closed_ends_with_its_incident(github: Path, tmp_path: Path) -> None:
    shutil.copy(github / "m16jzl31gnqt.json", tmp_path)
    take(tmp_path)
    actions = Component.objects.get(name="Actions")
    told = actions.status_changes.values_list("old", "new", "at")
    assert [(old, new, at.isoformat()[:16]) for old, new, at in told] == [
        ("operational", "partial_outage", "2021-05-18T11:06"),
        ("partial_outage", "operational", "2021-05-18T19:09"),
    ]


def test_an_incident_github_dated_after_its_end_keeps_both_times(github: Path, tmp_path: Path) -> None:
    shutil.copy(github / "nk9gdvl03ztg.json", tmp_path)
    take(tmp_path)
    incident = Incident.objects.get()
    assert incident.resolved_at is not None
    assert incident.resolved_at < incident.impact_started_at


def test_the_old_lists_of_github_are_markup_and_not_text(github: Path, tmp_path: Path) -> None:
    shutil.copy(github / "01sqkcp7z62r.json", tmp_path)
    take(tmp_path)
    assert Update.objects.get().html.startswith("<ul><li><strong>")


def test_discord_comes_in_whole(discord: Path) -> None:
    code, text = take(discord)
    assert code == ExitCode.EVERYTHING_TAKEN
    assert "subscriber.json: holds a subscriber" in text
    assert Incident.objects.incidents().count() == 50
    assert Incident.objects.maintenances().count() == 4
    assert (Component.objects.count(), ComponentGroup.objects.count()) == (17, 1)
    assert Update.objects.count() == 184
    assert ComponentGroup.objects.get().components.count() == 13
    assert Component.objects.public().count() == 17
    assert Page.objects.get().time_zone == "America/Tijuana"
    # The 73 transitions of the capture join, so no step had to be added.
    assert StatusChange.objects.count() == 73
    told_twice(discord)


def test_a_maintenance_of_discord_keeps_its_window_and_its_odd_impact(discord: Path) -> None:
    take(discord)
    moved = Incident.objects.get(code="bclbdmdnhmdn")
    assert (moved.title, moved.phase.slug, moved.impact) == ("Call the Moving Van!", "completed", "none")
    assert moved.scheduled_for == datetime.fromisoformat("2016-01-12T02:00:00-08:00")
    assert moved.scheduled_until == datetime.fromisoformat("2016-01-12T03:00:00-08:00")
    assert moved.first_update_at == datetime.fromisoformat("2016-01-09T13:24:35.508-08:00")
    assert not moved.auto_start


def test_a_second_page_leaves_the_first_as_it_is(github: Path, discord: Path, tmp_path: Path) -> None:
    shutil.copy(github / "01sqkcp7z62r.json", tmp_path)
    take(tmp_path)
    before = all_rows()
    take(discord, host="discord.example.com")
    after = all_rows()
    assert all(after[name][: len(rows)] == rows for name, rows in before.items())
    assert sorted(Page.objects.values_list("name", "is_default")) == [("Discord", False), ("GitHub", True)]
