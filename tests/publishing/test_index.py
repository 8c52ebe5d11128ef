import re
from datetime import timedelta

import pytest

from incidents.timeline.models import Incident, Page
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.publishing.reading import faults, headings, index_html, words

pytestmark = pytest.mark.django_db


def blocks(html: str) -> list[str]:
    return re.findall(r'<section[^>]*aria-labelledby="([a-z]+)"', html)


def resolved_incident(page: Page, *, days_ago: int, title: str = "Delayed webhooks") -> Incident:
    at = NOON - timedelta(days=days_ago)
    incident = make_incident(page, at=at, title=title)
    incident.resolve(body="Deliveries are on time again.", by="test", at=at + minutes(48))
    return incident


def test_a_quiet_page_says_so_and_shows_its_components() -> None:
    page = make_page()
    make_component(page, name="API", group=make_group(page))
    html = index_html(page, at=NOON)
    assert headings(html)[:3] == ["h1 Acme status: All systems operational", "h2 Components", "h3 Core platform"]
    assert blocks(html) == ["components", "past"]
    assert "<title>Operational · Acme status</title>" in html
    assert not faults(html)


def test_blocks_come_in_their_order() -> None:
    page = make_page()
    api, billing = make_component(page), make_component(page, name="Billing")
    make_incident(page, at=NOON, components={api: "partial_outage"})
    make_maintenance(page, at=NOON, title="Later", starts_at=NOON + timedelta(days=2))
    window = make_maintenance(page, at=NOON, title="Now", starts_at=NOON + minutes(1), components=[billing])
    window.start(by="test", at=NOON + minutes(1))
    html = index_html(page, at=NOON + minutes(2))
    assert blocks(html) == ["active", "running", "components", "scheduled", "past"]
    assert headings(html)[0] == "h1 Acme status: Partial outage: API"


def test_p04_three_open_incidents_show_three_titles_and_three_texts_worst_first() -> None:
    page = make_page()
    api, web = make_component(page), make_component(page, name="Web")
    make_incident(page, at=NOON, title="Slow web", body="Pages load slowly.", components={web: "degraded_performance"})
    make_incident(page, at=NOON + minutes(1), title="Odd mails", body="Mails look odd.")
    make_incident(
        page, at=NOON + minutes(2), title="API is down", body="Nothing answers.", components={api: "major_outage"}
    )
    html = index_html(page, at=NOON + minutes(5))
    assert [one for one in headings(html) if one.startswith("h3")][:3] == [
        "h3 API is down",
        "h3 Slow web",
        "h3 Odd mails",
    ]
    for text in ("Pages load slowly.", "Mails look odd.", "Nothing answers."):
        assert text in words(html)


def test_more_than_five_open_incidents_are_counted() -> None:
    page = make_page()
    make_component(page)
    for number in range(8):
        make_incident(page, at=NOON + minutes(number), title=f"Incident {number}")
    assert "3 more open incidents" in words(index_html(page, at=NOON + minutes(10)))


def test_nothing_is_called_operational_in_sentence_or_title_while_an_incident_is_open() -> None:
    page = make_page()
    make_component(page)
    make_incident(page)
    html = index_html(page, at=NOON + minutes(1))
    assert "All systems operational" not in html
    assert "<title>We are investigating an issue · Acme status</title>" in html


def test_p09_fifteen_quiet_days_are_one_line() -> None:
    page = make_page()
    make_component(page)
    resolved_incident(page, days_ago=30)
    html = index_html(page, at=NOON)
    assert html.count("No incidents reported") == 1
    assert "Nov 7 – 21" in html
    assert "No incidents reported today. None on the 14 days before." in html


def test_p09_quiet_runs_are_merged_around_an_incident() -> None:
    page = make_page()
    make_component(page)
    resolved_incident(page, days_ago=2)
    text = words(index_html(page, at=NOON))
    assert "Nov 20 – 21 No incidents reported today. None on the day before." in text
    assert "Nov 19, 2026 Delayed webhooks" in text
    assert "Nov 7 – 18 No incidents reported on these 12 days." in text


def test_an_ended_incident_says_when_and_how_it_ended() -> None:
    page = make_page()
    api = make_component(page)
    incident = make_incident(page, at=NOON - minutes(90), components={api: "degraded_performance"})
    incident.resolve(body="All good.", by="test", at=NOON - minutes(42))
    text = words(index_html(page, at=NOON))
    assert "Resolved 11:18 UTC · Degraded performance for 48 minutes · API All good." in text


def test_p10_a_page_that_never_had_an_incident_says_since_when() -> None:
    page = make_page(at=NOON - timedelta(days=19))
    make_component(page)
    assert "No incidents reported since Nov 2, 2026." in index_html(page, at=NOON)


def test_a_page_that_brought_its_history_along_speaks_of_the_days_before_it_was_made_here() -> None:
    page = make_page(at=NOON)
    make_component(page)
    resolved_incident(page, days_ago=40)
    assert "Nov 7 – 21 No incidents reported today. None on the 14 days before." in words(index_html(page, at=NOON))


def test_p10_a_page_without_components_is_being_set_up() -> None:
    html = index_html(make_page(), at=NOON)
    assert headings(html)[0] == "h1 Acme status: No components yet"
    assert "This page is being set up." in html


def test_the_quiet_line_counts_days_without_incidents() -> None:
    page = make_page()
    make_component(page)
    resolved_incident(page, days_ago=13)
    assert "Checked Nov 21, 2026 - 12:00 UTC · no incidents for 12 days" in words(index_html(page, at=NOON))


def test_p10_a_component_without_uptime_is_a_name_and_a_state() -> None:
    page = make_page()
    make_component(page, name="Forum", showcase=False)
    html = index_html(page, at=NOON)
    assert "Forum" in html
    assert 'class="strip"' not in html
    assert "Taller bars" not in html


def test_p10_a_component_one_day_old_is_being_measured() -> None:
    page = make_page()
    make_component(page, started_on=NOON.date())
    html = index_html(page, at=NOON)
    assert "measuring since Nov 21" in html
    assert html.count('class="state-no_data"') == 1


def test_t03_days_before_the_start_are_no_data_and_the_figure_covers_ninety_days() -> None:
    page = make_page()
    api = make_component(page, started_on=NOON.date() - timedelta(days=30))
    at = NOON - timedelta(days=5)
    incident = make_incident(page, at=at, components={api: "major_outage"})
    incident.resolve(body="Done.", by="test", at=at + minutes(60))
    html = index_html(page, at=NOON)
    assert 'class="state-no_data"' in html
    assert 'class="state-major_outage"' in html
    assert re.search(r"API, last 90 days: 99\.\d\d% uptime; 1 day with trouble, the worst major outage on Nov 16", html)


def test_f04_every_state_is_also_a_word_and_a_hook_in_the_html_itself() -> None:
    page = make_page()
    api = make_component(page)
    api.set_status("partial_outage", by="test", at=NOON)
    html = index_html(page, at=NOON)
    assert f'data-component-id="{api.code}" data-component-status="partial_outage"' in html
    assert "Partial outage" in words(html)
    assert 'class="masthead page-status status-major"' in html


def test_groups_stay_open_up_to_twelve_components_and_fold_when_well_above() -> None:
    page = make_page()
    first, second = make_group(page, name="First"), make_group(page, name="Second")
    for number in range(7):
        make_component(page, name=f"A{number}", group=first)
        make_component(page, name=f"B{number}", group=second)
    sick = page.components.get(name="A3")
    sick.set_status("degraded_performance", by="test", at=NOON)
    html = index_html(page, at=NOON)
    assert len(re.findall(r"<details [^>]* open>", html)) == 1
    assert "1 of 7 affected" in html
    assert "7 components" in html


def test_what_only_staff_may_see_is_nowhere() -> None:
    page = make_page()
    api, vault = make_component(page), make_component(page, name="Vault", visibility="staff")
    Incident.prepare(page=page, title="Secret draft", by="test", at=NOON)
    Incident.prepare(page=page, title="Secret suspicion", by="test", at=NOON, visibility="suspected")
    make_incident(page, at=NOON, components={api: "degraded_performance", vault: "major_outage"})
    html = index_html(page, at=NOON + minutes(1))
    assert "Vault" not in html
    assert "Secret" not in html
    assert headings(html)[0] == "h1 Acme status: Degraded performance: API"


def test_a_component_shown_only_when_degraded_appears_with_its_trouble() -> None:
    page = make_page()
    make_component(page)
    shy = make_component(page, name="Fallback", only_show_if_degraded=True)
    assert "Fallback" not in index_html(page, at=NOON)
    shy.set_status("degraded_performance", by="test", at=NOON)
    assert "Fallback" in index_html(page, at=NOON)


def test_names_and_texts_are_escaped() -> None:
    page = make_page(name="A<b>&Co")
    make_component(page, name="<script>alert(1)</script>")
    make_incident(page, title="<img src=x onerror=alert(1)>", body="<script>alert(2)</script> **bold**")
    html = index_html(page, at=NOON + minutes(1))
    assert "<script>" not in html
    assert "<img" not in html
    assert "<strong>bold</strong>" in html
    assert not faults(html)
