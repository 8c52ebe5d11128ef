import re
from collections.abc import Iterator
from xml.dom import minidom

import pytest
from django.test import Client

from incidents.publishing.documents.badges import VARIANTS, Badge, Variant, badge, badge_of_page
from incidents.publishing.palette import DARK, LIGHT, Scheme
from incidents.publishing.sentence import Standing, sentence_for
from incidents.timeline.states import ComponentStatus
from tests.build import NOON, make_component, make_group, make_incident, make_page
from tests.publishing.making import made
from tests.publishing.test_tokens import contrast

GLYPHS = [*ComponentStatus.values, "no_data", "monitoring", "investigating"]
NAMES = ["API", "Search & <Exports>", "é" * 255, "状態の表示" * 20]


def every_badge() -> Iterator[tuple[Badge, Variant]]:
    return ((Badge(name, glyph, "A word"), variant) for name in NAMES for glyph in GLYPHS for variant in VARIANTS)


def test_u06_every_badge_is_well_formed_and_at_most_two_kilobytes() -> None:
    for facts, variant in every_badge():
        body = badge(facts, variant)
        assert minidom.parseString(body).documentElement.tagName == "svg"  # noqa: S318 - our own bytes
        assert len(body) <= 2048


def test_u06_every_badge_says_name_and_word_to_those_who_cannot_see_it() -> None:
    svg = badge(Badge("Search & <Exports>", "partial_outage", "Partial outage")).decode()
    spoken = "Search &amp; &lt;Exports&gt;: Partial outage"
    assert f"<title>{spoken}</title>" in svg
    assert f'role="img" aria-label="{spoken}"' in svg
    assert ">Partial outage</text>" in svg


def test_u06_a_badge_without_a_scheme_has_both() -> None:
    facts = Badge("API", "major_outage", "Major outage")
    auto, light, dark = (badge(facts, Variant(scheme)).decode() for scheme in ("", "light", "dark"))
    assert "prefers-color-scheme:dark" in auto
    assert "style" not in light + dark
    for colour in (LIGHT.surface, LIGHT.states["major_outage"].text):
        assert colour in auto
        assert colour in light
    for colour in (DARK.surface, DARK.states["major_outage"].text):
        assert colour in auto
        assert colour in dark


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_u06_every_word_stands_out_from_its_ground(scheme: Scheme) -> None:
    for glyph in GLYPHS:
        assert contrast(scheme.text(glyph), scheme.surface) >= 4.5
    assert contrast(scheme.ink_2, scheme.surface) >= 4.5


def test_sizes_differ_by_scale_alone() -> None:
    heights = [
        re.search(r'height="(\d+)"', badge(Badge("API", "operational", "Operational"), Variant(size=size)).decode())
        for size in ("small", "", "large")
    ]
    assert [one and one.group(1) for one in heights] == ["21", "28", "42"]


@pytest.mark.parametrize(
    ("phases", "word"), [(["monitoring"], "Recovering"), (["identified"], "Investigating"), ([], "Operational")]
)
def test_the_page_speaks_in_one_word(phases: list[str], word: str) -> None:
    sentence = sentence_for(Standing([("API", "operational")], phases))
    assert badge_of_page("Acme", sentence).word == word


@pytest.mark.django_db
def test_page_component_and_group_have_badges_of_their_own() -> None:
    page = make_page()
    group = make_group(page, name="Core")
    api = make_component(page, group=group)
    api.set_status("degraded_performance", by="test", at=NOON)
    assert "<title>Acme: Degraded performance</title>" in made(page, "badge").decode()
    assert "<title>API: Degraded performance</title>" in made(page, "badge_of", api.code).decode()
    assert "<title>Core: Degraded performance</title>" in made(page, "badge_of-dark-large", group.code).decode()


@pytest.mark.django_db
def test_addresses_name_scheme_and_size(client: Client) -> None:
    page = make_page()
    api = make_component(page)
    make_incident(page, components={api: "partial_outage"})
    for path in ("/badge.svg", "/badge-dark.svg", "/badge-light-small.svg", f"/badge/{api.code}.svg"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/svg+xml"
    large = client.get(f"/badge/{api.code}-dark-large.svg")
    assert large.status_code == 200
    assert DARK.surface.encode() in large.content
    assert client.get("/badge-huge.svg").status_code == 404


@pytest.mark.django_db
def test_what_readers_may_not_see_has_no_badge(client: Client) -> None:
    page = make_page()
    vault = make_component(page, name="Vault", visibility="staff")
    theirs = make_component(make_page(name="Other", host="other.example"), name="Theirs")
    gone = make_component(page, name="Gone")
    gone.archive(by="test", at=NOON)
    for code in (vault.code, theirs.code, gone.code, "000000000000"):
        assert client.get(f"/badge/{code}.svg").status_code == 404
