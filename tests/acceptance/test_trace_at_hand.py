"""A strip under mouse, keys and right-to-left: points T07, T09, T11 and T12. What it draws is tried in publishing."""

import re

import pytest
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from incidents.lib.clock import now
from incidents.timeline.models import Page
from tests.acceptance.conftest import Opened, Stage
from tests.build import minutes

pytestmark = pytest.mark.django_db(transaction=True)


def strip_of(tab: Tab, page: Page) -> Locator:
    return tab.locator(f"[data-component-id='{page.components.get(name='API').code}'] .strip[role=slider]")


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found
    return dict(found)  # type: ignore[arg-type]  # four numbers


def test_t07_t09_keys_walk_the_days_and_the_panel_stays_while_hovered_goes_with_escape_and_covers_no_day(
    stage: Stage, opened: Opened
) -> None:
    page, address = stage("quiet")
    tab = opened(viewport={"width": 1280, "height": 900})
    tab.clock.install(time=now())
    tab.goto(address)
    strip, panel = strip_of(tab, page), tab.locator(".day-panel")
    strip.focus()
    strip.press("Home")
    expect(strip).to_have_attribute("aria-valuenow", "0")
    strip.press("End")
    expect(strip).to_have_attribute("aria-valuenow", "89")
    expect(strip).to_have_attribute("aria-valuetext", re.compile(r"^\w+day \d+ \w+ \d{4}: "))
    strip.press("PageUp")
    expect(strip).to_have_attribute("aria-valuenow", "86")
    strip.press("PageDown")
    strip.press("ArrowLeft")
    strip.press("Escape")
    expect(panel).to_be_hidden()
    # From here on the hand is as quick as on a quick machine: time passes when it is told to.
    tab.clock.pause_at(now() + minutes(10))
    bars = box(strip)
    start = (bars["x"] + bars["width"] * (79.5 / 90), bars["y"] + bars["height"] / 2)
    tab.mouse.move(*start)
    tab.clock.run_for(100)
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("Major outage, 3 hours 20 minutes")
    shown = box(panel)
    assert shown["y"] >= bars["y"] + bars["height"] or shown["y"] + shown["height"] <= bars["y"]
    row = box(strip.locator(".."))
    assert shown["x"] >= row["x"] - 1
    assert shown["x"] + shown["width"] <= row["x"] + row["width"] + 1
    end = (shown["x"] + 20, shown["y"] + shown["height"] / 2)
    for step in range(1, 5):
        tab.mouse.move(*(begun + (wanted - begun) * step / 4 for begun, wanted in zip(start, end, strict=True)))
        tab.clock.run_for(35)
    tab.clock.run_for(400)
    expect(panel).to_be_visible()
    tab.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_t11_a_phone_shows_45_days_says_so_and_keeps_the_figure_of_90(stage: Stage, opened: Opened) -> None:
    page, address = stage("quiet")
    tab = opened(viewport={"width": 360, "height": 780})
    tab.goto(address)
    strip = strip_of(tab, page)
    picture, window = box(strip.locator("svg")), box(strip)
    assert picture["width"] == pytest.approx(2 * window["width"], abs=1)
    assert picture["x"] + picture["width"] == pytest.approx(window["x"] + window["width"], abs=1)
    legend = strip.locator("..").locator(".strip-legend")
    assert re.match(r"45\s+days ago\s+99\.\d+% uptime\s+over 90 days\s+Today", legend.inner_text())
    tab.set_viewport_size({"width": 768, "height": 900})
    assert legend.inner_text().startswith("90")


def test_t12_read_from_the_right_the_newest_day_ends_the_line_and_arrows_follow_the_eye(
    stage: Stage, opened: Opened
) -> None:
    page, address = stage("one", language="ar")
    tab = opened(viewport={"width": 1280, "height": 900})
    tab.goto(address)
    assert tab.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
    strip, panel = strip_of(tab, page), tab.locator(".day-panel")
    strip.focus()
    strip.press("End")
    strip.press("ArrowRight")
    expect(strip).to_have_attribute("aria-valuenow", "88")
    strip.press("ArrowLeft")
    expect(strip).to_have_attribute("aria-valuenow", "89")
    strip.press("Escape")
    bars = box(strip)
    tab.mouse.move(bars["x"] + 2, bars["y"] + bars["height"] / 2)
    expect(panel).to_be_visible()
    expect(strip).to_have_attribute("aria-valuenow", "89")
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.documentElement.scrollWidth") == 1280
