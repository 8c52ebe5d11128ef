"""Look, readers and address of a page."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from incidents.timeline.looks import Look
from incidents.timeline.models import Event, Page
from tests.build import a_logo, make_member, make_outsider, make_page
from tests.console.filling import send

LOOK, LOGO, READERS, PLACE = (
    "/console/page/look",
    "/console/page/look/logo",
    "/console/page/readers",
    "/console/page/address",
)


def an_upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", content, "image/png")


@pytest.mark.parametrize("address", [LOOK, READERS, PLACE, f"{LOOK}/style.css"])
def test_outsiders_are_refused(page: Page, address: str) -> None:
    assert Client().get(address).status_code == 302
    eve = Client()
    eve.force_login(make_outsider())
    assert eve.get(address).status_code == 403


def test_outsiders_change_nothing(page: Page) -> None:
    eve = Client()
    eve.force_login(make_outsider())
    before = Event.objects.count()
    for address in (LOOK, LOGO, READERS, PLACE, f"{READERS}/feeds"):
        assert eve.post(address, {"access": "sign_in", "host": "evil.example"}).status_code == 403, address
    assert Event.objects.count() == before


def test_the_settings_lead_to_all_three(ada: Client, page: Page) -> None:
    html = ada.get("/console/page").content.decode()
    for address in (LOOK, READERS, PLACE):
        assert f'href="{address}"' in html
        assert ada.get(address).status_code == 200


def test_an_editor_who_may_not_change_the_settings_finds_the_look_all_the_same(page: Page) -> None:
    client = Client()
    client.force_login(make_member(page, "editor"))
    more = client.get("/console/more").content.decode()
    assert 'href="/console/page/look"' in more
    assert 'href="/console/page"' not in more
    assert 'class="back" href="/console/more"' in client.get("/console/page/look").content.decode()


def test_a_look_is_shown_first_and_saved_then(ada: Client, page: Page) -> None:
    said = {"neutrals": "stone", "accent": "1F4FD8", "corners": "round"}
    shown = send(ada, LOOK, preview="1", **said)
    assert shown.status_code == 200
    assert "accent=%231f4fd8" in shown.content.decode()
    page.refresh_from_db()
    assert page.look == Look()
    assert send(ada, LOOK, **said).status_code == 303
    page.refresh_from_db()
    assert (page.look.neutrals, page.look.accent, page.look.corners) == ("stone", "#1f4fd8", "round")


def test_the_panels_have_a_style_sheet_that_takes_nothing_from_strangers(ada: Client, page: Page) -> None:
    sheet = ada.get(
        f"{LOOK}/style.css", {"neutrals": "stone", "corners": "soft", "face": "shipped", "accent": "#1f4fd8"}
    )
    assert (sheet.status_code, sheet["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert b"--brand: #1f4fd8" in sheet.content
    bad = ada.get(f"{LOOK}/style.css", {"neutrals": "x", "accent": "red;}body{display:none"})
    assert bad.status_code == 200
    assert b"display" not in bad.content


@pytest.mark.parametrize(
    "bad", [{"accent": "#ffcc00"}, {"accent": "red"}, {"neutrals": "pink"}, {"logo_alt": "x" * 300}]
)
def test_a_bad_look_changes_nothing_and_says_why(ada: Client, page: Page, bad: dict[str, str]) -> None:
    before = Event.objects.count()
    for how in ({}, {"preview": "1"}):
        answer = send(ada, LOOK, **bad, **how)
        assert answer.status_code == 422
        assert "mistake" in answer.content.decode()
    assert Event.objects.count() == before


def test_k09_the_refusal_on_the_screen_shows_both_figures(ada: Client, page: Page) -> None:
    html = send(ada, LOOK, accent="#ffcc00").content.decode()
    assert html.count(" : 1 on ") >= 2


def test_a_logo_is_uploaded_and_taken_away(ada: Client, page: Page) -> None:
    assert ada.post(LOGO, {"place": "logo", "file": an_upload(a_logo())}).status_code == 303
    page.refresh_from_db()
    assert page.look.logo is not None
    assert f"/brand/{page.look.logo.digest}.png" in ada.get(LOOK).content.decode()
    assert ada.post(LOGO, {"place": "logo", "remove": "1"}).status_code == 303
    page.refresh_from_db()
    assert page.look.logo is None


@pytest.mark.parametrize(
    "bad",
    [
        {"place": "logo"},
        {"place": "elsewhere", "file": b"x"},
        {"place": "logo", "file": b"<svg/>"},
        {"place": "logo", "file": b"x" * 600_000},
        {},
    ],
    ids=["none", "place", "svg", "large", "nothing"],
)
def test_a_bad_upload_changes_nothing(ada: Client, page: Page, bad: dict[str, Any]) -> None:
    before = Event.objects.count()
    sent = {name: an_upload(value) if name == "file" else value for name, value in bad.items()}
    assert ada.post(LOGO, sent).status_code == 422
    assert Event.objects.count() == before


def test_readers_are_chosen_and_the_password_is_never_shown(ada: Client, page: Page) -> None:
    assert send(ada, READERS, access="password", password="a shared password").status_code == 303
    page.refresh_from_db()
    assert page.access == "password"
    html = ada.get(READERS).content.decode()
    assert "a shared password" not in html
    assert page.password_hash not in html
    assert "/private/" in html
    kept = page.password_hash
    assert send(ada, READERS).status_code == 303
    page.refresh_from_db()
    assert page.password_hash == kept


def test_networks_are_taken_line_by_line(ada: Client, page: Page) -> None:
    assert send(ada, READERS, access="addresses", address_ranges="10.1.0.0/16\n\n192.0.2.7\n").status_code == 303
    page.refresh_from_db()
    assert page.address_ranges == ["10.1.0.0/16", "192.0.2.7/32"]


@pytest.mark.parametrize(
    "bad",
    [
        {"access": "nobody"},
        {"access": "password", "password": "short"},
        {"access": "addresses", "address_ranges": "everywhere"},
        {"access": "addresses", "address_ranges": "0.0.0.0/0"},
    ],
)
def test_bad_readers_change_nothing(ada: Client, page: Page, bad: dict[str, str]) -> None:
    before = Event.objects.count()
    assert send(ada, READERS, **bad).status_code == 422
    assert Event.objects.count() == before


def test_the_feeds_get_new_addresses(ada: Client, page: Page) -> None:
    send(ada, READERS, access="sign_in")
    before = ada.get(READERS).content
    assert ada.post(f"{READERS}/feeds").status_code == 303
    assert ada.get(READERS).content != before


def test_the_host_is_given_and_bad_ones_are_refused(ada: Client, page: Page) -> None:
    assert send(ada, PLACE, host="Status.Example.com").status_code == 303
    page.refresh_from_db()
    assert page.host == "status.example.com"
    html = ada.get(PLACE).content.decode()
    assert "status.example.com CNAME" in html
    make_page(name="Other", host="taken.example", at=page.created_at)
    before = Event.objects.count()
    for bad in ("taken.example", "https://x.example", "a b", "x.example:8000", "*.example"):
        assert send(ada, PLACE, host=bad).status_code == 422, bad
    assert Event.objects.count() == before


def test_where_the_host_leads_is_looked_up_when_asked(ada: Client, page: Page) -> None:
    send(ada, PLACE, host="localhost")
    html = ada.get(PLACE, {"check": "1"}).content.decode()
    assert "localhost leads to" in html
    send(ada, PLACE, host="nowhere.invalid")
    assert "nowhere.invalid leads nowhere yet" in ada.get(PLACE, {"check": "1"}).content.decode()


def test_what_opens_a_page_stands_in_no_raw_row_and_no_audit_list(ada: Client, page: Page) -> None:
    send(ada, READERS, access="password", password="a shared password")
    page.refresh_from_db()
    raw = ada.get(f"/admin/incidents/page/{page.pk}/change/")
    assert raw.status_code == 200
    listed = ada.get("/console/history")
    assert "Readers of the page chosen: Who knows a password" in listed.content.decode()
    for answer in (raw, listed):
        assert page.password_hash not in answer.content.decode()
        assert page.feed_secret not in answer.content.decode()
