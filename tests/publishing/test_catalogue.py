from datetime import timedelta

import pytest

from incidents.publishing.catalogue import document_at
from incidents.publishing.readings import Readings
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page
from tests.publishing.making import all_documents, family_named

pytestmark = pytest.mark.django_db


def test_every_published_path_leads_back_to_its_document() -> None:
    page = make_page()
    page.edit(publishes_scorecard=True, by="test", at=NOON)
    api = make_component(page, group=make_group(page))
    make_incident(page, components={api: "partial_outage"})
    make_maintenance(page, components=[api])
    for recipe in all_documents(Readings(page, seen_at=NOON)):
        assert document_at(recipe.path) == recipe


def test_what_the_mere_passing_of_time_changes_is_said_to_follow_the_clock() -> None:
    page = make_page()
    page.edit(publishes_scorecard=True, by="test", at=NOON)
    api = make_component(page, group=make_group(page))
    make_incident(page, components={api: "partial_outage"})
    over = make_incident(page, at=NOON - timedelta(days=40))
    over.resolve(body="Over.", by="test", at=NOON - timedelta(days=40))
    make_maintenance(page, components=[api], starts_at=NOON + timedelta(days=60))
    page.refresh_from_db()
    now, later = Readings(page, seen_at=NOON), Readings(page, seen_at=NOON + timedelta(days=50))
    changed = {recipe.family.name for recipe in all_documents(now) if recipe.make(now) != recipe.make(later)}
    assert "index" in changed
    assert {name for name in changed if not family_named(name).follows_clock} == set()


def test_a_page_of_history_is_found_by_its_number_in_both_forms() -> None:
    for path, name in (("/history?page=3", "history"), ("/history.json?page=3", "history_months")):
        found = document_at(path)
        assert found is not None
        assert (found.family.name, found.subject) == (name, ("3",))
    assert document_at("/no/such/thing") is None
