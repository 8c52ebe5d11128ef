"""Whole sentences in the language of the page: masthead, affected line, root, labels."""

from dataclasses import replace
from datetime import timedelta

import pytest

from incidents.lib.languages import OFFERED, speaking
from incidents.publishing.affected_line import affected_sentence
from incidents.publishing.documents import cards
from incidents.publishing.documents.index import index
from incidents.publishing.documents.parts import row_markup, row_of
from incidents.publishing.facts.documents import index_facts
from incidents.publishing.facts.rows import Rows
from incidents.publishing.marks import Marks, marked
from incidents.publishing.published import Published
from incidents.publishing.sentence import Standing, sentence_for
from incidents.publishing.shapes import AffectedFacts, ComponentFacts, PhaseFacts
from incidents.timeline.models import Page
from tests.build import NOON, make_component, make_incident, make_page
from tests.publishing.making import made


def one(name: str, group: str = "") -> AffectedFacts:
    return AffectedFacts(code=name.lower(), name=name, worst="partial_outage", group=group)


SEVEN = [one(name, "Core") for name in ("A", "B", "C", "D")] + [one(name) for name in ("E", "F", "G")]
LINES = {
    "de": (
        "Von dieser Störung betroffen: API.",
        "Von dieser Störung betroffen: Core (API, Web).",
        "Von dieser Störung betroffen: Core (API, Web) und DNS.",
        "Von dieser Störung betroffen: Core (A, B, C, D), E, F und G.",
    ),
    "ja": (
        "この障害の影響範囲：API。",
        "この障害の影響範囲：Core(API、Web)。",
        "この障害の影響範囲：Core(API、Web)、DNS。",
        "この障害の影響範囲：Core(A、B、C、D)、E、F、G。",
    ),
    "ar": (
        "أثّر هذا الحادث في: API.",
        "أثّر هذا الحادث في: Core (API، Web).",
        "أثّر هذا الحادث في: Core (API، Web) وDNS.",
        "أثّر هذا الحادث في: Core (A، B، C، D) وE وF وG.",
    ),
    "en": (
        "This incident affected: API.",
        "This incident affected: Core (API, Web).",
        "This incident affected: Core (API, Web) and DNS.",
        "This incident affected: Core (A, B, C, D), E, F and G.",
    ),
}


@pytest.mark.parametrize(("language", "lines"), LINES.items())
def test_i02_the_affected_line_is_a_sentence_of_its_language(language: str, lines: tuple[str, ...]) -> None:
    two = [one("API", "Core"), one("Web", "Core")]
    with speaking(language):
        told = [affected_sentence(affected) for affected in ([one("API")], two, [*two, one("DNS")], SEVEN)]
    assert tuple(told) == lines


MASTHEADS = {
    "en": ("All systems operational", "Partial outage: API and Web", "Partial outage affecting 7 components"),
    "de": ("Alle Systeme betriebsbereit", "Teilweiser Ausfall: API und Web", "Teilweiser Ausfall bei 7 Komponenten"),
    "fr": (
        "Tous les systèmes sont opérationnels",
        "Panne partielle\u00a0: API et Web",
        "Panne partielle touchant 7 composants",
    ),
    "es": ("Todos los sistemas operativos", "Interrupción parcial: API y Web", "Interrupción parcial en 7 componentes"),
    "pt-BR": (
        "Todos os sistemas operacionais",
        "Interrupção parcial: API e Web",
        "Interrupção parcial em 7 componentes",
    ),
    "ja": ("すべてのシステムが正常に稼働しています", "一部障害：API、Web", "コンポーネント7件で一部障害"),
    "zh-Hans": ("所有系统运行正常", "部分中断：API和Web", "7个组件部分中断"),
    "ar": ("جميع الأنظمة تعمل", "انقطاع جزئي: API وWeb", "انقطاع جزئي في 7 مكوّنات"),
}


@pytest.mark.parametrize("language", OFFERED)
def test_the_masthead_is_a_sentence_of_its_language(language: str) -> None:
    quiet = Standing(components=[("API", "operational")])
    two = Standing(components=[("API", "partial_outage"), ("Web", "degraded_performance"), ("DNS", "operational")])
    seven = Standing(components=[(str(number), "partial_outage") for number in range(7)])
    with speaking(language):
        told = tuple(sentence_for(standing).text for standing in (quiet, two, seven))
    assert told == MASTHEADS[language]


@pytest.mark.django_db
@pytest.mark.parametrize("language", OFFERED)
def test_the_root_says_language_and_direction(language: str) -> None:
    page = make_page()
    page.edit(by="test", at=NOON, language=language)
    html = made(page, "index").decode()
    assert f'<html lang="{language.lower()}"' in html
    assert ('<html lang="ar" dir="rtl"' in html) == (language == "ar")
    assert ("Skip to content" in html) == (language == "en")


@pytest.mark.django_db
def test_what_is_kept_between_publishings_is_kept_per_language() -> None:
    page = make_page()
    api = make_component(page)
    make_incident(page, components={api: "major_outage"})
    facts = index_facts(Rows(Page.objects.get()), seen_at=NOON + timedelta(minutes=5))
    told = {
        language: index(replace(facts, page=replace(facts.page, language=language))).decode()
        for language in ("en", "de", "en")
    }
    assert "Major outage" in told["en"]
    assert "Schwerer Ausfall" in told["de"]
    assert "Major outage" not in told["de"]


def test_a_row_is_kept_per_language() -> None:
    row = row_of(ComponentFacts(code="abc", name="API", status="operational"))
    with speaking("de"):
        german = row_markup(row_of(ComponentFacts(code="abc", name="API", status="operational")))
    assert "Betriebsbereit" in german
    assert "Operational" in row_markup(row)


def test_labels_staff_renamed_stay_as_typed() -> None:
    with speaking("de"):
        standard = PhaseFacts("investigating", "Investigating", "investigating")
        assert cards.phase_of(standard).label == "Wird untersucht"
        assert cards.phase_of(replace(standard, label="Looking into it")).label == "Looking into it"
        assert cards.phase_of(replace(standard, slug="own")).label == "Investigating"


@pytest.mark.django_db
def test_programs_read_the_same_words_whatever_the_language() -> None:
    page = make_page()
    make_incident(page, components={make_component(page): "major_outage"})
    english = made(page, "api_summary")
    page.edit(by="test", at=page.updated_at, language="de")
    assert made(page, "api_summary").replace(b'"updated_at"', b"") == english.replace(b'"updated_at"', b"")


def test_the_notice_of_a_saved_copy_speaks_as_the_page_it_stands_on() -> None:
    for body in (b'<html lang="de"><main id="main">\n', b'<title lang="de">x</title><main id="main">\n'):
        page = Published("/", "text/html", body, etag="", page_seq=1, generation=1, made_at=NOON)
        assert "gespeicherte Kopie von" in marked(page, Marks(saved_at=NOON)).body.decode()
