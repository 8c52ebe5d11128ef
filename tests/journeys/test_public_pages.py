"""The public pages in a real browser: accessible, within the screen, and whole without script."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from incidents.lib.clock import now
from incidents.timeline.models import ActionItem, Component, Incident, Page, Postmortem
from tests.build import make_component, make_group, make_incident, make_maintenance, make_page, minutes

pytestmark = pytest.mark.django_db(transaction=True)

STATES = ("degraded_performance", "partial_outage", "major_outage", "under_maintenance")


def troubled_past(page: Page, components: list[Component], at: datetime) -> None:
    for number, component in enumerate(components):
        began = at - timedelta(days=3 + 5 * number)
        component.set_status(STATES[number % 4], by="test", at=began)
        component.set_status("operational", by="test", at=began + minutes(20 + 30 * number))


def ended_story(page: Page, api: Component, at: datetime) -> Incident:
    incident = make_incident(
        page,
        at=at - timedelta(days=2),
        title="Applications not active, preventing API calls",
        body="We look into it.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n`code`",
        components={api: "partial_outage"},
        impact_started_at=at - timedelta(days=2, hours=2),
        detected_by="customer",
    )
    for offset, slug in ((20, "identified"), (40, "monitoring"), (50, "identified"), (60, "monitoring")):
        told = at - timedelta(days=2) + minutes(offset)
        incident.post_update(body="We proceed.", by="test", at=told, phase=page.phase(slug))
    incident.resolve(body="It is over.", by="test", at=at - timedelta(days=2) + minutes(97))
    incident.updates.first().edit(by="test", at=at - timedelta(days=1), body="We looked into it.")
    report = Postmortem.write(
        incident=incident, draft="## What happened\n\nA script ran.", by="test", at=at - minutes(60)
    )
    report.publish(by="test", at=at - minutes(60))
    ActionItem.add(
        postmortem=report, text="Guard the script", owner="Billing", due_on=date(2026, 1, 1), by="test", at=at
    )
    return incident


@pytest.fixture
def paths() -> dict[str, str]:
    """A page on which everything happens at once, and the address of each of its documents."""
    at = now()
    page = make_page(at=at - timedelta(days=100), time_zone="America/Los_Angeles")
    page.edit(by="test", at=at, publishes_detection=True)
    core, edge = make_group(page), make_group(page, name="Edge network")
    api, web, mail = (
        make_component(page, name=name, group=core, description="What it does")
        for name in ("API", "Webhooks", "A component with a name that does not end soon")
    )
    dns = make_component(page, name="DNS", group=edge, started_on=(at - timedelta(days=20)).date())
    make_component(page, name="Forum")
    troubled_past(page, [api, web, mail, dns], at)
    ended = ended_story(page, api, at)
    running = make_incident(page, at=at - minutes(20), components={web: "partial_outage", mail: "degraded_performance"})
    window = make_maintenance(page, at=at, components=[dns])
    edited = ended.updates.get(body="We looked into it.")
    return {
        "index": "/",
        "incident": f"/incidents/{ended.code}",
        "open incident": f"/incidents/{running.code}",
        "maintenance": f"/incidents/{window.code}",
        "edits": f"/incidents/{ended.code}/updates/{edited.code}/edits",
        "history": "/history",
        "calendar": "/history/calendar",
        "search": "/history/search?q=the&kind=incident",
        "promises": "/promises",
        "uptime": "/uptime",
        "component": f"/c/{api.code}",
        "group": f"/g/{core.code}",
        "components": "/components?q=a",
        "subscribe": "/subscribe",
        "missing": "/nothing-here",
    }


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A tab that notes where it went and what it complained of."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_l01_everything_is_readable_and_folds_without_script(
    live_server: Any, paths: dict[str, str], browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 780})
    tab = context.new_page()
    tab.goto(live_server.url)
    assert (
        tab.get_by_role("heading", level=1)
        .inner_text()
        .endswith("Partial outage: Webhooks and A component with a name that does not end soon")
    )
    row = tab.get_by_text("90 days ago").first
    assert tab.locator(".strip svg").count() == 5
    assert not row.is_visible() or "45" in row.inner_text()
    group = tab.locator("details.group").first
    tab.locator("details.group > summary").first.click()
    assert group.get_attribute("open") is None
    tab.goto(live_server.url + paths["incident"])
    assert tab.get_by_role("heading", name="Postmortem").is_visible()
    tab.get_by_text("Timeline as a table").click()
    assert tab.get_by_role("cell", name="2 hours", exact=True).is_visible()
    context.close()


def test_p07_the_first_tab_stop_skips_to_the_content(live_server: Any, paths: dict[str, str], tab: Tab) -> None:
    tab.goto(live_server.url)
    tab.keyboard.press("Tab")
    skip = tab.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    assert (skip.bounding_box() or {"height": 0})["height"] > 20
    tab.keyboard.press("Enter")
    expect(tab.locator("#main")).to_be_focused()


def test_r03_a_mirrored_page_fits_too(live_server: Any, paths: dict[str, str], tab: Tab) -> None:
    tab.set_viewport_size({"width": 320, "height": 780})
    for name in ("index", "incident", "history", "uptime"):
        tab.goto(live_server.url + paths[name])
        tab.evaluate("document.documentElement.dir = 'rtl'")
        assert tab.evaluate("document.documentElement.scrollWidth") == 320, name


def test_l09_print_shows_words_traces_and_no_navigation(live_server: Any, paths: dict[str, str], tab: Tab) -> None:
    tab.goto(live_server.url)
    tab.emulate_media(media="print")
    assert not tab.get_by_role("navigation").is_visible()
    assert tab.locator(".strip svg").first.is_visible()
    assert tab.get_by_text("Partial outage").first.is_visible()


OVERPRINTED = """() => {
  const texts = [...document.querySelectorAll("svg.wide-only text")];
  const touch = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  return texts.flatMap((one, number) => texts.slice(number + 1)
    .filter(other => touch(one.getBoundingClientRect(), other.getBoundingClientRect()))
    .map(other => one.textContent + " / " + other.textContent));
}"""


@pytest.mark.parametrize("width", [768, 1280])
def test_i09_no_word_of_the_timeline_is_printed_over_another(
    live_server: Any, paths: dict[str, str], tab: Tab, width: int
) -> None:
    page = Page.objects.get()
    at = now()
    late = make_incident(page, at=at - minutes(13), impact_started_at=at - minutes(26), title="Late")
    late.post_update(body="Found.", by="test", at=at - minutes(6), phase=page.phase("identified"))
    tab.set_viewport_size({"width": width, "height": 900})
    for path in (paths["incident"], paths["open incident"], f"/incidents/{late.code}"):
        tab.goto(live_server.url + path)
        assert tab.locator("svg.wide-only text").count() >= 2
        assert not tab.evaluate(OVERPRINTED), path


@pytest.mark.parametrize("width", [768, 1280])
def test_the_words_of_an_action_item_take_the_room_that_its_state_leaves(
    live_server: Any, paths: dict[str, str], tab: Tab, width: int
) -> None:
    item = ActionItem.objects.get()
    item.edit(by="test", at=now(), text="Keep one place in our database that says whether an account is paid for")
    for wanted, fields in ((0.4, {}), (0.75, {"owner": "", "due_on": None})):
        item.edit(by="test", at=now(), **fields)
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(f"{live_server.url}{paths['incident']}?fresh={wanted}")
        table, first = tab.locator(".action-items table"), tab.locator(".action-items td").first
        assert (first.bounding_box() or {})["width"] > wanted * (table.bounding_box() or {})["width"]


def test_every_page_fits_the_narrowest_screen_in_whatever_face_the_reader_has(
    live_server: Any, paths: dict[str, str], browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 780})
    tab = context.new_page()
    tab.route("**/*.woff2", lambda route: route.abort())
    too_wide = []
    for name, path in paths.items():
        tab.goto(live_server.url + path)
        tab.evaluate("document.body.style.setProperty('font-family', 'monospace', 'important')")
        if tab.evaluate("document.documentElement.scrollWidth") != 320:
            too_wide.append(name)
    context.close()
    assert too_wide == []
