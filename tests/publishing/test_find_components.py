"""`/components`: finding a component without script."""

import re

import pytest
from django.test import Client

from tests.build import NOON, make_component, make_group, make_page
from tests.publishing.many import make_many
from tests.publishing.reading import faults, words

pytestmark = pytest.mark.django_db


def names(html: str) -> list[str]:
    return re.findall(r'class="name"[^>]*>([^<]*)<', html)


def find(client: Client, query: str) -> str:
    answer = client.get(f"/components?{query}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer
    html = answer.content.decode()
    assert not faults(html)
    return html


def test_words_are_found_in_the_names_of_component_and_group(client: Client) -> None:
    page = make_page()
    for name in ("API", "Webhooks"):
        make_component(page, name=name, group=make_group(page, name=f"Core {name}"))
    make_component(page, name="Forum")
    assert names(find(client, "q=web")) == ["Webhooks"]
    assert names(find(client, "q=core+API")) == ["API"]
    assert names(find(client, "q=")) == ["API", "Webhooks", "Forum"]
    html = find(client, 'q="><script>')
    assert "Nothing matches." in words(html)
    assert "<script>" not in html


def test_only_what_is_affected(client: Client) -> None:
    page = make_page()
    make_component(page, name="Web")
    make_component(page).set_status("partial_outage", by="test", at=NOON)
    html = find(client, "affected=1")
    assert names(html) == ["API"]
    assert "1 component matches." in words(html)
    assert 'value="1" checked' in html


def test_very_many_are_shown_page_by_page(client: Client) -> None:
    make_many(make_page(), 130)
    first, second = find(client, "q=part"), find(client, "q=part&page=2")
    assert len(names(first)) == 100
    assert len(names(second)) == 30
    assert 'href="?q=part&amp;page=2"' in first
    assert 'href="?q=part&amp;page=1"' in second
    assert "130 components match." in words(first)


def test_what_only_staff_may_see_is_not_found(client: Client) -> None:
    page = make_page()
    make_component(page, name="Vault", visibility="staff")
    make_component(page, name="Fax").archive(by="test", at=NOON)
    assert names(find(client, "")) == []


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=101", "page=²"])
def test_a_page_there_cannot_be_is_not_there(client: Client, query: str) -> None:
    make_component(make_page())
    assert client.get(f"/components?{query}").status_code == 404


def test_an_overlong_question_is_cut_and_writing_is_refused(client: Client) -> None:
    make_component(make_page())
    assert "Nothing matches." in words(find(client, "q=" + "x" * 5000))
    assert client.post("/components").status_code == 405
