import pytest

from incidents.publishing.affected_line import affected_markup, affected_sentence
from incidents.publishing.shapes import AffectedFacts


def one(name: str, group: str = "") -> AffectedFacts:
    return AffectedFacts(code=name.lower(), name=name, worst="partial_outage", group=group)


@pytest.mark.parametrize(
    ("affected", "sentence"),
    [
        ([], ""),
        ([one("API")], "This incident affected: API."),
        ([one("API", "Nylas Application Services")], "This incident affected: Nylas Application Services (API)."),
        ([one("API", "Core"), one("Webhooks", "Core")], "This incident affected: Core (API, Webhooks)."),
        (
            [one("API", "Core"), one("Webhooks", "Core"), one("DNS")],
            "This incident affected: Core (API, Webhooks) and DNS.",
        ),
        (
            [one("API", "Core"), one("DNS"), one("Web", "Core"), one("Mail", "Messaging")],
            "This incident affected: Core (API, Web), DNS and Messaging (Mail).",
        ),
    ],
)
def test_the_line_lists_groups_with_their_components(affected: list[AffectedFacts], sentence: str) -> None:
    assert affected_sentence(affected) == sentence


def test_maintenance_has_words_of_its_own() -> None:
    assert affected_sentence([one("API")], maintenance=True) == "This maintenance affects: API."


def test_components_are_links_and_names_are_escaped() -> None:
    markup = affected_markup([one("A<b>", "G&G")])
    assert markup == (
        'This incident affected: <span dir="auto">G&amp;G</span> (<a href="/c/a&lt;b&gt;" dir="auto">A&lt;b&gt;</a>).'
    )


def test_a_component_without_a_page_is_no_link() -> None:
    gone = AffectedFacts(code="", name="Fax", worst="major_outage")
    assert affected_markup([gone]) == 'This incident affected: <span dir="auto">Fax</span>.'


def test_more_than_six_components_fold_behind_a_count() -> None:
    markup = affected_markup([one(f"C{number}") for number in range(18)])
    assert "<summary>and 12 more</summary>" in markup
    assert markup.count("<a ") == 18
