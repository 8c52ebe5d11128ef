"""Where the console says that readers look, and what is shown when nothing else can be."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from incidents.lib.clock import now
from incidents.timeline.models import Page
from tests.build import make_incident, make_page


def test_the_default_page_is_linked_where_it_is(page: Page, ada: Client) -> None:
    assert '<a href="/">Public page</a>' in ada.get("/console/").content.decode()


def test_a_second_page_is_linked_at_its_own_host(page: Page, ada: Client) -> None:
    other = make_page(name="Other", host="other.example", at=page.created_at)
    incident = make_incident(other, at=now())
    ada.post("/console/page/choice", {"page": other.code})
    assert '://other.example/">Public page</a>' in ada.get("/console/").content.decode()
    shown = ada.get(f"/console/incidents/{incident.code}").content.decode()
    assert f"://other.example/incidents/{incident.code}" in shown


def test_a_second_page_without_a_host_is_said_to_have_no_address(page: Page, ada: Client) -> None:
    other = make_page(name="Other", at=page.created_at)
    ada.post("/console/page/choice", {"page": other.code})
    for address in ("/console/", "/console/more", f"/console/incidents/{make_incident(other, at=now()).code}"):
        assert "No public address yet" in ada.get(address).content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_last_resort_needs_neither_database_nor_request(name: str) -> None:
    assert "To the public page" in render_to_string(name)
