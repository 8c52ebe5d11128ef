import re
from itertools import product
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text()
STATES = ("operational", "degraded", "partial", "major", "maintenance", "no-data")

LIGHT, DARK = (
    dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block))
    for block in re.findall(r":root \{(.*?)\n\s*\}", TOKENS, re.DOTALL)[:2]
)


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_k01_text_is_readable_on_every_ground(tokens: dict[str, str]) -> None:
    grounds = [tokens["ground"], tokens["surface"], *(tokens[f"{state}-wash"] for state in STATES)]
    for text, ground in product((tokens["ink"], tokens["ink-2"]), grounds):
        assert contrast(text, ground) >= 5
    for ground in (tokens["ground"], tokens["surface"]):
        assert contrast(tokens["ink-3"], ground) >= 5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_k02_state_words_and_bars_stand_out(tokens: dict[str, str], state: str) -> None:
    assert contrast(tokens[f"{state}-text"], tokens[f"{state}-wash"]) >= 5
    assert contrast(tokens[f"{state}-text"], tokens["surface"]) >= 5
    for ground in (tokens["ground"], tokens["surface"]):
        assert contrast(tokens[f"{state}-fill"], ground) >= 3


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_k08_edges_and_focus_stand_out(tokens: dict[str, str]) -> None:
    for ground in ("ground", "surface"):
        assert contrast(tokens["edge"], tokens[ground]) >= 3
    for ground in ("ground", "surface", *(f"{state}-wash" for state in STATES)):
        assert contrast(tokens["focus"], tokens[ground]) >= 5


def test_the_styles_name_no_other_origin() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        assert "//" not in sheet.read_text().replace("/*", "").replace("*/", ""), sheet.name


def test_one_font_file_ships_with_its_licence() -> None:
    assert [file.name for file in sorted((STATIC / "fonts").iterdir())] == [
        "source-sans-3-OFL.txt",
        "source-sans-3-latin-wght-normal.woff2",
    ]
    assert (STATIC / "fonts" / "source-sans-3-latin-wght-normal.woff2").stat().st_size <= 30_000
