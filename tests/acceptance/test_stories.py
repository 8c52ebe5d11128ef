"""The page of an incident, history and calendar: points I and H that a reader's browser or bytes decide."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from incidents.publishing.chronicle import chronicle_of
from incidents.publishing.facts.documents import incident_facts
from incidents.publishing.facts.rows import Rows
from incidents.timeline.models import Postmortem
from tests.acceptance.conftest import Opened, Stage
from tests.acceptance.scenes import addresses, set_up
from tests.build import NOON, make_component, make_incident, make_page, minutes
from tests.publishing.making import made
from tests.publishing.reading import headings, incident_html, words
from tests.publishing.test_chronicle import STORIES

in_browser = pytest.mark.django_db(transaction=True)


@pytest.mark.django_db
def test_i01_an_incident_is_told_in_the_order_that_its_stage_asks_for() -> None:
    page = make_page()
    incident = make_incident(page, components={make_component(page): "partial_outage"})
    incident.post_update(body="Found.", by="test", at=NOON + minutes(5), phase=page.phase("identified"))

    def blocks(at: datetime) -> list[str]:
        html = incident_html(incident, at=at)
        marks = {
            "latest": 'id="latest"',
            "facts": 'class="facts"',
            "affected": 'class="components-affected"',
            "postmortem": 'id="postmortem-title"',
            "actions": 'class="actions"',
            "timeline": 'id="timeline"',
            "updates": 'id="updates"',
        }
        places = {name: html.find(mark) for name, mark in marks.items() if mark in html}
        return sorted(places, key=lambda name: places[name])

    assert blocks(NOON + minutes(6)) == ["latest", "facts", "affected", "actions", "timeline", "updates"]
    incident.resolve(body="Over.", by="test", at=NOON + minutes(30))
    assert blocks(NOON + minutes(40)) == ["facts", "affected", "timeline", "updates"]
    Postmortem.write(incident=incident, draft="Why.", by="test", at=NOON + minutes(50)).publish(
        by="test", at=NOON + minutes(50)
    )
    assert blocks(NOON + minutes(60)) == ["facts", "affected", "postmortem", "timeline", "updates"]


@pytest.mark.django_db
def test_i03_a_duration_counts_impact_not_posts() -> None:
    page = make_page()
    incident = make_incident(page, impact_started_at=NOON - minutes(60))
    incident.resolve(body="Over.", by="test", at=NOON + minutes(27))
    text = words(incident_html(incident, at=NOON + minutes(50)))
    assert "Resolved after 1 hour 27 minutes" in text
    assert "First update 1 hour after impact began" in text


@pytest.mark.django_db
def test_i04_a_phase_that_goes_back_says_so_with_the_moon_waned() -> None:
    page = make_page()
    incident = make_incident(page)
    for offset, slug in ((5, "monitoring"), (9, "identified")):
        incident.post_update(body="We proceed.", by="test", at=NOON + minutes(offset), phase=page.phase(slug))
    html = incident_html(incident, at=NOON + minutes(10))
    title = re.search(r'<h3 class="update-title">(.*?)</h3>', html, re.DOTALL)
    assert title
    assert "glyph-identified" in title.group(1)
    assert "Back to Identified" in title.group(1)


@pytest.mark.django_db
def test_i05_three_updates_without_words_fold_and_stay_in_the_page() -> None:
    page = make_page()
    parts = [make_component(page, name=f"Part {number}") for number in range(4)]
    incident = make_incident(page)
    for number, part in enumerate(parts):
        incident.post_update(
            body="A machine.", by="monitoring", at=NOON + minutes(number + 1), components={part: "partial_outage"}
        )
    # Updates without words come by import alone.
    incident.updates.filter(body="A machine.").update(body="", html="")
    html = incident_html(incident, at=NOON + minutes(10))
    assert re.search(r'<details class="fold"><summary>4 component changes, .*?12:01', html, re.DOTALL)
    for part in parts:
        assert f"{part.name}: Operational → Partial outage" in words(html)


def x_of(position: str) -> float:
    return float(position.removesuffix("%"))


@pytest.mark.django_db
def test_i07_i08_marks_stand_where_their_times_are_and_the_table_lists_the_same(client: Any) -> None:
    page = set_up("quiet", at=NOON, host="testserver")
    incident = page.incidents.get(title="Applications not active, preventing API calls")
    facts = incident_facts(Rows(page), incident.code)
    picture = chronicle_of(facts, seen_at=NOON)
    assert picture
    start, end = facts.started_at, facts.ended_at
    assert end
    span = (end - start).total_seconds()
    for label in picture.labels:
        wanted = 100 * (label.marks[0].at - start).total_seconds() / span
        assert x_of(label.position) == pytest.approx(wanted, abs=1)
    html = client.get(f"/incidents/{incident.code}").content.decode()
    table = html.partition('<details class="twin"')[2].partition("</details>")[0]
    rows = [re.sub("<[^>]+>", "", one) for one in re.findall(r'<th scope="row">(.*?)</th>', table)]
    assert rows == [mark.word for mark in picture.marks]
    assert re.search(r'<div class="card chronicle">\s*<div aria-hidden="true">', html)


PRINTED_OVER = """() => {
  const texts = [...document.querySelectorAll(".chronicle svg text")].filter(one => one.getClientRects().length);
  const touch = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  return texts.flatMap((one, number) => texts.slice(number + 1)
    .filter(other => touch(one.getBoundingClientRect(), other.getBoundingClientRect()))
    .map(other => one.textContent + " / " + other.textContent));
}"""


@in_browser
def test_i09_no_two_labels_of_ten_stories_touch_at_three_widths(stage: Stage, opened: Opened) -> None:
    page, address = stage("quiet")
    began = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    tab = opened()
    faults = []
    for number, story in enumerate(STORIES):
        first, identified, watched, over = (began + minutes(one) for one in story)
        incident = make_incident(page, at=first, title=f"Story {number}", impact_started_at=began)
        incident.post_update(body="Found.", by="test", at=identified, phase=page.phase("identified"))
        incident.post_update(body="Mended.", by="test", at=watched, phase=page.phase("monitoring"))
        incident.resolve(body="Over.", by="test", at=over)
        tab.goto(f"{address}/incidents/{incident.code}")
        for width in (360, 768, 1280):
            tab.set_viewport_size({"width": width, "height": 900})
            faults += [(story, width, one) for one in tab.evaluate(PRINTED_OVER)]
    assert faults == []


@pytest.mark.django_db
def test_i11_text_of_staff_cannot_break_the_page() -> None:
    page = make_page()
    body = "# Top\n\n<b onclick=x>raw</b> <script>1</script>\n\n![](https://x.example/a.png)\n\n| a |\n|---|\n| 1 |"
    html = incident_html(make_incident(page, body=body), at=NOON + minutes(1))
    assert html.count("<h1") == 1
    assert "h4 Top" in headings(html)
    for tag in ("<b ", "<script>", "<img"):
        assert tag not in html.partition("<main")[2]
    assert re.search(r'class="scroll" role="group" tabindex="0" aria-label[^>]*><table>', html)


MEASURES = """() => [...document.querySelectorAll(".prose > p")].map(one => {
  const style = getComputedStyle(one), ruler = document.createElement("span");
  ruler.textContent = "0".repeat(66);
  ruler.style.cssText = "position:absolute;white-space:nowrap;visibility:hidden";
  one.append(ruler);
  const wide = ruler.getBoundingClientRect().width;
  ruler.remove();
  return {isWithin: one.getBoundingClientRect().width <= wide + 1, size: style.fontSize,
    isReport: Boolean(one.closest(".postmortem")), line: parseFloat(style.lineHeight) / parseFloat(style.fontSize)};
})"""


@in_browser
def test_i12_prose_is_66_characters_wide_and_a_postmortem_18_pixels_by_1_6(stage: Stage, opened: Opened) -> None:
    page, address = stage("quiet")
    tab = opened(viewport={"width": 1280, "height": 900})
    tab.goto(address + addresses(page)["incident"])
    measures = tab.evaluate(MEASURES)
    assert all(one["isWithin"] for one in measures)
    report = [one for one in measures if one["isReport"]]
    assert report
    assert {(one["size"], round(one["line"], 2)) for one in report} == {("18px", 1.6)}


@in_browser
def test_h01_h03_a_filter_is_an_address_that_back_restores_and_whose_count_is_said(
    stage: Stage, opened: Opened
) -> None:
    _, address = stage("three")
    tab = opened()
    tab.goto(f"{address}/history")
    tab.get_by_role("searchbox").fill("webhooks")
    tab.get_by_role("button", name="Search").click()
    tab.wait_for_url("**q=webhooks**")
    expect(tab.get_by_role("status")).to_have_count(1)
    expect(tab.get_by_role("status")).to_have_text("1 incident matches")
    found = tab.locator("main .incident-title").all_inner_texts()
    first = tab.url
    assert "q=webhooks" in first
    tab.get_by_role("searchbox").fill("answers")
    tab.get_by_role("button", name="Search").click()
    tab.wait_for_url("**q=answers**")
    tab.go_back()
    tab.wait_for_url(first)
    expect(tab.get_by_role("searchbox")).to_have_value("webhooks")
    other = opened()
    other.goto(first)
    assert other.locator("main .incident-title").all_inner_texts() == found


@pytest.mark.django_db
def test_h04_a_month_is_a_table_with_header_cells_and_each_day_of_trouble_a_full_name() -> None:
    page = set_up("quiet", at=NOON)
    html = made(page, "month_table_newest").decode()
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        assert len(re.findall(r'<th scope="col" abbr="\w+day">', table)) == 7
        assert "<caption>" in table
    names = re.findall(r'<a href="[^"]+" class="state-\w+"><span class="hidden-text">([^<]+)</span>', html)
    assert "18 November, partial outage, 1 incident" in names
    assert all(re.fullmatch(r"\d+ \w+, [a-z ]+, \d+ \w+", name) for name in names)
