"""The headline: one sentence that names what is broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.lib.names import joined
from incidents.timeline.states import SEVERITY, ComponentStatus, IncidentPhase

NAMED_AT_MOST = 3
"""More affected components than this are counted, not named."""

_INDICATORS = {
    ComponentStatus.DEGRADED_PERFORMANCE: "minor",
    ComponentStatus.PARTIAL_OUTAGE: "major",
    ComponentStatus.MAJOR_OUTAGE: "critical",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the sentence depends on; components are (name, state) in page order."""

    components: Sequence[tuple[str, str]]
    open_phases: Sequence[str] = ()
    """Canonical phases of the open incidents."""
    in_maintenance: Sequence[str] | None = None
    """Names of components under running maintenance; None where no maintenance runs."""
    silent_since: datetime | None = None
    """Last report, when it is too old to be trusted."""
    silent_clock: str = ""
    """The same in words: "14:02 UTC"."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence, its glyph, the short form for tabs, the indicator of compatible APIs."""

    text: str
    glyph: str
    indicator: str

    @property
    def title(self) -> str:
        """Return the sentence for a tab, where the quiet state is one word."""
        return "Operational" if self == _QUIET else self.text


_QUIET = Sentence("All systems operational", "operational", "none")
_EMPTY = Sentence("No components yet", "no_data", "none")
_RECOVERING = Sentence("Recovering: we are watching a fix", "monitoring", "none")
_INVESTIGATING = Sentence("We are investigating an issue", "investigating", "none")


def sentence_for(standing: Standing) -> Sentence:
    """Return the headline; the first rule that fits wins.

    Components under maintenance are not "affected": planned work is no outage. With several
    open incidents the page is recovering only when every one of them is being watched.
    """
    if standing.silent_since is not None:
        return Sentence(f"Status unknown: last report at {standing.silent_clock}", "no_data", "none")
    troubled = _troubled(standing.components)
    if troubled:
        return _trouble(troubled, of=len(standing.components))
    if standing.open_phases:
        watching = all(phase == IncidentPhase.MONITORING for phase in standing.open_phases)
        return _RECOVERING if watching else _INVESTIGATING
    maintained = _maintained(standing)
    if maintained is not None:
        return Sentence(_naming("Maintenance in progress", maintained), "under_maintenance", "maintenance")
    return _QUIET if standing.components else _EMPTY


def _troubled(components: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return components with a fault, worst first, equals in page order."""
    faults = [one for one in components if one[1] in _INDICATORS]
    return sorted(faults, key=lambda one: -SEVERITY[one[1]])


def _trouble(troubled: list[tuple[str, str]], *, of: int) -> Sentence:
    worst = ComponentStatus(troubled[0][1])
    all_down = len(troubled) == of and all(state == ComponentStatus.MAJOR_OUTAGE for _, state in troubled)
    text = "Major outage across all systems" if all_down else _naming(str(worst.label), [name for name, _ in troubled])
    return Sentence(text, worst.value, _INDICATORS[worst])


def _maintained(standing: Standing) -> Sequence[str] | None:
    under_way = [name for name, state in standing.components if state == ComponentStatus.UNDER_MAINTENANCE]
    if under_way:
        return under_way
    return standing.in_maintenance


def _naming(state: str, names: Sequence[str]) -> str:
    if not names:
        return state
    if len(names) <= NAMED_AT_MOST:
        return f"{state}: {joined(names)}"
    return f"{state} affecting {len(names)} components"
