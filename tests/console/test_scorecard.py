"""The scorecard: for staff always, for readers where the page opts in."""

from datetime import timedelta

from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Component, Page
from tests.build import make_incident, make_outsider, minutes


def a_told_incident(page: Page, api: Component) -> None:
    began = now() - timedelta(days=2)
    incident = make_incident(
        page,
        at=began + minutes(6),
        impact_started_at=began,
        components={api: "partial_outage"},
        next_update_due_at=began + minutes(30),
        detected_by="monitoring",
    )
    incident.edit(detected_at=began + minutes(2), acknowledged_at=began + minutes(4), by="test", at=now())
    incident.resolve(body="Over.", by="test", at=began + minutes(25))


def test_it_shows_each_figure_with_what_it_means(ada: Client, page: Page, api: Component) -> None:
    a_told_incident(page, api)
    shown = ada.get("/console/scorecard").content.decode()
    for figure in ("2 minutes", "4 minutes", "6 minutes", "25 minutes", "1 of 1"):
        assert f'<dd class="figure">{figure}</dd>' in shown
    assert "From when the impact began to the first update here." in shown
    assert "By component" in shown
    assert "Only staff see this" in shown


def test_a_page_without_incidents_says_so(ada: Client, page: Page) -> None:
    assert "No incidents in this time." in ada.get("/console/scorecard").content.decode()


def test_it_is_a_table_for_spreadsheets(ada: Client, page: Page, api: Component) -> None:
    a_told_incident(page, api)
    answer = ada.get("/console/scorecard.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("\ufeffpart,name,incidents,noticed_median,noticed_longest,noticed_known,")
    assert lines[1].startswith("all,,1,120,120,1,240,240,1,360,360,1,1500,1500,1,")
    assert [line.split(",")[0] for line in lines[1:]] == ["all", "month", "component"]
    assert answer["Content-Disposition"] == 'attachment; filename="scorecard.csv"'


def test_outsiders_do_not_see_it(client: Client, page: Page) -> None:
    client.force_login(make_outsider())
    for address in ("/console/scorecard", "/console/scorecard.csv"):
        assert client.get(address).status_code == 403


def test_readers_see_it_where_the_page_opts_in_and_no_longer_where_it_opts_out(
    ada: Client, client: Client, page: Page, api: Component
) -> None:
    a_told_incident(page, api)
    assert client.get("/scorecard").status_code == 404
    page.edit(publishes_scorecard=True, by="test", at=now())
    shown = client.get("/scorecard").content.decode()
    assert "6 minutes" in shown
    assert "Noticed first by us" not in shown
    assert b"part,name,incidents" in client.get("/scorecard.csv").content
    assert 'href="/scorecard"' in client.get("/uptime").content.decode()
    assert "Readers see this too." in ada.get("/console/scorecard").content.decode()
    page.edit(publishes_detection=True, by="test", at=now())
    assert "Noticed first by us" in client.get("/scorecard").content.decode()
    page.edit(publishes_scorecard=False, by="test", at=now())
    assert client.get("/scorecard").status_code == 404
    assert client.get("/scorecard.csv").status_code == 404


def test_what_only_staff_may_see_is_in_no_figure_for_readers(client: Client, page: Page) -> None:
    inner = Component.add(page=page, name="Inner", visibility="staff", by="test", at=page.created_at)
    a_told_incident(page, inner)
    page.edit(publishes_scorecard=True, by="test", at=now())
    assert "Inner" not in client.get("/scorecard").content.decode()
    assert b"Inner" not in client.get("/scorecard.csv").content


def test_it_is_told_in_every_language_of_the_page(client: Client, page: Page, api: Component) -> None:
    a_told_incident(page, api)
    page.edit(publishes_scorecard=True, further_languages=["de"], by="test", at=now())
    assert "Wie wir mit Vorfällen umgehen" in client.get("/de/scorecard").content.decode()
