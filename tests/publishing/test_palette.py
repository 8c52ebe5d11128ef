import pytest

from incidents.publishing.palette import DARK, LIGHT, Scheme
from tests.publishing import test_tokens as tokens

NAMES = {
    "operational": "operational",
    "under_maintenance": "maintenance",
    "degraded_performance": "degraded",
    "partial_outage": "partial",
    "major_outage": "major",
    "no_data": "no-data",
}


@pytest.mark.parametrize(("scheme", "told"), [(LIGHT, tokens.LIGHT), (DARK, tokens.DARK)], ids=["light", "dark"])
def test_pictures_and_badges_have_the_colours_of_the_style_sheet(scheme: Scheme, told: dict[str, str]) -> None:
    neutrals = {name: getattr(scheme, name.replace("-", "_")) for name in ("ground", "surface", "ink", "ink-2")}
    neutrals |= {"ink-3": scheme.ink_3, "hairline": scheme.hairline}
    assert neutrals == {name: told[name] for name in neutrals}
    for state, name in NAMES.items():
        assert (scheme.states[state].text, scheme.states[state].wash) == (told[f"{name}-text"], told[f"{name}-wash"])
