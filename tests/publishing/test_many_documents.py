"""Which documents of very many components are made, and when."""

from datetime import timedelta

import pytest

from incidents.publishing.catalogue import touched_documents
from incidents.publishing.readings import Readings
from incidents.publishing.touched import Touched
from incidents.publishing.touching import touched_by_clock
from incidents.timeline.models import Page
from tests.build import NOON, make_page, minutes
from tests.publishing.making import all_documents
from tests.publishing.many import make_many

pytestmark = pytest.mark.django_db

FIGURES = {"/uptime", "/uptime.json", "/uptime.csv"}


def paths(page: Page, touched: Touched) -> list[str]:
    return [one.path for one in touched_documents(Readings(page, seen_at=NOON), touched)]


def test_badges_of_very_many_parts_are_made_ahead_in_one_variant_and_in_all_when_their_state_changes() -> None:
    page = make_page()
    part = make_many(page, 101)[0]
    assert part.group
    ahead = [one.path for one in all_documents(Readings(page, seen_at=NOON)) if one.path.startswith("/badge/")]
    assert len(ahead) == 101 + 5
    changed = paths(page, Touched(components=frozenset({part.code})))
    assert len([one for one in changed if one.startswith(f"/badge/{part.code}")]) == 9
    assert len([one for one in changed if one.startswith(f"/badge/{part.group.code}")]) == 9
    assert not [one for one in changed if one.startswith("/c/") and part.code not in one]


def test_a_mere_minute_leaves_the_figures_of_months_and_an_hour_does_not() -> None:
    page = make_page()
    make_many(page, 5)
    minute = touched_by_clock(page, since=NOON, until=NOON + minutes(1))
    hour = touched_by_clock(page, since=NOON - minutes(1), until=NOON)
    day = touched_by_clock(page, since=NOON - timedelta(days=1), until=NOON)
    assert not FIGURES & set(paths(page, minute))
    assert "/" in paths(page, minute)
    assert set(paths(page, hour)) >= FIGURES
    assert set(paths(page, day)) >= FIGURES
    assert set(paths(page, Touched() | minute)) >= FIGURES


def test_what_readers_wait_for_comes_first_and_what_is_about_one_subject_side_by_side() -> None:
    page = make_page()
    part = make_many(page, 30)[7]
    recipes = list(all_documents(Readings(page, seen_at=NOON)))
    urgent = [one.family.is_urgent for one in recipes]
    assert urgent == sorted(urgent, reverse=True)
    assert recipes[0].path == "/"
    about = [number for number, one in enumerate(recipes) if one.subject == (part.code,)]
    assert len(about) > 3
    assert about == list(range(about[0], about[0] + len(about)))
