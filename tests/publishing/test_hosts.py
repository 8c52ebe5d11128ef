"""Several pages, each at a host of its own: answered without a restart, linked under their own address."""

from datetime import timedelta

import pytest
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Page
from tests.build import NOON, make_incident, make_page
from tests.publishing.making import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages() -> tuple[Page, Page]:
    start = now() - timedelta(days=9)
    return make_page(name="Default", at=start), make_page(name="Orion", host="status.orion.example", at=start)


def test_a_page_answers_at_its_host_as_soon_as_it_has_it(pages: tuple[Page, Page], client: Client) -> None:
    assert b"Orion" in client.get("/", headers={"host": "status.orion.example"}).content
    assert b"Orion" in client.get("/", headers={"host": "STATUS.orion.example:8443"}).content
    assert client.get("/", headers={"host": "new.orion.example"}).status_code == 400
    pages[1].edit(host="new.orion.example", by="ada", at=now())
    assert b"Orion" in client.get("/", headers={"host": "new.orion.example"}).content


@pytest.mark.parametrize("host", ["evil.example", "x.status.orion.example", "(hosts of pages)", "*", "", "a b"])
def test_a_host_of_nobody_is_refused_and_shows_no_page(pages: tuple[Page, Page], client: Client, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert b"Default" not in answer.content


def test_the_hosts_of_this_installation_show_the_default_page(pages: tuple[Page, Page], client: Client) -> None:
    for host in ("testserver", "localhost"):
        assert b"Default" in client.get("/", headers={"host": host}).content


def test_all_links_of_a_page_have_its_host(pages: tuple[Page, Page]) -> None:
    _, orion = pages
    incident = make_incident(orion, at=now())
    for name, subject in (("index", ()), ("incident", (incident.code,)), ("history", ("1",)), ("uptime", ())):
        html = made(orion, name, *subject, at=now()).decode()
        assert '<link rel="canonical" href="http://status.orion.example' in html
        assert '<meta property="og:url" content="http://status.orion.example' in html
    for name in ("feed_atom", "feed_rss", "sitemap", "robots", "index_markdown", "index_json", "calendar"):
        body = made(orion, name, at=now()).decode()
        assert "//status.orion.example" in body
        assert "//127.0.0.1" not in body


def test_a_form_sent_to_a_page_of_its_own_host_is_taken(pages: tuple[Page, Page]) -> None:
    client = Client(enforce_csrf_checks=True)
    origin = {"host": "status.orion.example", "origin": "http://status.orion.example"}
    answer = client.post("/subscribe", {"channel": "email", "address": "not-an-address"}, headers=origin)
    assert answer.status_code in (400, 422)


def test_a_server_in_front_asks_which_hosts_are_ours(pages: tuple[Page, Page], client: Client) -> None:
    assert client.get("/hosts/ask?domain=status.orion.example").status_code == 200
    for other in ("evil.example", "", "testserver", "%00", "a" * 5_000):
        assert client.get(f"/hosts/ask?domain={other}").status_code == 404
    assert client.post("/hosts/ask?domain=status.orion.example").status_code == 405


def test_pages_readers_ask_for_have_their_address_too(pages: tuple[Page, Page], client: Client) -> None:
    for path in ("/components", "/history/search"):
        html = client.get(path, headers={"host": "status.orion.example"}).content.decode()
        assert f'<link rel="canonical" href="http://status.orion.example{path}' in html


def test_an_unlisted_page_says_so_in_every_answer(client: Client) -> None:
    page = make_page(at=NOON - timedelta(days=9))
    assert "X-Robots-Tag" not in client.get("/")
    page.edit(is_unlisted=True, by="ada", at=now())
    for path in ("/", "/history", "/history.atom", "/badge.svg", "/index.md", "/api/v2/summary.json", "/robots.txt"):
        assert client.get(path)["X-Robots-Tag"] == "noindex", path
    assert client.get("/", headers={"accept": "text/markdown"})["X-Robots-Tag"] == "noindex"
    assert b'<meta name="robots" content="noindex">' in client.get("/").content
    assert b"Sitemap" not in client.get("/robots.txt").content
    assert b"<loc>" not in client.get("/sitemap.xml").content
