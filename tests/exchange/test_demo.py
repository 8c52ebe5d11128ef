"""`manage.py demo`: the first look."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from incidents.exchange.demo import nylas
from incidents.exchange.demo.building import PageExists, build_demo
from incidents.models import (
    Component,
    Delivery,
    Event,
    Incident,
    IncidentTemplate,
    Page,
    StatusChange,
    Subscriber,
    Update,
)
from tests.build import NOON, make_page
from tests.exchange.running import all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def stamp(update: Update) -> str:
    return f"{update.posted_at.astimezone(update.incident.page.zone):%b %d, %Y - %H:%M %Z}"


def test_the_nylas_incident_has_its_six_updates_in_order_and_its_report() -> None:
    build_demo(at=NOON)
    incident = Incident.objects.get(code="nyl4s4pr2023")
    assert incident.title == "Nylas applications not active preventing API calls"
    told = [(update.phase.label, stamp(update)) for update in incident.updates.standing().newest_first()]
    assert told == [
        ("Postmortem", "Apr 12, 2023 - 11:00 PDT"),
        ("Resolved", "Apr 04, 2023 - 21:58 PDT"),
        ("Monitoring", "Apr 04, 2023 - 21:16 PDT"),
        ("Reactivating", "Apr 04, 2023 - 21:11 PDT"),
        ("Monitoring", "Apr 04, 2023 - 21:05 PDT"),
        ("Reactivating", "Apr 04, 2023 - 20:45 PDT"),
        ("Investigating", "Apr 04, 2023 - 20:21 PDT"),
    ]
    assert incident.postmortem.is_published
    assert incident.postmortem.actions.count() == 4
    assert [row.component.full_name for row in incident.affected.all()] == ["Nylas Application Services - API"]


def test_its_times_tell_who_noticed_and_how_long_it_took() -> None:
    build_demo(at=NOON)
    incident = Incident.objects.get(code=nylas.CODE)
    assert incident.detected_by == "customer"
    assert incident.customer_noticed_at == nylas.moment(4, "20:20")
    assert incident.impact_started_at == nylas.moment(4, "18:00")
    assert incident.resolved_at == nylas.moment(4, "21:58")
    assert incident.impact == "major"


def test_the_words_of_the_report_are_our_own() -> None:
    build_demo(at=NOON)
    said = " ".join(Update.objects.filter(incident__code=nylas.CODE).values_list("body", flat=True))
    for phrase in ("mistakenly froze", "single source of truth", "Thank you for your patience", "wrongly disabled"):
        assert phrase not in said


def test_the_page_shows_what_the_product_is() -> None:
    page = build_demo(at=NOON)
    assert page.time_zone == "America/Los_Angeles"
    assert page.components.count() == 13
    assert page.groups.count() == 5
    assert IncidentTemplate.objects.count() == 3
    assert not Subscriber.objects.exists()
    recent = Incident.objects.incidents().filter(resolved_at__gte=NOON - timedelta(days=15))
    assert recent.count() == 4
    seen = set(StatusChange.objects.filter(at__gte=NOON - timedelta(days=90)).values_list("new", flat=True))
    assert seen == {"operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"}
    young = Component.objects.get(name="Asia Pacific")
    assert young.started_on == page.today(at=NOON - timedelta(days=60))


def test_one_incident_is_open_and_its_next_update_is_due() -> None:
    build_demo(at=NOON)
    incident = Incident.objects.incidents().open().get()
    assert incident.phase.slug == "identified"
    last = incident.updates.newest_first()[0]
    assert last.next_update_due_at is not None
    assert last.next_update_due_at > NOON
    down = {component.name: component.status for component in Component.objects.exclude(status="operational")}
    assert down == {"Calendar sync": "partial_outage", "Webhooks": "degraded_performance"}


def test_one_maintenance_is_done_and_one_is_to_come() -> None:
    build_demo(at=NOON)
    done, coming = Incident.objects.maintenances().order_by("scheduled_for")
    assert done.phase.slug == "completed"
    assert coming.phase.slug == "scheduled"
    assert coming.scheduled_for is not None
    assert timedelta(days=2) < coming.scheduled_for - NOON < timedelta(days=4)


def test_nobody_is_told() -> None:
    build_demo(at=NOON)
    assert not Delivery.objects.exists()
    assert not Event.objects.filter(notify=True).exists()
    assert not Update.objects.filter(notify=True).exists()


def test_nothing_is_dated_after_the_moment_it_is_made_for() -> None:
    build_demo(at=NOON)
    assert not Event.objects.filter(at__gt=NOON).exists()
    assert not StatusChange.objects.filter(at__gt=NOON).exists()


@pytest.mark.parametrize("hours", [0, 19.9, 20.1])
def test_it_can_be_made_right_before_and_after_midnight(hours: float) -> None:
    # Midnight of the page's zone is 20 hours after NOON.
    assert build_demo(at=NOON + timedelta(hours=hours)).incidents.count() == 17


def test_two_runs_make_the_same_page() -> None:
    texts = []
    for host in ("one.example.com", "two.example.com"):
        page = build_demo(at=NOON, add=True, host=host)
        updates = Update.objects.filter(incident__page=page).order_by("posted_at", "pk")
        texts.append(list(updates.values_list("posted_at", "phase__slug", "body")))
    assert texts[0] == texts[1]


def test_beside_another_page_it_must_be_asked_for() -> None:
    page = make_page(name="Mine")
    before = all_rows()
    with pytest.raises(PageExists, match="There is a page already, “Mine”"):
        build_demo(at=NOON)
    assert all_rows() == before

    added = build_demo(at=NOON, add=True, host="demo.example.com")
    assert set(Page.objects.all()) == {page, added}
    assert not added.is_default


def test_the_command_says_what_it_made_and_where() -> None:
    output = StringIO()
    call_command("demo", stdout=output)
    assert "Made the page “Demo” with 13 components in 5 groups, 15 incidents and 2 maintenances." in output.getvalue()
    assert "/incidents/nyl4s4pr2023" in output.getvalue()
    with pytest.raises(CommandError, match="Say --add"):
        call_command("demo")
