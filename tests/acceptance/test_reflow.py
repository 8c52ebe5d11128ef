"""Every public page at every width, in both schemes and directions: points F06, P06, P08, P12, R01-R03, R07.

The whole matrix (scenes, sizes of sites, directions, schemes, widths) takes many minutes: `make bench-face`.
"""

import pytest
from playwright.sync_api import Page as Tab

from tests.acceptance.axe import findings
from tests.acceptance.conftest import Opened, Stage
from tests.acceptance.scenes import addresses
from tests.journeys.complaints import listen_for_complaints

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (320, 360, 768, 1280)


def test_f06_p06_p08_p12_r01_r07_every_page_of_a_troubled_site_is_sound(stage: Stage, opened: Opened) -> None:
    page, address = stage("three")
    tab = opened()
    complaints, elsewhere = listen_for_complaints(tab), requests_elsewhere(tab, address)
    faults = []
    for name, path in addresses(page).items():
        tab.goto(address + path)
        faults += [f"{name} is wider than {width}" for width in too_narrow_for(tab)]
        # Colours do not depend on the width, nor sizes on the scheme.
        for width, scheme in ((360, "dark"), (1280, "light")):
            faults += [f"{name} {width} {scheme}: {one}" for one in looked_at(tab, width, scheme)]
    assert faults == []
    assert elsewhere == []
    assert not [complaint for complaint in complaints if "404" not in complaint], "but for the page that is missing"


def test_f06_r03_pages_read_from_the_right_are_sound_too(stage: Stage, opened: Opened) -> None:
    page, address = stage("three", language="ar")
    tab = opened()
    paths = addresses(page)
    faults = []
    for name in ("index", "incident", "history", "calendar", "uptime", "subscribe"):
        tab.goto(address + paths[name])
        faults += [f"{name} is wider than {width}" for width in too_narrow_for(tab)]
        faults += [f"{name}: {one}" for one in looked_at(tab, 360, "light")]
    assert faults == []


def requests_elsewhere(tab: Tab, address: str) -> list[str]:
    """Return a list that fills with what a page asks of other origins."""
    found: list[str] = []
    tab.on("request", lambda request: found.append(request.url) if not request.url.startswith(address) else None)
    return found


def too_narrow_for(tab: Tab) -> list[int]:
    """Return the widths at which a page would scroll sideways."""
    found = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        if tab.evaluate("document.documentElement.scrollWidth") != width:
            found.append(width)
    return found


def looked_at(tab: Tab, width: int, scheme: str) -> list[str]:
    """Return what axe-core finds at a width in a scheme."""
    tab.set_viewport_size({"width": width, "height": 900})
    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its literals
    return findings(tab)


@pytest.mark.parametrize("name", ["quiet", "one", "maintenance", "down", "recovering"])
def test_f06_the_first_page_of_every_other_scene_is_sound(stage: Stage, opened: Opened, name: str) -> None:
    _, address = stage(name)
    tab = opened()
    tab.goto(address)
    for width, scheme in ((360, "dark"), (1280, "light")):
        assert looked_at(tab, width, scheme) == [], (width, scheme)


SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(one => {
  const style = getComputedStyle(one);
  if (one.closest(".hidden-text, .skip, svg, .scroll, .trap, .strip") || !one.checkVisibility()) return false;
  const holdsText = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  const isClipped = style.overflowX !== "visible" || style.overflowY !== "visible";
  return holdsText && (isClipped && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
    || one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1);
}).map(one => one.outerHTML.slice(0, 120))"""


def test_r02_at_400_percent_and_with_the_text_spacing_of_wcag_nothing_is_lost(stage: Stage, opened: Opened) -> None:
    page, address = stage("one")
    tab = opened(viewport={"width": 320, "height": 640})
    faults = []
    for name, path in addresses(page).items():
        tab.goto(address + path)
        tab.evaluate(SPACING)
        if tab.evaluate("document.documentElement.scrollWidth") > 320:
            faults.append(f"{name} is wider")
        faults += [f"{name}: {one}" for one in tab.evaluate(CUT)]
    assert faults == []


SMALL = """() => [...document.querySelectorAll(
  "main .button, header :is(.button, nav a), .actions a, .group > summary, .pager a, input:not([type=hidden]), select")]
  .filter(one => one.checkVisibility() && !one.closest(".trap"))
  .map(one => [one.matches("[type=checkbox], [type=radio]") ? one.closest("label") || one : one, one])
  .filter(([box]) => box.getBoundingClientRect().height < 43.5)
  .map(([, one]) => one.outerHTML.slice(0, 120))"""


def test_r07_what_is_pressed_most_is_44_pixels_tall_on_a_phone(stage: Stage, opened: Opened) -> None:
    page, address = stage("one")
    tab = opened(viewport={"width": 360, "height": 780}, has_touch=True)
    for name, path in addresses(page).items():
        tab.goto(address + path)
        assert tab.evaluate(SMALL) == [], name
