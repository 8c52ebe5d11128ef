"""A page that stays open, one without script, one on paper, one at rest: points L."""

import re
import time

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import Request, expect

from incidents.lib.clock import now
from tests.acceptance.conftest import Opened, Stage
from tests.build import make_incident, seconds

pytestmark = pytest.mark.django_db(transaction=True)


def polls_of(tab: Tab) -> list[Request]:
    polls: list[Request] = []
    tab.on("request", lambda request: polls.append(request) if "/live/" in request.url else None)
    return polls


def wait_out(tab: Tab, length: float, polls: list[Request]) -> None:
    """Let the page's clock run on for so many seconds, then what it asked for arrive."""
    tab.clock.run_for(int(length * 1000))
    tab.wait_for_timeout(150)
    for poll in polls:
        # None where it failed.
        poll.response()


def wait_for_polls(tab: Tab, count: int, polls: list[Request]) -> None:
    """Return once so many polls were asked and answered; the asking may come a moment after its time."""
    until = time.monotonic() + 30
    while len(polls) < count and time.monotonic() < until:
        tab.wait_for_timeout(50)
    wait_out(tab, 0, polls)
    assert len(polls) == count


HIDE = """isHidden => {
  Object.defineProperty(document, "hidden", {configurable: true, get: () => isHidden});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_l03_l05_l07_a_page_polls_by_what_is_open_and_news_is_there_within_35_seconds(
    stage: Stage, opened: Opened
) -> None:
    page, address = stage("quiet")
    tab = opened()
    tab.clock.install(time=now())
    # Nothing passes at first but what is told to, however long a busy machine takes for it.
    tab.clock.pause_at(now() + seconds(30))
    polls = polls_of(tab)
    tab.goto(address)
    assert "Operational · Acme status" in tab.title()
    wait_out(tab, 50, polls)
    assert polls == [], "a quiet page waits for a minute, a tenth more or less"
    tab.clock.resume()
    wait_out(tab, 17, polls)
    wait_for_polls(tab, 1, polls)
    tab.evaluate(HIDE, arg=True)
    wait_out(tab, 600, polls)
    assert len(polls) == 1, "nobody looks"
    tab.evaluate(HIDE, arg=False)
    # At once on return.
    wait_for_polls(tab, 2, polls)
    api = page.components.get(name="API")
    incident = make_incident(page, at=now(), components={api: "major_outage"})
    wait_out(tab, 67, polls)
    expect(tab.get_by_role("heading", name=incident.title)).to_be_visible()
    before = len(polls)
    said = tab.locator("#live-news")
    expect(said).to_have_text(f"API: major outage. New incident: {incident.title}.")
    assert said.get_attribute("role") == "status"
    incident.post_update(body="We know why.", by="test", at=now(), phase=page.phase("identified"))
    wait_out(tab, 35, polls)
    expect(tab.get_by_text("We know why.")).to_be_visible()
    assert len(polls) >= before + 1
    expect(tab).to_have_title(re.compile("^Major outage"))
    expect(tab.locator("#favicon")).to_have_attribute("href", re.compile("major_outage"))
    expect(tab.locator("#favicon-small")).to_have_attribute("href", re.compile("major_outage"))
    assert tab.locator("[aria-live=assertive], [role=alert]").count() == 0


def test_l08_a_server_that_is_gone_is_said_within_90_seconds_asked_less_and_less_and_forgotten(
    stage: Stage, opened: Opened
) -> None:
    _, address = stage("one")
    tab = opened()
    tab.clock.install()
    tab.goto(address)
    polls = polls_of(tab)
    # Everything is gone, the part of the script that polls among it.
    tab.route("**/*", lambda route: route.abort())
    notice = tab.locator("#live-paused")
    expect(notice).to_be_hidden()
    wait_out(tab, 40, polls)
    expect(notice).to_be_visible()
    expect(notice).to_have_text("Live updates paused, retrying.")
    for _ in range(12):
        wait_out(tab, 60, polls)
    tried = len(polls)
    tab.unroute("**/*")
    for _ in range(3):
        wait_out(tab, 330, polls)
    assert tried <= 8, "pauses grow to five minutes"
    expect(notice).to_be_hidden()


def test_l06_open_groups_the_focus_a_pinned_day_and_the_place_on_the_page_survive_news(
    stage: Stage, opened: Opened
) -> None:
    page, address = stage("quiet")
    tab = opened()
    tab.goto(address)
    strip = tab.locator(f"[data-component-id='{page.components.get(name='API').code}'] .strip[role=slider]")
    strip.focus()
    strip.press("PageUp")
    panel = tab.locator(".day-panel")
    expect(panel).to_be_visible()
    told = panel.inner_text()
    second = tab.locator("details.group").nth(1)
    second.locator("summary").click()
    strip.focus()
    if not panel.is_visible():
        strip.press("End")
        strip.press("PageUp")
        expect(panel).to_be_visible()
        told = panel.inner_text()
    tab.evaluate("scrollTo(0, 300)")
    make_incident(page, at=now(), title="Elsewhere", components={page.components.get(name="DNS"): "partial_outage"})
    tab.evaluate("document.dispatchEvent(new Event('page:poll'))")
    expect(tab.get_by_role("heading", name="Elsewhere")).to_be_attached()
    expect(second).not_to_have_attribute("open", "")
    expect(strip).to_be_focused()
    expect(panel).to_have_text(told, use_inner_text=True)
    assert tab.evaluate("scrollY") >= 300


def test_l01_without_script_filters_subscribing_and_leaving_work(stage: Stage, opened: Opened) -> None:
    _, address = stage("one")
    tab = opened(java_script_enabled=False, viewport={"width": 360, "height": 780})
    tab.goto(address)
    assert tab.get_by_text("A deployment at 11:52 UTC").is_visible()
    tab.get_by_role("link", name="Incident history").first.click()
    tab.get_by_role("searchbox").fill("webhooks")
    tab.get_by_role("button", name="Search").click()
    expect(tab.get_by_role("status")).to_have_text("1 incident matches")
    expect(tab.get_by_role("link", name="Delayed webhooks")).to_be_visible()
    tab.goto(f"{address}/subscribe")
    tab.locator("#email").fill("sam@example.com")
    tab.wait_for_timeout(3100)
    tab.get_by_role("button", name="Subscribe").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Check your inbox")


def test_l09_paper_has_words_and_traces_open_groups_in_trouble_and_no_navigation(stage: Stage, opened: Opened) -> None:
    _, address = stage("three")
    tab = opened()
    tab.goto(address)
    tab.emulate_media(media="print")
    told = tab.locator("body").inner_text()
    for words in ("Major outage affecting 4 components", "Search answers slowly", "Degraded performance", "API"):
        assert words in told
    assert not tab.get_by_role("navigation").first.is_visible()
    for strip in tab.locator(".strip svg").all()[:3]:
        assert strip.is_visible()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
    assert tab.pdf(format="A4").startswith(b"%PDF")


MOVING = """() => [...document.querySelectorAll("*")].flatMap(one => [null, "::before", "::after"].map(part => {
  const style = getComputedStyle(one, part);
  const spans = [style.transitionDuration, style.animationDuration].join().split(",").map(parseFloat);
  return Math.max(...spans) > 0 ? one.outerHTML.slice(0, 90) : null;
})).filter(Boolean)"""


def test_l10_with_reduced_motion_nothing_moves(stage: Stage, opened: Opened) -> None:
    page, address = stage("one")
    tab = opened(reduced_motion="reduce")
    tab.goto(address)
    make_incident(page, at=now(), title="Elsewhere", components={page.components.get(name="DNS"): "partial_outage"})
    tab.evaluate("document.dispatchEvent(new Event('page:poll'))")
    expect(tab.locator(".fresh").first).to_be_visible()
    assert tab.evaluate(MOVING) == []
