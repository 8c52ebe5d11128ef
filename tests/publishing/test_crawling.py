from datetime import timedelta
from io import BytesIO
from urllib.robotparser import RobotFileParser
from xml.dom import minidom

import pytest
from django.test import Client
from PIL import Image

from incidents.timeline.models import Incident
from tests.build import NOON, make_component, make_incident, make_page
from tests.publishing.making import made

pytestmark = pytest.mark.django_db


def addresses(body: bytes) -> list[str]:
    found = minidom.parseString(body).getElementsByTagName("loc")  # noqa: S318 - our own bytes
    return [str(one.firstChild.data) for one in found if one.firstChild]


def test_robots_may_read_what_people_read_and_nothing_else() -> None:
    page = make_page(host="status.acme.example")
    rules = RobotFileParser()
    rules.parse(made(page, "robots").decode().splitlines())
    for path in ("/", "/history", "/incidents/abc", "/api/v2/summary.json", "/og/abc.png"):
        assert rules.can_fetch("anybody", f"http://status.acme.example{path}")
    for path in ("/console/", "/admin/login", "/live/index"):
        assert not rules.can_fetch("anybody", f"http://status.acme.example{path}")
    assert rules.site_maps() == ["http://status.acme.example/sitemap.xml"]


def test_the_sitemap_names_every_kind_of_page() -> None:
    page = make_page(host="status.acme.example", at=NOON - timedelta(days=400))
    api = make_component(page)
    old = make_incident(page, at=NOON - timedelta(days=200))
    old.resolve(body="Over.", by="test", at=NOON - timedelta(days=200))
    paths = [address.removeprefix("http://status.acme.example") for address in addresses(made(page, "sitemap"))]
    assert paths == [
        *("/", "/uptime", f"/c/{api.code}", "/history", "/history?page=2", "/history?page=3"),
        f"/incidents/{old.code}",
    ]


def test_the_sitemap_tells_no_secrets_and_ends_after_the_newest_500() -> None:
    page = make_page()
    vault = make_component(page, name="Vault", visibility="staff")
    draft = Incident.prepare(page=page, title="Secret", by="test", at=NOON)
    theirs = make_incident(make_page(name="Other", host="other.example"))
    body = made(page, "sitemap").decode()
    assert not [code for code in (vault.code, draft.code, theirs.code) if code in body]


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/favicon.ico", "image/x-icon"),
        ("/favicon.svg", "image/svg+xml"),
    ],
)
def test_each_answers_with_its_type(client: Client, path: str, content_type: str) -> None:
    make_page()
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, content_type)
    assert not answer.cookies


def test_the_icon_is_that_of_the_state_in_three_sizes() -> None:
    page = make_page()
    api = make_component(page)
    calm_svg, calm_ico = made(page, "favicon_svg"), made(page, "favicon_ico")
    assert b"#3d9e71" in calm_svg
    assert b"prefers-color-scheme:dark" in calm_svg
    image = Image.open(BytesIO(calm_ico))
    assert image.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    red, green, blue, _ = image.convert("RGBA").getpixel((8, 24))
    assert green > red
    assert green > blue
    api.set_status("major_outage", by="test", at=NOON)
    assert made(page, "favicon_svg") != calm_svg
    assert made(page, "favicon_ico") != calm_ico
