"""Further languages of a page: documents of their own below a prefix, that link within it and lead to the others."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from incidents.lib.clock import now
from incidents.lib.languages import IN_ADDRESSES
from incidents.publishing import publisher
from incidents.publishing.catalogue import FAMILIES, document_at, touched_documents
from incidents.publishing.follower import sweep
from incidents.publishing.library import Library
from incidents.publishing.marks import Marks, marked
from incidents.publishing.published import Published
from incidents.publishing.readings import NothingThere, Readings
from incidents.publishing.touched import Touched
from incidents.timeline.models import Page
from tests.build import NOON, make_component, make_group, make_incident, make_maintenance, make_page
from tests.publishing.making import all_documents
from tests.publishing.published import Reader
from tests.publishing.reading import faults

pytestmark = pytest.mark.django_db


def spoken_page(*languages: str, **fields: Any) -> Page:
    """Return a page with an incident, a maintenance and a component in a group, in more languages than English."""
    page = make_page(**fields)
    page.edit(by="test", at=page.created_at, further_languages=languages)
    api = make_component(page, group=make_group(page))
    make_incident(page, components={api: "major_outage"}, at=page.created_at + timedelta(days=99))
    make_maintenance(page, components=[api], at=page.created_at + timedelta(days=99))
    return page


def documents(page: Page) -> dict[str, str]:
    """Return every HTML document by its path."""
    readings = Readings(Page.objects.get(pk=page.pk), seen_at=NOON)
    wanted = [one for one in all_documents(readings) if one.family.content_type.startswith("text/html")]
    return {one.path: one.make(readings).decode() for one in wanted}


def test_a_page_with_one_language_has_nothing_more_than_before() -> None:
    page = spoken_page()
    told = documents(page)
    assert all(re.match("/(incidents|live|history|uptime|c|g|promises|embed|$)", path) for path in told)
    assert "hreflang" not in "".join(told.values())
    assert 'class="languages"' not in "".join(told.values())


def test_each_kind_of_page_exists_in_each_language() -> None:
    page = spoken_page("de", "pt-BR")
    recipes = list(all_documents(Readings(page, seen_at=NOON)))
    plain = {one.path for one in recipes if one.family.is_spoken and not one.language}
    assert {"/", "/history", "/uptime", "/promises", "/history.atom", "/history.ics", "/live/index"} <= plain
    for prefix in ("/de", "/pt-br"):
        placed = {
            one.path for one in recipes if one.path.startswith((f"{prefix}/", f"{prefix}?")) or one.path == prefix
        }
        without_pictures = {path for path in placed if not path.startswith(f"{prefix}/og/")}
        assert without_pictures == {
            prefix if path == "/" else prefix + path for path in plain if not path.startswith("/og/")
        }


def test_a_document_speaks_its_language_and_links_within_it() -> None:
    page = spoken_page("de", "ar")
    told = documents(page)
    assert '<html lang="de"' in told["/de"]
    assert "Schwerer Ausfall" in told["/de"]
    assert '<html lang="ar" dir="rtl"' in told["/ar"]
    not_spoken = re.compile(r"/(badge|static|favicon|uptime\.(csv|json)|history/search\.json|api)|.*\.(md|json)$")
    for path, html in told.items():
        prefix = next((one for one in ("/de", "/ar") if path == one or path.startswith(f"{one}/")), "")
        links = re.findall(r'<a [^>]*?href="(/[^"]*)"(?! lang=)', html) if prefix else []
        assert [one for one in links if not one.startswith(prefix) and not not_spoken.match(one)] == [], path
        for polled in re.findall(r'hx-get="([^"]*)"', html):
            assert document_at(polled) in list(all_documents(Readings(page, seen_at=NOON))), path


def test_every_document_of_every_language_is_well_formed() -> None:
    for path, html in documents(spoken_page("de", "ja", "ar")).items():
        if "/live/" not in path:
            assert faults(html) == [], path


def test_each_language_leads_to_the_others() -> None:
    page = spoken_page("de", "ja")
    incident = page.incidents.order_by("pk")[0]
    told = documents(page)
    address = "http://localhost:8000"
    for path in (f"/incidents/{incident.code}", f"/de/incidents/{incident.code}", f"/ja/incidents/{incident.code}"):
        head, _, foot = told[path].partition("<body")
        alternates = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', head))
        address = re.search(r'<link rel="canonical" href="(https?://[^/"]+)', head)[1]  # type: ignore[index]
        assert f'<link rel="canonical" href="{address}{path}">' in head
        plain = f"{address}/incidents/{incident.code}"
        assert alternates == {
            "en": plain,
            "x-default": plain,
            "de": f"{address}/de/incidents/{incident.code}",
            "ja": f"{address}/ja/incidents/{incident.code}",
        }
        switch = foot[foot.index('class="languages"') :]
        ways = re.findall(r'<a href="([^"]+)" lang="([\w-]+)" hreflang="[\w-]+" dir="auto"[^>]*>([^<]+)<', switch)
        assert [(tag, name) for _, tag, name in ways] == [("en", "English"), ("de", "Deutsch"), ("ja", "日本語")]
        assert [f"{address}{way}" for way, _, _ in ways] == [alternates[tag] for _, tag, _ in ways]
        assert switch.count('aria-current="true"') == 1


def test_text_staff_did_not_translate_says_its_language() -> None:
    page = spoken_page("de")
    told = documents(page)
    assert re.search(r'<a href="/de/incidents/\w+" dir="auto" lang="en">Elevated error rates', told["/de"])
    assert '<div class="prose" dir="auto" lang="en"><p>Some requests fail.' in told["/de"]
    assert ' lang="en">' not in told["/"].partition("<body")[2].partition('class="languages"')[0]


def test_the_main_language_comes_first_and_then_the_others() -> None:
    page = spoken_page("de", "ja")
    incident = page.incidents.order_by("pk")[0]
    recipes = list(touched_documents(Readings(page, seen_at=NOON), Touched(incidents=frozenset({incident.code}))))
    languages = [one.language for one in recipes]
    assert languages == sorted(languages, key=bool)
    assert {one.path for one in recipes if one.is_urgent} >= {"/", f"/incidents/{incident.code}"}
    assert not any(one.is_urgent for one in recipes if one.language)


def test_another_language_reads_nothing_more(django_assert_num_queries: Any) -> None:
    page = spoken_page("de", "ja")
    incident = page.incidents.order_by("pk")[0]
    readings = Readings(page, seen_at=NOON)
    for path in ("", "/history", f"/incidents/{incident.code}", "/uptime"):
        document_at(path or "/").make(readings)  # type: ignore[union-attr]
    with django_assert_num_queries(0):
        for prefix in ("/de", "/ja"):
            for path in ("", "/history", f"/incidents/{incident.code}", "/uptime"):
                document_at(prefix + path).make(readings)  # type: ignore[union-attr]


def test_a_language_that_is_none_of_the_page_is_not_there(client: Client) -> None:
    spoken_page("de")
    assert client.get("/de").status_code == 200
    for path in ("/ja", "/ja/history", "/tlh", "/DE"):
        assert client.get(path).status_code == 404, path
    with pytest.raises(NothingThere):
        Readings(Page.objects.get(), seen_at=NOON).spoken("ja")


def test_the_address_of_what_is_the_main_language_leads_to_it(client: Client) -> None:
    spoken_page("de")
    for asked, wanted in (("/en", "/"), ("/en/history?page=2", "/history?page=2"), ("/de/", "/de")):
        assert client.get(asked)["Location"] == wanted
    assert client.get("/en").status_code == 302


def test_search_and_what_is_not_there_speak_the_language_of_the_address(client: Client) -> None:
    spoken_page("de")
    found = client.get("/de/history/search?q=error")
    assert '<html lang="de"' in found.content.decode()
    assert 'action="/de/history/search"' in found.content.decode()
    assert 'lang="en">Elevated <mark>error</mark>' in found.content.decode()
    wrong = client.get("/de/history/search?since=x")
    assert (wrong.status_code, "ist kein Datum" in wrong.content.decode() or "Tag" in wrong.content.decode()) == (
        400,
        True,
    )
    assert '<html lang="de"' in client.get("/de/components?q=api").content.decode()
    assert b'xml:lang="de"' in client.get("/de/history/search.atom").content
    missing = client.get("/de/nothing/here")
    assert (missing.status_code, '<html lang="de"' in missing.content.decode()) == (404, True)


def test_feeds_speak_their_language_and_mark_what_is_not_in_it() -> None:
    page = spoken_page("de")
    readings = Readings(page, seen_at=NOON)
    atom = document_at("/de/history.atom").make(readings).decode()  # type: ignore[union-attr]
    assert 'xml:lang="de"' in atom
    assert '<title xml:lang="en">Elevated error rates' in atom
    assert "/de/incidents/" in atom
    assert "/de/history.atom" in atom
    assert "<language>de</language>" in document_at("/de/history.rss").make(readings).decode()  # type: ignore[union-attr]


def test_a_saved_copy_and_an_emergency_post_reach_every_language() -> None:
    body = b'<html lang="de"><main id="main">\n'
    page = Published("/de", "text/html", body, etag="", page_seq=1, generation=1, made_at=NOON)
    assert "gespeicherte Kopie von" in marked(page, Marks(saved_at=NOON)).body.decode()


def test_the_sitemap_names_the_first_pages_of_each_language() -> None:
    page = spoken_page("de")
    told = document_at("/sitemap.xml").make(Readings(page, seen_at=NOON)).decode()  # type: ignore[union-attr]
    assert re.search(r"<loc>https?://[^/]+/de</loc>", told)
    assert "/de/history</loc>" in told


def test_the_shipped_nginx_knows_every_language() -> None:
    configuration = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text()
    (known,) = re.findall(r"location ~ \^/\(\?:([a-z|-]+)\)\(\?:/\|\$\)", configuration)
    assert set(known.split("|")) == set(IN_ADDRESSES)


def test_every_page_for_people_is_spoken_but_what_stands_in_other_sites() -> None:
    pages = {one.name for one in FAMILIES if not one.is_spoken and one.content_type.startswith("text/html")}
    assert all(name.startswith("embed") for name in pages), pages


@pytest.mark.django_db(transaction=True)
def test_languages_are_published_added_and_taken_away(library: Library, reader: Reader) -> None:
    page = make_page(at=now() - timedelta(days=100))
    publisher.catch_up(page.pk, at=now())
    library.look_around()
    assert reader.get("/de").status == 299
    page.edit(by="test", at=now(), further_languages=["de"])
    make_incident(page, at=now(), title="Told in both")
    sweep()
    library.look_around()
    assert "Told in both" in reader.get("/de").body.decode()
    assert reader.get("/de/history?utm_source=x").status == 200
    page.edit(by="test", at=now(), further_languages=[])
    sweep()
    library.look_around()
    assert reader.get("/de").status == 299
    assert reader.get("/").status == 200
