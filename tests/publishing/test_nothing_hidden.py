"""No document of any kind tells what only staff, or another page, may know."""

import pytest

from incidents.publishing.readings import NothingThere, Readings
from incidents.timeline.models import Incident, Page
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page, minutes
from tests.publishing.making import all_documents

pytestmark = pytest.mark.django_db

SECRET = "zanzibar"


def page_with_secrets() -> Page:
    page = make_page()
    api = make_component(page, group=make_group(page))
    vault = make_component(
        page, name=f"Vault {SECRET}", visibility="staff", group=make_group(page, name=f"Cellar {SECRET}")
    )
    incident = make_incident(page, components={api: "partial_outage", vault: "major_outage"})
    wrong = incident.post_update(body=f"We blame {SECRET}.", by="test", at=NOON + minutes(1), notify=False)
    wrong.remove(by="test", at=NOON + minutes(2), reason=f"That was {SECRET}")
    incident.resolve(body="Over.", by="test", at=NOON + minutes(5), components={api: "operational"})
    make_maintenance(page, components=[api, vault])
    Incident.prepare(page=page, title=f"Draft {SECRET}", by="test", at=NOON)
    Incident.prepare(page=page, title=f"Suspicion {SECRET}", by="test", at=NOON, visibility="suspected")
    other = make_page(name=f"Other {SECRET}", host=f"{SECRET}.example")
    make_incident(
        other, title=f"Theirs {SECRET}", components={make_component(other, name=f"Part {SECRET}"): "major_outage"}
    )
    make_maintenance(other, title=f"Work {SECRET}")
    return page


def test_no_document_names_a_secret() -> None:
    page = page_with_secrets()
    page.refresh_from_db()
    readings = Readings(page, seen_at=NOON + minutes(10))
    told: list[str] = []
    leaks: list[str] = []
    for recipe in all_documents(readings):
        try:
            body = recipe.make(readings)
        except NothingThere:
            continue
        told.append(recipe.family.name)
        if SECRET.encode() in body.lower() or SECRET in recipe.path:
            leaks.append(recipe.path)
    assert leaks == []
    assert {"index", "feed_atom", "api_summary", "calendar", "badge", "embed_frame", "sitemap", "live_index"} <= set(
        told
    )


def test_every_document_has_an_address_of_its_own() -> None:
    page = page_with_secrets()
    readings = Readings(page, seen_at=NOON + minutes(10))
    paths = [recipe.path for recipe in all_documents(readings)]
    assert len(paths) == len(set(paths))
