"""The settings of a page."""

from django.test import Client

from incidents.timeline.models import Event, Page
from tests.build import make_page
from tests.console.filling import send

ADDRESS = "/console/page"


def test_settings_are_changed(ada: Client, page: Page) -> None:
    said = {"name": "Acme Cloud", "time_zone": "Asia/Tokyo", "host": "Status.Example.com", "postmortem_due_days": "5"}
    assert send(ada, ADDRESS, publishes_detection="on", **said).status_code == 303
    page.refresh_from_db()
    assert (page.name, page.time_zone, page.host) == ("Acme Cloud", "Asia/Tokyo", "status.example.com")
    assert (page.postmortem_due_days, page.publishes_detection) == (5, True)


def test_the_language_is_chosen_by_its_own_name(ada: Client, page: Page) -> None:
    offered = ada.get(ADDRESS).content.decode()
    for name in ("English", "Deutsch", "Français", "Español", "Português (Brasil)", "日本語", "简体中文", "العربية"):
        assert name in offered
    assert send(ada, ADDRESS, language="pt-BR").status_code == 303
    page.refresh_from_db()
    assert page.language == "pt-BR"
    assert '<html lang="pt-br"' in ada.get("/").content.decode()


def test_bad_settings_change_nothing(ada: Client, page: Page) -> None:
    make_page(name="Other", host="taken.example", at=page.created_at)
    before = Event.objects.count()
    for bad in (
        {"name": " "},
        {"time_zone": "Mars/Base"},
        {"host": "taken.example"},
        {"language": "tlh"},
        {"product_url": "javascript:alert(1)"},
        {"postmortem_due_days": "-1"},
        {"postmortem_due_days": "many"},
    ):
        assert send(ada, ADDRESS, **bad).status_code == 422, bad
    assert Event.objects.count() == before


def test_a_phase_of_its_own_can_be_chosen_then(ada: Client, page: Page) -> None:
    to = f"{ADDRESS}/phases"
    assert ada.post(to, {"label": "Rolling back", "canonical": "identified"}).status_code == 303
    assert page.phases.get(slug="rolling-back").canonical == "identified"
    assert 'value="rolling-back"' in ada.get("/console/incidents/new").content.decode()
    for bad in (
        {"label": ""},
        {"label": "Rolling back"},
        {"label": "x", "canonical": "y"},
        {"label": "x", "slug": "a b"},
    ):
        assert ada.post(to, {"canonical": "identified", **bad}).status_code == 422, bad


def test_further_languages_are_ticked(ada: Client, page: Page) -> None:
    assert send(ada, ADDRESS, further_languages=["ja", "de"]).status_code == 303
    page.refresh_from_db()
    assert page.further_languages == ["de", "ja"]
    assert 'value="de" id="id_further_languages_1" checked' in ada.get(ADDRESS).content.decode()
    assert send(ada, ADDRESS, further_languages=["tlh"]).status_code == 422
    assert send(ada, ADDRESS, further_languages=[]).status_code == 303
    page.refresh_from_db()
    assert page.further_languages == []
