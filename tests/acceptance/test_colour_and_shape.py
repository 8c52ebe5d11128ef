"""What can be told without colour, and what colours must keep: points K."""

import re
from typing import Any

import pytest
from PIL import Image

from incidents.timeline.states import ComponentStatus
from tests.acceptance.conftest import Opened, Stage
from tests.acceptance.scenes import TROUBLED
from tests.acceptance.seeing import EYES, cores, heights, picture_of
from tests.publishing.test_tokens import DARK, LIGHT, contrast

pytestmark = pytest.mark.django_db(transaction=True)

SCHEMES = ("light", "dark")


def test_k05_k06_every_day_with_trouble_is_found_by_height_alone_in_grey_and_by_every_eye(
    stage: Stage, opened: Opened
) -> None:
    page, address = stage("quiet")
    api = page.components.get(name="API")
    ago = {days for days, _, _ in TROUBLED} | {3}
    missed = []
    for width, days in ((1280, 90), (360, 45)):
        tab = opened(viewport={"width": width, "height": 900})
        tab.goto(address)
        strip = tab.locator(f"[data-component-id='{api.code}'] .strip")
        for scheme in SCHEMES:
            tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its literals
            picture = cores(picture_of(strip.screenshot()), days=days)
            for eye, seen in EYES.items():
                tall = heights(seen(picture))
                usual = sorted(tall)[days // 2]
                found = {days - 1 - day for day, height in enumerate(tall) if height > usual + 3}
                expected = {day for day in ago if day < days}
                if found != expected:
                    missed.append((width, scheme, eye, sorted(found ^ expected)))
    assert missed == []


SILHOUETTES = """states => {
  document.body.replaceChildren(...states.map(state => {
    const glyph = document.querySelector(`#kept .glyph-${state}`).cloneNode(true);
    glyph.setAttribute("style", "position:static;inline-size:16px;block-size:16px;color:#000;margin:8px");
    glyph.id = state;
    return glyph;
  }));
  document.body.style.background = "#fff";
}"""


def overlap(one: Image.Image, other: Image.Image) -> float:
    """Return the share of black pixels that both have, of those that either has."""
    pairs = list(zip(one.tobytes(), other.tobytes(), strict=True))
    either = [pair for pair in pairs if min(pair) < 128]
    return sum(max(pair) < 128 for pair in either) / len(either)


def test_k04_glyph_silhouettes_differ(stage: Stage, opened: Opened) -> None:
    page, address = stage("quiet")
    for component, state in zip(page.components.order_by("pk"), ComponentStatus.values, strict=False):
        component.status = state
        component.save()
    tab = opened()
    tab.goto(f"{address}/?fresh")
    tab.evaluate("document.body.id = 'kept'")
    assert {f"glyph-{state}" for state in ComponentStatus.values} <= set(
        re.findall(r"glyph-\w+", tab.locator(".row .glyph").evaluate_all("all => all.map(one => one.outerHTML).join()"))
    )
    tab.evaluate(SILHOUETTES, list(ComponentStatus.values))
    drawn = {state: picture_of(tab.locator(f"#{state}").screenshot()).convert("L") for state in ComponentStatus.values}
    shares = {(one, other): overlap(drawn[one], drawn[other]) for one in drawn for other in drawn if one < other}
    assert {pair: share for pair, share in shares.items() if share >= 0.85} == {}


WITHOUT_WORD = """words => {
  const rows = "summary, .row, .card, .masthead, .past, .facts > div, .month-table td, li, tr, .chronicle-row, .update";
  const missing = [];
  for (const [state, word] of Object.entries(words)) {
    for (const one of document.querySelectorAll(`main .state-${state}, main .glyph-${state}`)) {
      const row = one.closest(".strip") ? one.closest(".strip") : one.closest(rows);
      /* The headline says it in a sentence of its own (P02). */
      if (one.closest(".masthead")) continue;
      const said = row ? row.textContent + row.outerHTML : "";
      const isPicture = one.closest(".strip, .segments");
      if (!said.toLowerCase().includes(word.toLowerCase()) && !isPicture) missing.push(one.outerHTML.slice(0, 120));
    }
  }
  return missing;
}"""


def test_k03_whatever_wears_a_state_has_its_word_in_the_same_row(stage: Stage, opened: Opened) -> None:
    words = {str(value): str(label) for value, label in ComponentStatus.choices}
    # Legends and lists say "Maintenance" where the state of a component reads "Under maintenance".
    words["under_maintenance"] = "maintenance"
    tab = opened()
    for name in ("three", "maintenance"):
        page, address = stage(name)
        incident = page.incidents.order_by("-pk")[0]
        for path in ("/", "/history", "/uptime", f"/incidents/{incident.code}"):
            tab.goto(address + path)
            assert tab.evaluate(WITHOUT_WORD, words) == [], (name, path)


RINGS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const shown = one.tagName === "SUMMARY" || one.getClientRects().length;
  return {what: one.outerHTML.slice(0, 90), width: parseFloat(style.outlineWidth), style: style.outlineStyle,
    colour: style.outlineColor, isShown: Boolean(shown), isBody: one === document.body};
}"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_k08_everything_that_takes_the_focus_shows_a_ring_of_two_pixels(
    stage: Stage, opened: Opened, scheme: Any
) -> None:
    _, address = stage("one")
    tab = opened(color_scheme=scheme)
    tokens = LIGHT if scheme == "light" else DARK
    for path in ("/", "/history", "/subscribe"):
        tab.goto(address + path)
        tab.wait_for_load_state("networkidle")
        seen = 0
        for _ in range(80):
            tab.keyboard.press("Tab")
            ring = tab.evaluate(RINGS)
            if ring["isBody"]:
                break
            seen += 1
            assert ring["style"] != "none", ring
            assert ring["width"] >= 2, ring
            red, green, blue = (int(part) for part in re.findall(r"\d+", ring["colour"])[:3])
            for ground in ("ground", "surface"):
                assert contrast(f"#{red:02x}{green:02x}{blue:02x}", tokens[ground]) >= 3, ring
        assert seen > 8, path


def test_k07_forced_colours_leave_words_glyphs_bars_and_focus_visible(stage: Stage, opened: Opened) -> None:
    _, address = stage("three")
    tab = opened(forced_colors="active")
    tab.goto(address)
    ground = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    for selector, role in (
        (".row .state", "color"),
        (".row .glyph", "color"),
        (".masthead h1", "color"),
        (".strip path", "fill"),
    ):
        colours = tab.locator(selector).evaluate_all(f"all => all.map(one => getComputedStyle(one).{role})")
        assert colours
        assert ground not in colours, selector
    strip = tab.locator(".strip").first
    tall = heights(cores(picture_of(strip.screenshot()), days=90).convert("L"))
    assert max(tall) > 2 * sorted(tall)[45]
    tab.keyboard.press("Tab")
    ring = tab.evaluate(RINGS)
    assert ring["style"] != "none"
    assert ring["colour"] != ground


UNDERLINES = """() => [...document.querySelectorAll(
    "main p a[href], main .prose a[href], main dd a[href], footer a[href]")]
  .filter(one => getComputedStyle(one).textDecorationLine !== "underline").map(one => one.outerHTML.slice(0, 120))"""


def test_k10_links_in_text_are_underlined(stage: Stage, opened: Opened) -> None:
    page, address = stage("one")
    incident = page.incidents.get(title="Applications not active, preventing API calls")
    tab = opened()
    for path in ("/", f"/incidents/{incident.code}", "/history", "/uptime", "/subscribe", "/missing"):
        tab.goto(address + path)
        assert tab.evaluate(UNDERLINES) == [], path
