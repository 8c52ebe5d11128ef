import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image, ImageFont

from incidents.lib.languages import OFFERED, speaking
from incidents.lib.prefixes import prefix_of
from incidents.publishing.documents.drawing import _encoded, _picture, legible, png
from incidents.publishing.documents.pictures import (
    Part,
    Picture,
    picture_of_incident,
    picture_of_nothing,
    picture_of_page,
)
from incidents.publishing.readings import NothingThere, Readings
from incidents.timeline.models import Incident
from tests.build import NOON, make_component, make_incident, make_maintenance, make_page, minutes
from tests.publishing.making import made
from tests.publishing.reading import incident_html, index_html

PLAIN = Picture(page="Acme", host="status.acme.example", glyph="operational", sentence="All systems operational")
UNDRAWN = ("ja", "zh-Hans", "ar")
"""Languages whose letters the face lacks."""

LONG = "Elevated error rates and slow answers of the public interface in every European region since noon"
API = Part("API", "partial_outage")
MANY = tuple(Part(f"Component {number}", "major_outage") for number in range(4))
SAMPLES = [
    PLAIN,
    replace(PLAIN, glyph="major_outage", sentence=LONG * 2, ground="major_outage", stamp="Nov 21, 2026 - 12:00 UTC"),
    replace(PLAIN, glyph="identified", sentence=LONG, second="Identified · Partial outage", parts=(API,)),
    replace(PLAIN, sentence="Major outage", parts=MANY, more=9),
    replace(PLAIN, page="状態", sentence="サービス障害", second="Investigating", parts=(Part("検索", "major_outage"),)),
    replace(PLAIN, language="", sentence="Acme", glyph="major_outage", ground="major_outage", parts=MANY, more=9),
    replace(PLAIN, language="", page="状態", sentence="サービス障害"),
    replace(PLAIN, glyph="status", sentence="Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselbundhalter"),
]


def picture_path(html: str) -> str:
    found = re.search(r'<meta property="og:image" content="https?://[^/]+(/og/[^"]+)">', html)
    assert found
    return found.group(1)


@pytest.mark.parametrize("picture", SAMPLES, ids=range(len(SAMPLES)))
def test_u03_a_picture_is_1200_by_630_and_at_most_80_kilobytes(picture: Picture) -> None:
    body = png(picture)
    image = Image.open(BytesIO(body))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(body) <= 80_000


def test_u04_the_sentence_is_still_legible_at_300_pixels() -> None:
    smallest = replace(PLAIN, sentence=LONG)
    image = Image.open(BytesIO(png(smallest))).convert("L")
    rows = [y for y in range(140, 508) if min(image.crop((244, y, 1112, y + 1)).tobytes()) < 60]
    lines = [y for y in rows if y - 1 not in rows]
    heights = [next(below for below in range(top, 508) if below not in rows) - top for top in lines]
    # A quarter of the size is what a phone shows; twelve pixels are needed there.
    assert max(heights) >= 48


def test_a_picture_lies_on_light_ground_and_trouble_on_its_wash() -> None:
    def ground(picture: Picture) -> tuple[int, ...]:
        return Image.open(BytesIO(png(picture))).convert("RGB").getpixel((60, 300))

    assert min(ground(PLAIN)) > 245
    red, green, blue = ground(replace(PLAIN, ground="major_outage"))
    assert red > 245 > max(green, blue) > 220


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Zürich & Žižkov – “ok”", "Zürich & Zizkov – “ok”"),
        ("Łódź", "Lódz"),
        ("Region\u2011wide \u2192 \U0001f6a8 outage", "Region-wide outage"),
        ("状態", ""),
        ("API 状態", ""),
    ],
)
def test_what_the_face_lacks_is_never_drawn_as_an_empty_box(typed: str, drawn: str) -> None:
    assert legible(typed) == drawn


def test_the_face_has_every_character_it_is_said_to_have() -> None:
    face = ImageFont.truetype(str(Path(settings.BASE_DIR) / "static/fonts/source-sans-3-latin-wght-normal.woff2"), 60)
    missing = bytes(face.getmask("\uffff"))
    said = [chr(code) for code in range(0x21, 0x2300) if legible(chr(code)) == chr(code) and code != 0xAD]
    assert len(said) > 200
    assert [character for character in said if bytes(face.getmask(character)) == missing] == []


def test_the_address_is_a_digest_of_the_words() -> None:
    assert PLAIN.digest == replace(PLAIN).digest
    others = [replace(PLAIN, sentence="Other"), replace(PLAIN, stamp="now"), replace(PLAIN, ground="no_data")]
    assert len({PLAIN.digest, *(one.digest for one in others)}) == 4


@pytest.mark.django_db
def test_u03_the_first_page_names_a_picture_of_its_state_whose_address_changes_with_it() -> None:
    page = make_page()
    api = make_component(page)
    calm = picture_path(index_html(page, at=NOON))
    assert picture_path(index_html(page, at=NOON + minutes(1))) == calm
    page.edit(publishes_detection=True, by="test", at=NOON)
    assert picture_path(index_html(page, at=NOON)) == calm
    api.set_status("partial_outage", by="test", at=NOON)
    assert picture_path(index_html(page, at=NOON)) != calm


@pytest.mark.django_db
def test_u03_each_update_of_an_incident_gives_its_link_another_picture() -> None:
    page = make_page()
    incident = make_incident(page, components={make_component(page): "major_outage"})
    first = picture_path(incident_html(incident, at=NOON))
    incident.post_update(body="Found.", by="test", at=NOON + minutes(5), phase=page.phase("identified"))
    second = picture_path(incident_html(incident, at=NOON + minutes(5)))
    assert first != second
    assert f"/og/{incident.code}/" in first


@pytest.mark.django_db
def test_the_address_in_the_head_answers_with_the_picture_for_ever(client: Client) -> None:
    page = make_page()
    incident = make_incident(page, components={make_component(page): "major_outage"})
    for path in ("/", f"/incidents/{incident.code}", "/history", "/uptime"):
        answer = client.get(picture_path(client.get(path).content.decode()))
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/png"
        assert "immutable" in answer["Cache-Control"]


@pytest.mark.django_db
def test_nobody_can_have_pictures_drawn_by_making_addresses_up(client: Client) -> None:
    page = make_page()
    incident = make_incident(page)
    draft = Incident.prepare(page=page, title="Secret", by="test", at=NOON)
    assert client.get("/og/0123456789abcdef.png").status_code == 404
    assert client.get(f"/og/{incident.code}/0123456789abcdef.png").status_code == 404
    assert client.get(f"/og/{draft.code}/0123456789abcdef.png").status_code == 404
    with pytest.raises(NothingThere):
        made(page, "picture_of_incident", draft.code, "0123456789abcdef")


@pytest.mark.django_db
def test_u02_title_and_description_of_a_preview_are_never_empty() -> None:
    page = make_page()
    make_maintenance(page)
    for html in (index_html(page, at=NOON), incident_html(make_incident(page), at=NOON)):
        told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', html))
        assert told["title"]
        assert len(told["description"]) > 20


@pytest.mark.django_db
@pytest.mark.parametrize("language", OFFERED)
def test_u03_a_picture_speaks_the_language_of_its_page_or_none(client: Client, language: str) -> None:
    page = make_page()
    page.edit(further_languages=[one for one in OFFERED if one != "en"], by="test", at=page.created_at)
    components = {make_component(page, name=f"Part {number}"): "major_outage" for number in range(6)}
    incident = make_incident(page, components=components, title="API", at=NOON - minutes(9))
    told = Readings(page, seen_at=NOON).spoken("" if language == "en" else language)
    pictures = {
        "": picture_of_page(told.index),
        f"/incidents/{incident.code}": picture_of_incident(told.incident(incident.code), told.page),
        "/history": picture_of_nothing(told.page),
    }
    for path, picture in pictures.items():
        address = f"{prefix_of(language) if language != 'en' else ''}{path}" or "/"
        assert f'/{picture.digest}.png">' in client.get(address).content.decode(), address
        assert picture.language == ("" if language in UNDRAWN else language)
    assert len({picture.digest for picture in pictures.values()}) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("language", UNDRAWN)
def test_u03_a_picture_in_no_language_says_what_staff_typed_and_figures(language: str) -> None:
    page = make_page()
    page.edit(language=language, by="test", at=page.created_at)
    components = {make_component(page, name=f"Part {number}"): "major_outage" for number in range(6)}
    incident = make_incident(page, components=components, title="API", at=NOON - minutes(9))
    told = Readings(page, seen_at=NOON)
    whole, one = picture_of_page(told.index), picture_of_incident(told.incident(incident.code), told.page)
    assert (whole.sentence, whole.second, whole.stamp) == ("Acme", "", "2026-11-21 11:51 UTC")
    assert (one.sentence, one.second, one.stamp) == ("API", "", "2026-11-21 11:51 UTC")
    assert (whole.glyph, whole.ground, whole.more) == ("major_outage", "major_outage", 2)
    # Nothing that is drawn is taken from a catalogue: in whatever language it is drawn, it is the same.
    bytes_in = {_drawn_in(language, whole) for language in ("en", "de", "fr")}
    assert len(bytes_in) == 1
    assert len({_drawn_in(language, replace(whole, language="en")) for language in ("en", "de", "fr")}) > 1


def _drawn_in(language: str, picture: Picture) -> bytes:
    with speaking(language):
        return _encoded(_picture(picture))
