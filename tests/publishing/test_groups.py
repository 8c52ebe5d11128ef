"""Many components: what folds, what is left out of the first page, and what leads to it."""

import re

import pytest
from django.test import Client

from incidents.publishing.readings import NothingThere
from incidents.timeline.models import Component
from tests.build import NOON, make_component, make_group, make_incident, make_page
from tests.publishing.making import made
from tests.publishing.many import make_many
from tests.publishing.reading import faults, index_html, words

pytestmark = pytest.mark.django_db

ROW = re.compile(r'data-component-id="')


def turn(component: Component, status: str) -> None:
    component.set_status(status, by="test", at=NOON)


@pytest.mark.parametrize(("count", "has_form"), [(40, False), (41, True)])
def test_more_than_forty_components_have_a_form_that_finds_one(count: int, has_form: bool) -> None:
    page = make_page()
    turn(make_many(page, count)[0], "partial_outage")
    html = index_html(page, at=NOON)
    assert ('<form class="finder" action="/components" method="get"' in html) is has_form
    assert ("Affected only (1)" in words(html)) is has_form
    assert len(ROW.findall(html)) == count, "all rows are on the page"
    assert not faults(html)


def test_more_than_two_hundred_show_the_rows_of_groups_in_trouble_and_lead_to_the_others() -> None:
    page = make_page()
    parts = make_many(page, 201)
    turn(parts[30], "major_outage")
    html = index_html(page, at=NOON)
    assert len(ROW.findall(html)) == 25
    assert "1 of 25 affected" in html
    quiet = parts[0].group
    assert quiet
    assert f'data-rows="/live/g/{quiet.code}"' in html
    assert f'<a href="/g/{quiet.code}">Show all 25 components</a>' in html
    assert "Show 1 component" in html
    assert not faults(html)


def test_a_group_that_is_always_open_has_its_rows_also_among_very_many() -> None:
    page = make_page()
    group = make_many(page, 201)[60].group
    assert group
    group.edit(by="test", at=NOON, always_open=True)
    html = index_html(page, at=NOON)
    assert len(ROW.findall(html)) == 25
    assert f'data-group="{group.code}" data-weight="0" open>' in html


def test_however_much_is_wrong_the_first_page_stays_small() -> None:
    page = make_page()
    make_many(page, 1000)
    Component.objects.update(status="major_outage")
    html = index_html(page, at=NOON)
    assert len(ROW.findall(html)) == 100
    assert words(html).count("25 of 25 affected") == 40


def test_of_very_many_components_outside_any_group_the_affected_ones_are_shown() -> None:
    page = make_page()
    turn(make_many(page, 250, in_groups=False)[240], "partial_outage")
    html = index_html(page, at=NOON)
    assert len(ROW.findall(html)) == 1
    assert "Part 240" in html
    assert '<a href="/components">Show all 250 components</a>' in html


def test_the_page_of_a_group_has_all_of_its_rows(client: Client) -> None:
    page = make_page()
    parts = make_many(page, 30)
    turn(parts[3], "degraded_performance")
    group = parts[0].group
    assert group
    html = made(page, "group", group.code).decode()
    assert len(ROW.findall(html)) == 25
    assert "Degraded performance · 1 of 25 affected" in words(html)
    assert not faults(html)
    assert len(ROW.findall(made(page, "live_group", group.code).decode())) == 25
    assert client.get(f"/g/{group.code}").status_code == 200
    assert client.post(f"/g/{group.code}").status_code == 405


def test_a_group_of_nothing_public_is_not_there(client: Client) -> None:
    page = make_page()
    group, foreign = make_group(page), make_group(make_page(name="Other", host="other.example"))
    make_component(page, group=group, visibility="staff")
    with pytest.raises(NothingThere):
        made(page, "group", group.code)
    for code in (group.code, foreign.code, "zzzzzzzzzzzz"):
        assert client.get(f"/g/{code}").status_code == 404


def test_an_update_touches_the_group_of_its_component() -> None:
    page = make_page()
    here, there = make_group(page), make_group(page, name="Elsewhere")
    api = make_component(page, group=here)
    make_component(page, name="DNS", group=there)
    before = made(page, "group", here.code), made(page, "group", there.code)
    make_incident(page, at=NOON, components={api: "major_outage"})
    assert made(page, "group", here.code) != before[0]
    assert made(page, "group", there.code) == before[1]
