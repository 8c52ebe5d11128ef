"""axe-core on every public page of sites with 0, 1 and 3 open incidents, 12 and 200 components, in two directions."""

from collections.abc import Iterator
from itertools import product

from playwright.sync_api import sync_playwright

from tests.acceptance.axe import findings
from tests.benchmarks.face.ground import served
from tests.benchmarks.page.lines import at_most
from tests.servers.chromium import FLAGS, install_chromium

SCENES = ("quiet", "one", "three")
COUNTS = (12, 200)
LANGUAGES = ("en", "ar")
WIDTHS = (360, 768, 1280)
SCHEMES = ("light", "dark")


def measured_matrix(*, is_quick: bool) -> Iterator[str]:
    """Yield the number of findings and of widths a page does not fit, for each site; `quick` takes sites of 12."""
    sites: dict[tuple[str, int, str], tuple[str, dict[str, str]]] = {}

    def build() -> None:
        # Models can be imported only now.
        from incidents.lib.clock import now
        from tests.acceptance.scenes import addresses, set_up

        for name, count, language in product(SCENES, COUNTS[:1] if is_quick else COUNTS, LANGUAGES):
            page = set_up(name, at=now(), count=count, language=language)
            sites[name, count, language] = (page.host, addresses(page))

    with served(build) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=install_chromium(), args=FLAGS)
        tab = browser.new_page()
        for (name, count, language), (host, paths) in sites.items():
            faults, looks = [], 0
            for kind, path in paths.items():
                tab.goto(f"http://{host}:{site.port}{path}")
                for width, scheme in product(WIDTHS, SCHEMES):
                    tab.set_viewport_size({"width": width, "height": 900})
                    tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its literals
                    looks += 1
                    faults += [f"{kind} {width} {scheme}: {one}" for one in findings(tab)]
                    if tab.evaluate("document.documentElement.scrollWidth") != width:
                        faults.append(f"{kind} {width}: wider than the screen")
            yield at_most(f"axe findings, {name}, {count} components, {language}, {looks} looks", len(faults), 0)
            yield from (f"  {fault}\t1\t-\tshort" for fault in faults[:20])
        browser.close()
