from datetime import UTC, datetime

import pytest

from incidents.publishing.sentence import Standing, sentence_for

UP, SLOW, PARTLY, DOWN, WORKS = (
    "operational",
    "degraded_performance",
    "partial_outage",
    "major_outage",
    "under_maintenance",
)


def components(**states: str) -> list[tuple[str, str]]:
    return [(name.replace("_", " "), state) for name, state in states.items()]


def standing(*, open_phases: tuple[str, ...] = (), maintained: list[str] | None = None, **states: str) -> Standing:
    return Standing(components=components(**states), open_phases=open_phases, in_maintenance=maintained)


FIVE_SLOW = dict.fromkeys(("A", "B", "C", "D", "E"), SLOW)

CASES = [
    (standing(API=UP, Web=UP), "All systems operational", "operational", "none"),
    (standing(API=DOWN, Web=DOWN), "Major outage across all systems", "major_outage", "critical"),
    (standing(API=DOWN), "Major outage across all systems", "major_outage", "critical"),
    (standing(API=DOWN, Web=UP), "Major outage: API", "major_outage", "critical"),
    (standing(API=PARTLY, Webhooks=PARTLY, Web=UP), "Partial outage: API and Webhooks", "partial_outage", "major"),
    (standing(API=PARTLY, Webhooks=SLOW, Web=UP), "Partial outage: API and Webhooks", "partial_outage", "major"),
    (standing(Webhooks=SLOW, API=PARTLY, Web=UP), "Partial outage: API and Webhooks", "partial_outage", "major"),
    (standing(A=SLOW, B=DOWN, C=PARTLY, D=UP), "Major outage: B, C and A", "major_outage", "critical"),
    (
        standing(Search=SLOW, Exports=SLOW, Login=SLOW, Web=UP),
        "Degraded performance: Search, Exports and Login",
        "degraded_performance",
        "minor",
    ),
    (
        standing(**FIVE_SLOW, F=UP),
        "Degraded performance affecting 5 components",
        "degraded_performance",
        "minor",
    ),
    (
        standing(**FIVE_SLOW, F=PARTLY, G=PARTLY),
        "Partial outage affecting 7 components",
        "partial_outage",
        "major",
    ),
    (standing(A=DOWN, B=DOWN, C=DOWN, D=SLOW), "Major outage affecting 4 components", "major_outage", "critical"),
    (standing(A=DOWN, B=WORKS), "Major outage: A", "major_outage", "critical"),
    (standing(API=UP, open_phases=("monitoring",)), "Recovering: we are watching a fix", "monitoring", "none"),
    (standing(API=UP, open_phases=("investigating",)), "We are investigating an issue", "investigating", "none"),
    (standing(API=UP, open_phases=("identified",)), "We are investigating an issue", "investigating", "none"),
    (
        standing(API=UP, open_phases=("monitoring", "investigating")),
        "We are investigating an issue",
        "investigating",
        "none",
    ),
    (
        standing(API=SLOW, open_phases=("monitoring",), Web=UP),
        "Degraded performance: API",
        "degraded_performance",
        "minor",
    ),
    (
        standing(Billing=WORKS, API=UP, maintained=["Billing"]),
        "Maintenance in progress: Billing",
        "under_maintenance",
        "maintenance",
    ),
    (standing(Billing=WORKS, API=UP), "Maintenance in progress: Billing", "under_maintenance", "maintenance"),
    (standing(API=UP, maintained=["API"]), "Maintenance in progress: API", "under_maintenance", "maintenance"),
    (standing(API=UP, maintained=[]), "Maintenance in progress", "under_maintenance", "maintenance"),
    (
        standing(A=WORKS, B=WORKS, C=WORKS, D=WORKS, E=UP),
        "Maintenance in progress affecting 4 components",
        "under_maintenance",
        "maintenance",
    ),
    (
        standing(API=WORKS, maintained=["API"], open_phases=("monitoring",)),
        "Recovering: we are watching a fix",
        "monitoring",
        "none",
    ),
    (standing(API=PARTLY, Billing=WORKS, maintained=["Billing"]), "Partial outage: API", "partial_outage", "major"),
    (standing(), "No components yet", "no_data", "none"),
    (standing(open_phases=("investigating",)), "We are investigating an issue", "investigating", "none"),
    (
        Standing(
            components=[("API", DOWN)], silent_since=datetime(2026, 11, 21, 14, 2, tzinfo=UTC), silent_clock="14:02 UTC"
        ),
        "Status unknown: last report at 14:02 UTC",
        "no_data",
        "none",
    ),
]


@pytest.mark.parametrize(("given", "text", "glyph", "indicator"), CASES, ids=[case[1] for case in CASES])
def test_p02_the_sentence_names_what_is_broken(given: Standing, text: str, glyph: str, indicator: str) -> None:
    sentence = sentence_for(given)
    assert (sentence.text, sentence.glyph, sentence.indicator) == (text, glyph, indicator)


def test_a_tab_says_operational_in_the_quiet_state_and_the_sentence_otherwise() -> None:
    assert sentence_for(standing(API=UP)).title == "Operational"
    assert sentence_for(standing(API=SLOW, Web=UP)).title == "Degraded performance: API"


@pytest.mark.parametrize("phase", ["investigating", "identified", "monitoring"])
def test_nothing_is_called_operational_while_an_incident_is_open(phase: str) -> None:
    sentence = sentence_for(standing(API=UP, open_phases=(phase,)))
    assert "perational" not in sentence.text + sentence.title
