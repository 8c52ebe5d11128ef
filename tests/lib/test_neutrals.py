"""Whatever neutrals a page chooses, words, states, edges and focus stand out as with the usual ones."""

from itertools import product

import pytest

from incidents.lib.colours import contrast, in_figures, nearest_readable, read_colour
from incidents.lib.neutrals import NEUTRALS, STANDARD, Tones
from tests.publishing import test_tokens as usual

SCHEMES = [
    pytest.param(getattr(neutrals, scheme), tokens, id=f"{name}-{scheme}")
    for name, neutrals in NEUTRALS.items()
    for scheme, tokens in (("light", usual.LIGHT), ("dark", usual.DARK))
]


def test_the_usual_neutrals_are_those_of_the_style_sheet() -> None:
    for tones, tokens in ((NEUTRALS[STANDARD].light, usual.LIGHT), (NEUTRALS[STANDARD].dark, usual.DARK)):
        assert tones.tokens() == {name: tokens[name] for name in tones.tokens()}


@pytest.mark.parametrize(("tones", "tokens"), SCHEMES)
def test_k01_words_are_readable_on_every_ground(tones: Tones, tokens: dict[str, str]) -> None:
    washes = [tokens[f"{state}-wash"] for state in usual.STATES]
    for text, ground in product((tones.ink, tones.ink_2), (tones.ground, tones.surface, *washes)):
        assert contrast(text, ground) >= 5
    for ground in (tones.ground, tones.surface):
        assert contrast(tones.ink_3, ground) >= 5


@pytest.mark.parametrize(("tones", "tokens"), SCHEMES)
def test_k02_states_and_edges_stand_out(tones: Tones, tokens: dict[str, str]) -> None:
    for ground in (tones.ground, tones.surface):
        assert contrast(tones.edge, ground) >= 3
        assert contrast(tokens["focus"], ground) >= 5
        for state in usual.STATES:
            assert contrast(tokens[f"{state}-fill"], ground) >= 3
    for state in usual.STATES:
        assert contrast(tokens[f"{state}-text"], tones.surface) >= 5


@pytest.mark.parametrize(
    ("typed", "read"),
    [("#1F4FD8", "#1f4fd8"), ("1f4fd8", "#1f4fd8"), (" #abc ", "#aabbcc"), ("red", ""), ("#12345", ""), ("", "")],
)
def test_a_colour_is_read_as_people_type_it(typed: str, read: str) -> None:
    assert read_colour(typed) == read


def test_a_figure_is_rounded_down() -> None:
    assert in_figures(4.4999) == "4.49 : 1"


def test_the_nearest_readable_colour_is_darker_on_light_and_lighter_on_dark() -> None:
    on_light = nearest_readable("#ffcc00", ("#f5f7f8", "#ffffff"), least=4.5)
    assert 4.5 <= contrast(on_light, "#f5f7f8") < 4.8
    on_dark = nearest_readable("#10205a", ("#0e1216", "#151a1f"), least=4.5)
    assert 4.5 <= contrast(on_dark, "#151a1f") < 4.8
