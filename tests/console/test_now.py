"""Now: what wants attention, and what it costs to ask."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.notifications.models import ChannelState
from incidents.notifications.truth_alarms import tell_of_doubts
from incidents.timeline.models import ActionItem, Component, Draft, Incident, Page, Postmortem
from tests.build import make_component, make_incident, make_maintenance, minutes


def shown(ada: Client) -> str:
    return ada.get("/console/").content.decode()


def test_a_quiet_page_says_so(ada: Client, page: Page, api: Component) -> None:
    text = shown(ada)
    assert "No incident is open." in text
    assert "Does not hold together" not in text
    assert 'id="composer"' not in text


def test_exactly_one_open_incident_brings_its_composer(ada: Client, page: Page) -> None:
    first = make_incident(page, at=now() - minutes(20))
    assert f'action="/console/incidents/{first.code}/updates"' in shown(ada)
    make_incident(page, at=now() - minutes(5), title="Another")
    text = shown(ada)
    assert 'id="composer"' not in text
    assert "Another" in text


def test_maintenance_running_or_within_a_day_is_listed(ada: Client, page: Page) -> None:
    make_maintenance(page, at=now(), title="Soon", starts_at=now() + timedelta(hours=20))
    make_maintenance(page, at=now(), title="Later", starts_at=now() + timedelta(hours=30))
    running = make_maintenance(page, at=now() - minutes(90), title="Running", starts_at=now() - minutes(60))
    running.start(by="test", at=now() - minutes(60))
    text = shown(ada)
    assert "Soon" in text
    assert "Running" in text
    assert "Later" not in text


def test_a_red_component_without_words_is_called_out_until_an_incident_names_it(
    ada: Client, page: Page, api: Component
) -> None:
    api.set_status("major_outage", by="test", at=now())
    text = shown(ada)
    assert "API is in major outage but no open incident says why." in text
    assert f"/console/incidents/new?component={api.code}" in text
    make_incident(page, at=now(), components={api: "major_outage"})
    assert "no open incident says why" not in shown(ada)


def test_an_overdue_update_is_called_out(ada: Client, page: Page) -> None:
    incident = make_incident(page, at=now() - minutes(36), next_update_due_at=now() - minutes(6.5))
    assert "6 minutes ago" in shown(ada)
    incident.post_update(body="Still.", by="test", at=now())
    assert "was due" not in shown(ada)


def test_a_maintenance_past_its_end_or_late_to_start_is_called_out(ada: Client, page: Page) -> None:
    running = make_maintenance(
        page, at=now() - minutes(90), title="Upgrade", starts_at=now() - minutes(60), ends_at=now() - minutes(20.5)
    )
    assert "“Upgrade” should have started 1 hour ago." in shown(ada)
    running.start(by="test", at=now() - minutes(60))
    assert "“Upgrade” is running 20 minutes over." in shown(ada)


def test_overdue_postmortems_and_action_items_are_called_out(ada: Client, page: Page, api: Component) -> None:
    page.edit(postmortem_due_days=5, by="test", at=now())
    incident = make_incident(page, at=now() - timedelta(days=9), title="Bad day", components={api: "major_outage"})
    incident.resolve(body="Over.", by="test", at=now() - timedelta(days=8))
    assert "The postmortem of “Bad day” is overdue." in shown(ada)
    report = Postmortem.write(incident=incident, draft="Words.", by="test", at=now())
    report.publish(by="test", at=now())
    yesterday = page.today(at=now()) - timedelta(days=1)
    ActionItem.add(postmortem=report, text="Add an alarm", due_on=yesterday, by="test", at=now())
    text = shown(ada)
    assert "is overdue" not in text
    assert "“Add an alarm” was due" in text


def test_now_is_in_the_order_of_its_urgency(ada: Client, page: Page, api: Component) -> None:
    page.edit(postmortem_due_days=5, by="test", at=now())
    past = make_incident(page, at=now() - timedelta(days=9), title="Bad day", components={api: "major_outage"})
    past.resolve(body="Over.", by="test", at=now() - timedelta(days=8))
    make_component(page, name="Web").set_status("major_outage", by="test", at=now())
    make_maintenance(page, at=now(), title="Soon", starts_at=now() + timedelta(hours=2))
    make_incident(page, at=now(), title="Certain", components={api: "partial_outage"})
    Incident.prepare(page=page, title="Maybe", visibility="suspected", by="test", at=now())
    text = shown(ada)
    titles = ["Suspected", "Open incidents", "Update: Certain", "Maintenance", "Does not hold together", "Overdue"]
    places = [text.index(f">{title}</h2>") for title in titles]
    assert places == sorted(places)


def test_a_draft_is_listed_and_thrown_away_with_a_reason(ada: Client, page: Page) -> None:
    draft = Incident.prepare(page=page, title="Maybe", by="test", at=now())
    assert f"/console/incidents/{draft.code}/discard" in shown(ada)


def test_a_first_failure_stands_on_top_in_the_words_of_the_other_side(ada: Client, page: Page) -> None:
    because = "The relay cannot be reached: 421 4.3.2 Service not available"
    ChannelState.objects.create(channel="email", down_since=now(), down_because=because)
    text = shown(ada)
    assert "Email: The relay cannot be reached." in text
    assert "In their words: 421 4.3.2 Service not available" in text
    assert text.index("The relay cannot be reached") < text.index("Open incidents")
    ChannelState.objects.update(down_since=None)
    assert "The relay cannot be reached" not in shown(ada)


def test_doubts_that_staff_were_mailed_of_stand_on_now_and_not_over_every_screen(
    ada: Client, page: Page, api: Component
) -> None:
    api.set_status("major_outage", by="test", at=now() - timedelta(hours=4))
    tell_of_doubts(at=now())
    sentence = "API is in major outage but no open incident says why."
    assert shown(ada).count(sentence) == 1
    assert sentence not in ada.get("/console/incidents").content.decode()


def busy(page: Page, api: Component, number: int) -> None:
    at = now() - timedelta(days=number % 60 + 1)
    past = make_incident(page, at=at, title=f"Past {number}", components={api: "partial_outage"})
    past.resolve(body="Over.", by="test", at=at + minutes(30))
    make_component(page, name=f"Component {number}")


@pytest.mark.both_databases
@pytest.mark.parametrize("screen", ["/console/", "/console/incidents", "/console/components", "/console/history"])
def test_queries_do_not_grow_with_rows(
    ada: Client, page: Page, api: Component, screen: str, django_assert_max_num_queries: Any
) -> None:
    make_incident(page, at=now() - minutes(5), title="Open", components={api: "partial_outage"})
    make_maintenance(page, at=now(), starts_at=now() + timedelta(hours=3))
    busy(page, api, 0)
    with django_assert_max_num_queries(45) as few:
        ada.get(screen)
    for number in range(1, 12):
        busy(page, api, number)
    with django_assert_max_num_queries(len(few.captured_queries)):
        ada.get(screen)


@pytest.mark.both_databases
def test_queries_do_not_grow_with_updates(ada: Client, page: Page, django_assert_max_num_queries: Any) -> None:
    incident = make_incident(page, at=now() - minutes(5))
    with django_assert_max_num_queries(60) as few:
        ada.get(f"/console/incidents/{incident.code}")
    for number in range(12):
        incident.post_update(body=f"Text {number}", by="test", at=now())
    with django_assert_max_num_queries(len(few.captured_queries)):
        ada.get(f"/console/incidents/{incident.code}")


def test_drafts_stand_below_the_composer_of_the_only_incident(ada: Client, page: Page) -> None:
    make_incident(page, at=now())
    fields = {"title": ["Maybe another"], "body": ["x"]}
    Draft.keep(page=page, code="bcdfghjkmnpq", fields=fields, by="bob", at=now())
    screen = shown(ada)
    assert screen.index('id="open"') < screen.index('id="composer"') < screen.index('id="drafts"')
