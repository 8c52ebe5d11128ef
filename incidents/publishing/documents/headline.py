"""The sentence that stands for the whole page, wherever only one line has room."""

from collections.abc import Sequence

from incidents.publishing.sentence import Sentence, Standing, sentence_for
from incidents.publishing.shapes import ComponentFacts, GroupFacts, IndexFacts
from incidents.publishing.trace import NO_DATA
from incidents.publishing.wording import in_page_language
from incidents.timeline.states import SEVERITY


@in_page_language
def headline(facts: IndexFacts) -> Sentence:
    """Return the sentence over the first page."""
    under_way = [one.name for running in facts.running for one in running.affected]
    return sentence_for(
        Standing(
            components=[(one.name, one.status) for one in components_of(facts.groups)],
            open_phases=[one.phase.canonical for one in facts.active],
            in_maintenance=list(dict.fromkeys(under_way)) if facts.running else None,
        )
    )


def favicon(sentence: Sentence) -> str:
    """Return the icon of the page's state (static/icons), its own mark where it is in none."""
    if sentence.glyph == NO_DATA:
        return "unknown"
    return sentence.glyph if sentence.glyph in SEVERITY else "status"


def components_of(groups: Sequence[GroupFacts]) -> list[ComponentFacts]:
    """Return all components in page order."""
    return [component for group in groups for component in group.components]
