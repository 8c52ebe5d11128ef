from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from incidents.timeline.models import ActionItem, Incident, Postmortem
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.publishing.reading import faults, headings, incident_html, words

pytestmark = pytest.mark.django_db


def nylas() -> Incident:
    page = make_page(name="Nylas", time_zone="America/Los_Angeles", at=datetime(2023, 1, 1, tzinfo=UTC))
    page.edit(by="test", at=NOON, publishes_detection=True)
    api = make_component(page, group=make_group(page, name="Nylas Application Services"))
    start = datetime(2023, 4, 5, 1, 0, tzinfo=UTC)
    first = datetime(2023, 4, 5, 3, 21, tzinfo=UTC)
    incident = Incident.open(
        page=page,
        title="Applications not active",
        body="We receive reports.",
        by="test",
        at=first,
        impact_started_at=start,
        detected_by="customer",
        components={api: "partial_outage"},
    )
    for offset, slug, body in (
        (24, "reactivating", "We proceed."),
        (44, "monitoring", "All calls should succeed."),
        (50, "reactivating", "Some are still disabled."),
        (55, "monitoring", "All are active."),
    ):
        incident.post_update(body=body, by="test", at=first + minutes(offset), phase=page.phase(slug))
    incident.resolve(body="This incident has been resolved.", by="test", at=first + minutes(97))
    return incident


def test_the_nylas_story_reads_as_it_was_told() -> None:
    incident = nylas()
    at = datetime(2023, 4, 12, 18, 0, tzinfo=UTC)
    Postmortem.write(incident=incident, draft="A script froze half of the applications.", by="test", at=at).publish(
        by="test", at=at
    )
    incident.refresh_from_db()
    html = incident_html(incident, at=at + minutes(1))
    text = words(html)
    assert "This incident affected: Nylas Application Services ( API )." in text
    stamps = [f"Posted Apr 04, 2023 - {clock} PDT" for clock in ("21:58", "21:16", "21:11", "21:05", "20:45", "20:21")]
    places = [text.index(stamp) for stamp in stamps]
    assert places == sorted(places)
    assert headings(html)[1:4] == ["h2 Postmortem", "h2 Timeline", "h2 Updates"]
    assert html.count('class="update update-row') == 6
    assert "Posted Apr 12, 2023 - 11:00 PDT · 8 days after resolution" in text
    assert "Back to Reactivating" in text
    assert "Resolved after 3 hours 58 minutes" in text
    assert "Noticed by Customers" in text
    assert "First update 2 hours 21 minutes after impact began" in text
    assert not faults(html)


def test_an_ongoing_incident_begins_with_its_latest_update() -> None:
    page = make_page()
    api = make_component(page)
    incident = make_incident(page, components={api: "partial_outage"}, next_update_due_at=NOON + minutes(40))
    incident.post_update(
        body="We roll it back.", by="test", at=NOON + minutes(10), phase=page.phase("identified"),
        components={api: "degraded_performance"}, next_update_due_at=NOON + minutes(40),
    )  # fmt: skip
    html = incident_html(incident, at=NOON + minutes(20))
    text = words(html)
    assert headings(html)[1:] == [
        "h2 Latest update",
        "h3 Identified",
        "h2 Timeline",
        "h2 Earlier updates",
        "h3 Investigating",
        "h2 About this page",
    ]
    assert "Identified · 20 minutes so far" in text
    assert "Next update by 12:40 UTC" in text
    assert "API: Partial outage → Degraded performance" in text
    assert "Impact since Nov 21, 2026 - 12:00 UTC" in text


def test_a_promise_of_an_update_that_was_missed_says_how_late_it_is() -> None:
    incident = make_incident(make_page(), next_update_due_at=NOON + minutes(30))
    assert "was due 12:30 UTC , 6 minutes late" in words(incident_html(incident, at=NOON + minutes(36)))


def test_an_update_in_the_same_phase_is_called_update() -> None:
    incident = make_incident(make_page())
    incident.post_update(body="Still looking.", by="test", at=NOON + minutes(5))
    assert "h3 Update" in headings(incident_html(incident, at=NOON + minutes(6)))


def test_i06_an_edit_is_told_and_links_to_both_texts(client: Client) -> None:
    incident = make_incident(make_page(), body="Errors are high.")
    update = incident.updates.get()
    update.edit(by="test", at=NOON + minutes(60), body="Errors are low.")
    html = incident_html(incident, at=NOON + minutes(61))
    assert f'<a href="/incidents/{incident.code}/updates/{update.code}/edits">Edited <time' in html
    answer = client.get(f"/incidents/{incident.code}/updates/{update.code}/edits")
    assert answer.status_code == 200
    text = words(answer.content.decode())
    assert "Errors are high." in text
    assert "Errors are low." in text
    assert "[removed: high. ] [added: low. ]" in text


def test_a_typo_mended_at_once_is_not_told(client: Client) -> None:
    incident = make_incident(make_page(), body="Erors are high.")
    update = incident.updates.get()
    update.edit(by="test", at=NOON + minutes(1), body="Errors are high.")
    assert "Edited" not in incident_html(incident, at=NOON + minutes(2))
    assert client.get(f"/incidents/{incident.code}/updates/{update.code}/edits").status_code == 404


def test_a_removed_update_leaves_a_line_only_where_it_had_been_mailed() -> None:
    incident = make_incident(make_page())
    for notify in (True, False):
        update = incident.post_update(body=f"Wrong {notify}.", by="test", at=NOON + minutes(5), notify=notify)
        update.remove(by="test", at=NOON + minutes(6), reason="wrong incident")
    html = incident_html(incident, at=NOON + minutes(7))
    assert html.count("Removed by staff") == 1
    assert "Wrong" not in html


def test_i10_action_items_say_who_what_and_when() -> None:
    incident = make_incident(make_page())
    incident.resolve(body="Done.", by="test", at=NOON + minutes(30))
    report = Postmortem.write(incident=incident, draft="What happened.", by="test", at=NOON + minutes(40))
    report.publish(by="test", at=NOON + minutes(40))
    promises = [
        ("Check the health check", {"owner": "Edge team", "due_on": date(2026, 11, 24)}),
        ("Roll out slowly", {"due_on": date(2026, 11, 20)}),
        ("Buy a boat", {}),
        ("Fire somebody", {"is_public": False}),
    ]
    items = [ActionItem.add(postmortem=report, text=text, by="test", at=NOON, **fields) for text, fields in promises]
    items[0].move_to("done", by="test", at=NOON + timedelta(days=2))
    items[2].move_to("dropped", by="test", at=NOON, reason="the lake is small")
    text = words(incident_html(incident, at=NOON + timedelta(days=5)))
    assert "1 of 3 done." in text
    assert "Check the health check Edge team Done Nov 23 Nov 24" in text
    assert "Planned Nov 20 . Overdue by 6 days" in text.replace("20.", "20 .")
    assert "Dropped: the lake is small" in text
    assert "Fire somebody" not in text


def test_a_major_outage_says_by_when_its_postmortem_is_due() -> None:
    page = make_page()
    page.edit(by="test", at=NOON, postmortem_due_days=7)
    api = make_component(page)
    incident = make_incident(page, components={api: "major_outage"})
    incident.resolve(body="Done.", by="test", at=NOON + minutes(30))
    assert "A postmortem is due by Nov 28." in words(incident_html(incident, at=NOON + minutes(31)))
    assert "A postmortem was due by Nov 28." in words(incident_html(incident, at=NOON + timedelta(days=8)))


def test_a_maintenance_shows_window_length_and_how_far_away_it_is() -> None:
    page = make_page(time_zone="America/Los_Angeles")
    window = make_maintenance(page, components=[make_component(page)], starts_at=NOON + timedelta(days=2))
    text = words(incident_html(window, at=NOON))
    assert "Scheduled · starts in 2 days" in text
    assert "Window Monday, Nov 23, 2026 - 04:00 to 06:00 PST" in text
    assert "In UTC Nov 23, 2026 - 12:00 to 14:00 UTC" in text
    assert "Planned length 2 hours" in text
    assert "This maintenance affects: API." in text.replace("API .", "API.")


def test_a_moved_window_keeps_the_old_one_struck_through() -> None:
    page = make_page()
    window = make_maintenance(page)
    window.move(
        starts_at=NOON + timedelta(days=3), ends_at=NOON + timedelta(days=3, hours=1), body="Later.", by="test", at=NOON
    )
    html = incident_html(window, at=NOON)
    assert "<dt>Moved</dt><dd><s><time" in html
    assert "Nov 22, 2026 - 12:00" in html
    assert "Nov 24, 2026 - 12:00" in html


def test_a_maintenance_running_late_says_so_and_a_cancelled_one_is_struck_through() -> None:
    page = make_page()
    window = make_maintenance(page, starts_at=NOON + minutes(1), ends_at=NOON + minutes(61))
    window.start(by="test", at=NOON + minutes(1))
    assert "In progress · running 20 minutes over" in words(incident_html(window, at=NOON + minutes(81)))
    window.cancel(body="Called off.", by="test", at=NOON + minutes(82))
    html = incident_html(window, at=NOON + minutes(90))
    assert "<s>Database upgrade</s>" in html
    assert "Cancelled" in words(html)


def test_who_noticed_is_told_only_where_the_page_publishes_it() -> None:
    page = make_page()
    incident = make_incident(page, detected_by="customer")
    assert "Noticed by" not in incident_html(incident, at=NOON + minutes(1))
    page.edit(by="test", at=NOON, publishes_detection=True)
    assert "Noticed by Customers" in words(incident_html(incident, at=NOON + minutes(1)))


@pytest.mark.parametrize("visibility", ["draft", "suspected"])
def test_what_is_not_public_is_not_there(client: Client, visibility: str) -> None:
    hidden = Incident.prepare(page=make_page(), title="Secret", by="test", at=NOON, visibility=visibility)
    answer = client.get(f"/incidents/{hidden.code}")
    assert answer.status_code == 404
    assert b"Secret" not in answer.content


def test_an_unknown_code_is_not_there_and_says_where_to_go(client: Client) -> None:
    make_page()
    answer = client.get("/incidents/zzzzzzzzzzzz")
    assert answer.status_code == 404
    text = words(answer.content.decode())
    assert "/incidents/zzzzzzzzzzzz" in text
    assert "No components yet" in text
    assert "incident history" in text


def test_an_incident_of_another_page_is_not_there(client: Client) -> None:
    make_page()
    other = make_incident(make_page(name="Other", host="other.example"))
    assert client.get(f"/incidents/{other.code}").status_code == 404


def test_an_incident_page_answers_and_refuses_writing(client: Client) -> None:
    incident = make_incident(make_page())
    assert client.get(f"/incidents/{incident.code}").status_code == 200
    assert client.post(f"/incidents/{incident.code}").status_code == 405
