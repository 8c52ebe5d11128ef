"""A page's own colours, corners, face and logo: checked when they are chosen, published beside the page."""

import re
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image, PngImagePlugin

from incidents.lib.clock import now
from incidents.lib.colours import contrast
from incidents.lib.neutrals import NEUTRALS
from incidents.lib.pictures import LARGEST_FILE
from incidents.publishing import publisher
from incidents.publishing.documents.brand import style
from incidents.publishing.readings import Readings
from incidents.timeline.looks import Look
from incidents.timeline.models import Event, Page, PagePicture
from incidents.timeline.refusals import Refused, TooFaint, UnusablePicture
from tests.build import NOON, a_logo, make_component, make_page
from tests.publishing.making import all_documents, made
from tests.publishing.published import Reader

pytestmark = pytest.mark.django_db

BLUE = "#1f4fd8"
PALE = "#9db2ff"


def refusal(page: Page, look: Look) -> Refused:
    before = Event.objects.count()
    with pytest.raises(Refused) as refused:
        page.dress(look, by="ada", at=NOON)
    page.refresh_from_db()
    assert page.look == Look()
    assert Event.objects.count() == before
    return refused.value


def test_k09_a_brand_colour_too_faint_on_either_ground_is_refused_with_both_figures() -> None:
    refused = refusal(make_page(), Look(accent="#ffcc00"))
    assert isinstance(refused, TooFaint)
    assert refused.field == "accent"
    figures = re.findall(r"\d\.\d\d : 1", refused.sentence)
    assert len(figures) == 2
    light = NEUTRALS["slate"].light
    assert figures[0].startswith(f"{contrast('#ffcc00', light.ground):.3f}"[:4])
    assert figures[1].startswith(f"{contrast('#ffcc00', light.surface):.3f}"[:4])
    instead = re.findall(r"(#[0-9a-f]{6}) would do", refused.sentence)[0]
    make_page(name="Other", host="other.example").dress(Look(accent=instead), by="ada", at=NOON)


def test_k09_each_scheme_is_judged_by_its_own_grounds() -> None:
    page = make_page()
    assert refusal(page, Look(accent_dark=BLUE)).field == "accent_dark"
    assert refusal(page, Look(accent=PALE)).field == "accent"
    page.dress(Look(accent=BLUE, accent_dark=PALE), by="ada", at=NOON)


@pytest.mark.parametrize(
    "bad",
    [
        Look(accent="red"),
        Look(accent="#12"),
        Look(accent=f"{BLUE};}}body{{display:none"),
        Look(neutrals="pink"),
        Look(corners="wavy"),
        Look(face="comic"),
        Look(logo_alt="x" * 201),
    ],
)
def test_what_cannot_be_chosen_is_refused(bad: Look) -> None:
    refusal(make_page(), bad)


@pytest.mark.parametrize("look", [Look(neutrals=name, accent=BLUE, accent_dark=PALE) for name in NEUTRALS])
def test_no_look_touches_the_colours_of_states(look: Look) -> None:
    sheet = style(look).decode()
    for word in ("operational", "degraded", "partial", "major", "maintenance", "no-data", "focus"):
        assert word not in sheet


def test_an_ordinary_page_asks_for_no_style_sheet_of_its_own() -> None:
    html = made(make_page(), "index").decode()
    assert "/brand/" not in html


def test_a_page_with_a_look_names_its_style_sheet_which_never_changes(client: Client) -> None:
    page = make_page()
    page.dress(Look(neutrals="stone", corners="square", face="system", accent=BLUE), by="ada", at=now())
    html = client.get("/").content.decode()
    (path,) = re.findall(r'<link rel="stylesheet" href="(/brand/[^"]+)">', html)
    assert ".woff2" not in html
    sheet = client.get(path)
    assert (sheet.status_code, sheet["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in sheet["Cache-Control"]
    assert f"--brand: {BLUE}".encode() in sheet.content
    assert f'href="{path}"'.encode() in client.get("/embed/frame").content
    assert f'href="{path}"'.encode() in client.get("/subscribe").content
    assert client.get("/brand/0000.css").status_code == 404


def test_a_logo_is_written_anew_small_and_without_what_else_was_in_it() -> None:
    page = make_page()
    about = PngImagePlugin.PngInfo()
    about.add_text("Comment", "made at home")
    out = BytesIO()
    Image.new("RGB", (2000, 500), BLUE).save(out, "PNG", pnginfo=about)
    picture = PagePicture.put(page=page, place="logo", upload=out.getvalue() + b"<script>", by="ada", at=NOON)
    content = bytes(picture.content)
    assert b"made at home" not in content
    assert b"<script>" not in content
    assert Image.open(BytesIO(content)).size == (512, 128)
    logo = page.look.logo
    assert logo is not None
    assert (logo.digest, logo.width, logo.height) == (picture.digest, 512, 128)


def test_the_clear_margin_around_a_logo_is_cut_off() -> None:
    out = BytesIO()
    drawn = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    drawn.paste((31, 79, 216, 255), (100, 50, 220, 100))
    drawn.save(out, "PNG")
    picture = PagePicture.put(page=make_page(), place="logo", upload=out.getvalue(), by="ada", at=NOON)
    assert Image.open(BytesIO(bytes(picture.content))).size == (120, 50)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_each_usual_kind_of_picture_is_taken(kind: str) -> None:
    PagePicture.put(page=make_page(), place="logo", upload=a_logo(kind=kind), by="ada", at=NOON)


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (b"", "no picture"),
        (b"hello", "no picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "SVG"),
        (b'<?xml version="1.0"?><svg/>', "SVG"),
        (a_logo()[:60], "damaged"),
        (a_logo(width=8, height=8), "least"),
        (b"\x89PNG" + b"x" * LARGEST_FILE, "the most"),
        (a_logo(kind="GIF"), "no picture"),
        (a_logo(width=20_000, height=1_000), "too many"),
    ],
    ids=["nothing", "text", "svg", "xml", "cut off", "tiny", "large", "gif", "bomb"],
)
def test_what_is_no_logo_is_refused_and_changes_nothing(upload: bytes, words: str) -> None:
    page = make_page()
    before = Event.objects.count()
    with pytest.raises(UnusablePicture, match=words):
        PagePicture.put(page=page, place="logo", upload=upload, by="ada", at=NOON)
    page.refresh_from_db()
    assert page.look.logo is None
    assert Event.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_look_and_logo_are_published_and_the_former_logo_stays(reader: Reader) -> None:
    page = make_page(at=now())
    page.dress(Look(corners="round"), by="ada", at=now())
    first = PagePicture.put(page=page, place="logo", upload=a_logo(), by="ada", at=now())
    publisher.catch_up(page.pk, at=now())
    second = PagePicture.put(page=page, place="logo", upload=a_logo(width=300), by="ada", at=now())
    publisher.catch_up(page.pk, at=now())
    reader.library.look_around()
    html = reader.get("/").body.decode()
    assert f'<img src="/brand/{second.digest}.png" width="300" height="60" alt="Acme">' in html
    for picture in (first, second):
        sent = reader.get(f"/brand/{picture.digest}.png")
        assert (sent.status, sent.body) == (200, bytes(picture.content))
        assert "immutable" in sent.headers["cache-control"]
    paths = [one.path for one in all_documents(Readings(Page.objects.get(), seen_at=now()))]
    assert [one for one in paths if one.startswith("/brand/") and one.endswith(".css")]


def test_u05_a_page_shows_its_own_icon_only_while_all_is_well() -> None:
    page = make_page()
    api = make_component(page)
    icon = PagePicture.put(page=page, place="icon", upload=a_logo(width=300, height=100), by="ada", at=NOON)
    assert Image.open(BytesIO(bytes(icon.content))).size == (96, 96)
    own = f"/brand/{icon.digest}.png"
    for name in ("index", "live_index", "history"):
        icons = re.findall(
            r'<link id="favicon[^>]*href="([^"]+)"', made(page, name, *["1"] * (name == "history")).decode()
        )
        assert icons == ([own, own]), name
    api.set_status("major_outage", by="ada", at=NOON)
    for name in ("index", "live_index"):
        html = made(page, name).decode()
        assert own not in html
        assert "major_outage" in " ".join(re.findall(r'<link id="favicon[^>]*>', html))


def test_a_dark_logo_is_offered_to_dark_schemes_and_can_be_taken_away() -> None:
    page = make_page()
    PagePicture.put(page=page, place="logo", upload=a_logo(), by="ada", at=NOON)
    assert "only-light" in made(page, "index").decode()
    dark = PagePicture.put(page=page, place="logo_dark", upload=a_logo(width=90), by="ada", at=NOON)
    html = made(page, "index").decode()
    assert f'<source media="(prefers-color-scheme: dark)" srcset="/brand/{dark.digest}.png"' in html
    assert "only-light" not in html
    PagePicture.take_away(page=page, place="logo_dark", by="ada", at=NOON)
    assert "only-light" in made(page, "index").decode()
