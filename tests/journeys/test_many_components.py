"""A page of many components in a real browser: small, quick to search, and as the visitor left it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from incidents.lib.clock import now
from incidents.timeline.models import Page, StatusChange
from tests.acceptance.axe import findings
from tests.build import make_incident, make_page, minutes
from tests.journeys.complaints import listen_for_complaints
from tests.journeys.late import held_up
from tests.publishing.many import make_many

pytestmark = pytest.mark.django_db(transaction=True)

POLL = "document.dispatchEvent(new Event('page:poll'))"
STATES = ("degraded_performance", "partial_outage", "major_outage")


@pytest.fixture
def page() -> Page:
    return make_page(at=now() - timedelta(days=100))


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id="UTC")
    yield context.new_page()
    context.close()


def make_lived_in(page: Page, count: int) -> None:
    """Fill a page with components that each had trouble twice, and two open incidents."""
    parts = make_many(page, count, of_each=max(5, count // 20))
    rows = []
    for number, part in enumerate(parts):
        for turn in range(2):
            at = now() - timedelta(days=5 + (number * 7 + turn * 29) % 80, minutes=number % 50)
            state = STATES[(number + turn) % 3]
            rows.append(StatusChange(component=part, at=at, old="operational", new=state))
            over = at + minutes(5 + number % 100)
            rows.append(StatusChange(component=part, at=over, old=state, new="operational"))
    StatusChange.objects.bulk_create(rows)
    make_incident(page, at=now() - minutes(20), components={parts[0]: "partial_outage", parts[3]: "partial_outage"})
    make_incident(page, at=now() - minutes(10), title="Slow exports", components={parts[9]: "degraded_performance"})


@pytest.mark.parametrize(("count", "kilobytes", "nodes"), [(25, 50, 900), (200, 65, 4500), (1000, 65, 4500)])
def test_f01_the_first_view_stays_within_its_budget(
    live_server: Any, page: Page, tab: Tab, count: int, kilobytes: int, nodes: int
) -> None:
    make_lived_in(page, count)
    requests: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    complaints = listen_for_complaints(tab)
    tab.goto(live_server.url)
    tab.wait_for_load_state("networkidle")
    assert len(requests) <= 7, requests
    assert all(url.startswith(live_server.url) for url in requests)
    assert tab.evaluate("document.querySelectorAll('*').length") <= nodes
    assert complaints == []


def test_a_component_is_found_while_typing(live_server: Any, page: Page, tab: Tab) -> None:
    parts = make_many(page, 60, of_each=10)
    parts[17].set_status("partial_outage", by="test", at=now())
    tab.goto(live_server.url)
    said = tab.locator(".finder [role=status]")
    tab.get_by_label("Find a component").fill("part 4")
    expect(said).to_have_text("15 components match.")
    expect(tab.get_by_role("link", name="Part 42")).to_be_visible()
    expect(tab.get_by_role("link", name="Part 17")).to_be_hidden()
    with tab.expect_response("**/live/**"):
        tab.evaluate(POLL)
    tab.wait_for_timeout(300)
    expect(tab.get_by_label("Find a component")).to_have_value("part 4")
    expect(tab.locator(".row:visible")).to_have_count(15)
    assert not Axe().run(tab).response["violations"]
    tab.get_by_label("Find a component").fill("")
    expect(tab.locator(".row:visible")).to_have_count(10)
    tab.get_by_label("Affected only (1)").check()
    expect(said).to_have_text("1 component matches.")
    expect(tab.locator(".row:visible")).to_have_count(1)


def test_among_very_many_a_component_is_found_in_their_list(live_server: Any, page: Page, tab: Tab) -> None:
    complaints = listen_for_complaints(tab)
    parts = make_many(page, 250)
    tab.goto(live_server.url)
    tab.get_by_label("Find a component").fill("region 3 99")
    expect(tab.locator(".finder [role=status]")).to_have_text("1 component matches.")
    link = tab.get_by_role("link", name="Part 99")
    expect(link).to_have_attribute("href", f"/c/{parts[99].code}")
    expect(tab.locator(".found-list .state")).to_have_text("Operational")
    assert not Axe().run(tab).response["violations"]
    tab.get_by_label("Find a component").fill("")
    expect(tab.locator(".found-list")).to_be_hidden()
    expect(tab.locator("details.group:visible")).to_have_count(10)
    assert complaints == []


def test_the_rows_of_a_group_come_when_it_is_opened_and_stay_current(live_server: Any, page: Page, tab: Tab) -> None:
    parts = make_many(page, 250)
    tab.goto(live_server.url)
    expect(tab.locator(".row")).to_have_count(0)
    tab.locator("summary", has_text="Region 2").press("Enter")
    row = tab.locator(f"[data-component-id='{parts[60].code}']")
    expect(row).to_be_visible()
    expect(tab.locator(".row")).to_have_count(25)
    parts[60].edit(by="test", at=now(), name="Part sixty")
    make_incident(page, at=now(), title="Elsewhere")
    tab.evaluate(POLL)
    expect(tab.get_by_role("heading", name="Elsewhere")).to_be_visible()
    expect(row.locator(".name")).to_have_text("Part sixty")
    expect(tab.locator(".row")).to_have_count(25)


def test_what_a_visitor_folds_stays_so_until_it_gets_worse(live_server: Any, page: Page, tab: Tab) -> None:
    parts = make_many(page, 30, of_each=10)
    tab.goto(live_server.url)
    group = tab.locator(".group[data-group]").nth(1)
    group.locator("summary").press("Enter")
    tab.wait_for_function("localStorage.getItem('groups')")
    tab.reload()
    expect(group).to_have_attribute("open", "")
    group.locator("summary").press("Enter")
    tab.wait_for_function("Object.values(JSON.parse(localStorage.getItem('groups'))).every(one => !one.open)")
    parts[12].set_status("partial_outage", by="test", at=now())
    tab.evaluate(POLL)
    expect(group).to_have_attribute("open", "")
    expect(tab.locator("#live-news")).to_have_text("Part 12: partial outage.")
    group.locator("summary").press("Enter")
    expect(group).not_to_have_attribute("open", "")
    make_incident(page, at=now(), title="Elsewhere")
    tab.evaluate(POLL)
    expect(tab.get_by_role("heading", name="Elsewhere")).to_be_visible()
    expect(group).not_to_have_attribute("open", "")
    tab.reload()
    expect(tab.locator("h1")).to_be_visible()
    expect(group).not_to_have_attribute("open", "")
    parts[13].set_status("major_outage", by="test", at=now())
    tab.reload()
    expect(group).to_have_attribute("open", "")


def test_what_a_visitor_folds_before_the_script_has_come_is_not_undone_by_it(
    live_server: Any, page: Page, tab: Tab
) -> None:
    make_many(page, 30, of_each=10)
    tab.goto(live_server.url)
    second, third = (tab.locator(".group[data-group]").nth(number) for number in (1, 2))
    for group in (second, third):
        group.locator("summary").press("Enter")
    tab.wait_for_function("Object.keys(JSON.parse(localStorage.getItem('groups')) || {}).length === 2")
    on_their_way = held_up(tab, "**/groups*.js")
    with tab.expect_request("**/groups*.js"):
        tab.reload(wait_until="domcontentloaded")
    for _ in range(2):
        second.locator("summary").press("Enter")
    for script in on_their_way:
        script.continue_()
    expect(third).to_have_attribute("open", "")
    expect(second).not_to_have_attribute("open", "")


def test_a_group_without_its_rows_says_that_it_got_worse_and_opens(live_server: Any, page: Page, tab: Tab) -> None:
    parts = make_many(page, 250)
    tab.goto(live_server.url)
    parts[60].set_status("major_outage", by="test", at=now())
    tab.evaluate(POLL)
    expect(tab.locator("#live-news")).to_have_text("Region 2: major outage.")
    expect(tab.locator(f"[data-component-id='{parts[60].code}']")).to_be_visible()


def test_l01_among_many_everything_is_reached_without_script(live_server: Any, page: Page, browser: Browser) -> None:
    parts = make_many(page, 250)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 780})
    tab = context.new_page()
    tab.goto(live_server.url)
    tab.get_by_label("Find a component").fill("part 99")
    tab.get_by_role("button", name="Find").click()
    expect(tab.get_by_role("link", name="Part 99")).to_have_attribute("href", f"/c/{parts[99].code}")
    tab.goto(live_server.url)
    tab.get_by_text("Region 2", exact=True).click()
    tab.get_by_role("link", name="Show all 25 components").locator("visible=true").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Region 2")
    expect(tab.locator(".row")).to_have_count(25)
    context.close()


@pytest.mark.parametrize("path", ["/", "/components?q=part", "/uptime", "/g/{group}", "/c/{component}"])
def test_f06_r01_pages_of_many_are_accessible_and_fit(live_server: Any, page: Page, tab: Tab, path: str) -> None:
    make_lived_in(page, 210)
    part = page.components.select_related("group").earliest("pk")
    assert part.group
    tab.goto(live_server.url + path.format(group=part.group.code, component=part.code))
    for width, scheme in ((320, "light"), (360, "dark"), (768, "dark"), (1280, "light")):
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its literals
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        if width in (360, 1280):
            assert findings(tab) == []


def test_k07_l09_forced_colours_keep_states_and_bars_apart_and_print_has_open_trouble(
    live_server: Any, page: Page, tab: Tab
) -> None:
    make_lived_in(page, 60)
    tab.goto(live_server.url)
    tab.emulate_media(forced_colors="active")
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    for bar in tab.locator(".strip path").all()[:6]:
        assert bar.evaluate("one => getComputedStyle(one).fill") != ground
    assert tab.locator(".row .state").first.evaluate("one => getComputedStyle(one).color") != ground
    tab.emulate_media(forced_colors="none", media="print")
    expect(tab.locator(".finder")).to_be_hidden()
    expect(tab.locator("details.group[open] .row").first).to_be_visible()
    expect(tab.locator("details.group:not([open]) summary .state").first).to_be_visible()
