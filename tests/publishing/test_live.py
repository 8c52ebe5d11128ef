import re

import pytest
from django.test import Client

from tests.build import NOON, make_component, make_incident, make_page
from tests.publishing.making import made
from tests.publishing.reading import incident_html, index_html

pytestmark = pytest.mark.django_db


def main_of(html: str) -> str:
    """Return what stands between the head and the foot of a page."""
    found = re.search(r"<main[^>]*>(.*)</main>", html, re.DOTALL)
    assert found
    return found.group(1).strip()


def test_the_live_part_is_the_middle_of_the_page_with_title_and_icon() -> None:
    page = make_page()
    api = make_component(page)
    incident = make_incident(page, components={api: "major_outage"})
    live = made(page, "live_index").decode()
    assert live.startswith("<title>Major outage across all systems · Acme status</title>")
    assert 'id="favicon"' in live
    assert re.search(r'<link id="favicon-small"[^>]* href="[^"]+\.png" hx-swap-oob="true">', live)
    assert "icons/major_outage" in live
    assert live.endswith(main_of(index_html(page, at=NOON)) + "\n\n") or main_of(index_html(page, at=NOON)) in live
    assert main_of(incident_html(incident, at=NOON)) in made(page, "live_incident", incident.code).decode()
    for body in (live, made(page, "live_component", api.code).decode()):
        assert "<html" not in body
        assert '<nav aria-label="Page"' not in body


def test_l04_an_idle_poll_costs_no_body(client: Client) -> None:
    make_page()
    answer = client.get("/live/index")
    assert client.get("/live/index", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_what_is_not_public_has_no_live_part(client: Client) -> None:
    page = make_page()
    vault = make_component(page, name="Vault", visibility="staff")
    assert client.get(f"/live/c/{vault.code}").status_code == 404
    assert client.get("/live/incidents/000000000000").status_code == 404
