import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from incidents.timeline.models import Page
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page
from tests.publishing.clients.elsewhere import serving
from tests.publishing.making import made
from tests.publishing.reading import faults

pytestmark = pytest.mark.django_db

STYLE = Path(settings.BASE_DIR) / "static" / "css" / "embed.css"


@pytest.mark.parametrize("name", ["embed_frame", "embed_banner"])
def test_u07_a_frame_is_one_line_with_glyph_sentence_and_link_in_eight_kilobytes(name: str) -> None:
    page = make_page(host="status.acme.example")
    make_incident(page, title="A <long> story", components={make_component(page): "partial_outage"})
    html = made(page, name).decode()
    assert faults(html) == []
    assert "<script" not in html
    assert "<title>Acme status: Partial outage: API</title>" in html
    assert '<svg class="glyph glyph-partial_outage"' in html
    assert 'href="http://status.acme.example/"' in html
    assert "A &lt;long&gt; story" in html
    assert len(html.encode()) + STYLE.stat().st_size <= 8 * 1024


def test_in_peace_a_frame_says_so() -> None:
    page = make_page()
    make_component(page)
    assert "All systems operational" in made(page, "embed_frame").decode()


def test_u07_a_frame_may_stand_on_any_page_runs_nothing_and_sets_no_cookie(client: Client) -> None:
    make_page()
    answer = client.get("/embed/frame?mobile=true")
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in answer
    assert not answer.cookies


def test_the_script_is_small_and_may_be_loaded_from_anywhere(client: Client) -> None:
    make_page()
    answer = client.get("/embed/script.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(answer.content) <= 3 * 1024


HOST_PAGE = """<!doctype html><title>Shop</title>
<button id="low" style="position:fixed;bottom:90px;left:80px">Buy</button>
<script src="SERVER/embed/script.js" async></script>"""


@pytest.fixture
def shop(live_server: LiveServer) -> Iterator[str]:
    """The address of a page of somebody else that carries our script."""
    page = HOST_PAGE.replace("SERVER", live_server.url).encode()
    with serving({"/": ("text/html", page)}) as address:
        yield f"{address}/"


def visit(tab: Tab, address: str) -> None:
    tab.goto(address)
    tab.wait_for_load_state("networkidle")


@pytest.mark.django_db(transaction=True)
class TestInABrowser:
    @pytest.fixture
    def acme(self) -> Page:
        page = make_page()
        make_component(page)
        return page

    def test_the_corner_stays_empty_while_nothing_is_wrong(self, acme: Page, shop: str, page: Tab) -> None:
        make_maintenance(acme)
        visit(page, shop)
        assert page.get_by_role("complementary").count() == 0

    def test_it_shows_what_is_open_and_remembers_that_it_was_closed(
        self, acme: Page, shop: str, page: Tab, browser: Browser
    ) -> None:
        make_incident(acme, at=NOON)
        visit(page, shop)
        corner = page.get_by_role("complementary", name="Acme status")
        expect(corner.frame_locator("iframe").locator("body")).to_contain_text("We are investigating an issue")
        corner.get_by_role("button", name="Close: Acme status").click()
        expect(corner).to_have_count(0)
        visit(page, shop)
        assert corner.count() == 0
        make_incident(acme, at=NOON, title="Another")
        # A browser that remembers what was closed, but no answer of ten seconds ago.
        memory = page.context.storage_state()
        with browser.new_context(storage_state=memory) as later:
            tab = later.new_page()
            visit(tab, shop)
            expect(tab.get_by_role("complementary", name="Acme status")).to_have_count(1)

    def test_it_never_covers_what_has_the_focus(self, acme: Page, shop: str, page: Tab) -> None:
        make_incident(acme, at=NOON)
        visit(page, shop)
        corner = page.locator("aside")
        expect(corner).to_be_visible()
        page.locator("#low").focus()
        expect(corner).to_be_hidden()


def test_the_frame_has_no_other_style_than_its_own_sheet() -> None:
    page = make_page()
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', made(page, "embed_frame").decode())
    assert [Path(sheet).name for sheet in sheets] == ["embed.css"]
