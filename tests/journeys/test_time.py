"""Times for whoever reads them: M04, M07, the panel on a stamp, and I13, copying links."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from incidents.lib.clock import now
from incidents.timeline.models import Incident, Page
from tests.build import make_component, make_incident, make_page, minutes
from tests.journeys.complaints import listen_for_complaints

pytestmark = pytest.mark.django_db(transaction=True)

POLL = "document.dispatchEvent(new Event('page:poll'))"


@pytest.fixture
def page() -> Page:
    return make_page(at=now() - timedelta(days=100)).edit(time_zone="America/Los_Angeles", by="test", at=now())


@pytest.fixture
def incident(page: Page) -> Incident:
    incident = make_incident(page, at=now() - minutes(30), components={make_component(page): "partial_outage"})
    incident.post_update(body="We look again at [time: 14:30].", by="test", at=now() - minutes(10))
    return incident


def test_m04_show_in_your_time_rewrites_all_stays_and_is_absent_where_zones_agree(
    live_server: Any, incident: Incident, browser: Browser
) -> None:
    context = browser.new_context(timezone_id="Asia/Tokyo")
    tab = context.new_page()
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    switches = tab.get_by_role("button", name=re.compile("Show in your time"))
    expect(switches).to_have_count(2)
    stamps = """[...document.querySelectorAll("main time[datetime*='T']")]
        .map(one => [one.dateTime, one.textContent, one.title])"""
    before = tab.evaluate(stamps)
    switches.first.click()
    after = tab.evaluate(stamps)
    assert [one[0] for one in before] == [one[0] for one in after]
    assert all(was[1] != now_[1] and now_[2] == was[1] for was, now_ in zip(before, after, strict=True))
    incident.post_update(body="More.", by="test", at=now())
    tab.evaluate(POLL)
    expect(tab.get_by_text("More.")).to_be_visible()
    expect(tab.get_by_role("button", name=re.compile("^Show in P"))).to_have_count(2)
    tab.reload()
    expect(tab.get_by_role("button", name=re.compile("^Show in P"))).to_have_count(2)
    context.close()
    same = browser.new_context(timezone_id="America/Los_Angeles")
    tab = same.new_page()
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    tab.wait_for_load_state("networkidle")
    expect(tab.get_by_role("button", name=re.compile("Show in"))).to_have_count(0)
    same.close()


def test_m07_relative_times_follow_by_the_minute_without_a_word(
    live_server: Any, incident: Incident, browser: Browser
) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.clock.install(time=now())
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    age = tab.locator("#updates ~ * .ago, .updates .ago").first
    expect(age).to_have_text("10 minutes ago")
    tab.evaluate(
        """() => { window.spoken = []; const places = '[role=status],[role=alert],[aria-live]';
        for (const place of document.querySelectorAll(places)) new MutationObserver(() =>
        window.spoken.push(place.textContent)).observe(place, {childList: true, subtree: true}); }"""
    )
    tab.route("**/live/**", lambda route: route.abort())
    tab.clock.run_for(60_000)
    expect(age).to_have_text("11 minutes ago")
    tab.clock.run_for(60_000)
    expect(age).to_have_text("12 minutes ago")
    said = tab.evaluate("window.spoken")
    assert not any("ago" in one for one in said)
    assert not tab.locator(".ago").first.evaluate(
        "one => Boolean(one.closest('[aria-live],[role=status],[role=alert]'))"
    )
    tab.clock.fast_forward(31 * 24 * 3600 * 1000)
    tab.clock.run_for(60_000)
    expect(tab.locator(".updates .ago")).to_have_count(0)
    assert not tab.locator(".update-timestamp").first.inner_text().rstrip().endswith("·")
    context.close()


def test_a_panel_tells_a_stamp_in_every_zone_by_key_pointer_and_tap(
    live_server: Any, incident: Incident, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900},
        timezone_id="Asia/Kolkata",
        permissions=["clipboard-read", "clipboard-write"],
    )
    tab = context.new_page()
    complaints = listen_for_complaints(tab)
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    stamp = tab.locator(".update-timestamp time").first
    panel = tab.locator(".time-panel")
    instant = stamp.get_attribute("datetime") or ""
    stamp.focus()
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("behind UTC")
    expect(panel).to_contain_text("5 hours, 30 minutes ahead of UTC")
    expect(panel).to_contain_text("India Standard Time")
    expect(panel.locator("[data-is=unix]")).to_have_text(re.compile(r"^1\d{9}$"))
    assert not Axe().run(tab).response["violations"]
    tab.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(stamp).to_be_focused()
    tab.mouse.move(5, 5)
    stamp.hover()
    expect(panel).to_be_visible()
    panel.get_by_role("button", name="Copy").click()
    expect(panel.get_by_text("Copied")).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()") == instant
    tab.mouse.move(5, 5)
    tab.get_by_role("heading", level=1).click()
    expect(panel).to_have_count(0)
    assert complaints == []
    context.close()


def test_a_stamp_keeps_the_focus_and_its_panel_when_news_arrive(
    live_server: Any, incident: Incident, browser: Browser
) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    stamp = tab.locator(f"#update-{incident.updates.order_by('posted_at')[0].code} .update-timestamp time")
    stamp.focus()
    expect(tab.locator(".time-panel")).to_be_visible()
    incident.post_update(body="More.", by="test", at=now())
    tab.evaluate(POLL)
    expect(tab.get_by_text("More.")).to_be_visible()
    expect(stamp).to_be_focused()
    expect(tab.locator(".time-panel")).to_be_visible()
    context.close()


def test_on_a_phone_a_tap_opens_the_panel_within_the_screen_and_a_second_one_closes_it(
    live_server: Any, incident: Incident, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
    tab = context.new_page()
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    stamp, panel = tab.locator(".prose time").first, tab.locator(".time-panel")
    stamp.tap()
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    stamp.tap()
    expect(panel).to_have_count(0)
    context.close()


def test_i13_links_are_copied_by_key_and_touch_and_lead_to_their_update(
    live_server: Any, incident: Incident, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, has_touch=True, permissions=["clipboard-read", "clipboard-write"]
    )
    tab = context.new_page()
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    copied = "navigator.clipboard.readText()"
    code = incident.updates.order_by("posted_at")[0].code
    anchor = tab.locator(f"#update-{code} .anchor")
    anchor.focus()
    expect(anchor).to_have_css("opacity", "1")
    tab.keyboard.press("Enter")
    expect(anchor).to_have_text("Copied")
    assert tab.evaluate(copied) == f"{live_server.url}/incidents/{incident.code}#update-{code}"
    tab.wait_for_url(f"**#update-{code}")
    expect(tab.locator(f"#update-{code}")).to_be_in_viewport()
    whole = tab.get_by_role("button", name="Copy link")
    whole.tap()
    expect(tab.locator(".actions").get_by_text("Copied")).to_be_visible()
    assert tab.evaluate(copied).endswith(f"/incidents/{incident.code}")
    context.close()
    plain = browser.new_context(java_script_enabled=False)
    tab = plain.new_page()
    tab.goto(f"{live_server.url}/incidents/{incident.code}")
    expect(tab.get_by_role("button", name="Copy link")).to_be_hidden()
    tab.locator(f"#update-{code} .anchor").click()
    tab.wait_for_url(f"**#update-{code}")
    plain.close()
