"""The headline: one sentence that names what is broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

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
        return gettext("Operational") if self.glyph == ComponentStatus.OPERATIONAL else self.text


def sentence_for(standing: Standing) -> Sentence:
    """Return the headline; the first rule that fits wins.

    Components under maintenance are not "affected": planned work is no outage. With several
    open incidents the page is recovering only when every one of them is being watched.
    """
    if standing.silent_since is not None:
        words = gettext("Status unknown: last report at {time}").format(time=standing.silent_clock)
        return Sentence(words, "no_data", "none")
    troubled = _troubled(standing.components)
    if troubled:
        return _trouble(troubled, of=len(standing.components))
    if standing.open_phases:
        watching = all(phase == IncidentPhase.MONITORING for phase in standing.open_phases)
        if watching:
            return Sentence(gettext("Recovering: we are watching a fix"), "monitoring", "none")
        return Sentence(gettext("We are investigating an issue"), "investigating", "none")
    maintained = _maintained(standing)
    if maintained is not None:
        return Sentence(_maintenance(maintained), "under_maintenance", "maintenance")
    if standing.components:
        return Sentence(gettext("All systems operational"), "operational", "none")
    return Sentence(gettext("No components yet"), "no_data", "none")


def _troubled(components: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return components with a fault, worst first, equals in page order."""
    faults = [one for one in components if one[1] in _INDICATORS]
    return sorted(faults, key=lambda one: -SEVERITY[one[1]])


def _trouble(troubled: list[tuple[str, str]], *, of: int) -> Sentence:
    worst = ComponentStatus(troubled[0][1])
    all_down = len(troubled) == of and all(state == ComponentStatus.MAJOR_OUTAGE for _, state in troubled)
    names = [name for name, _ in troubled]
    if all_down:
        text = gettext("Major outage across all systems")
    else:
        text = _naming(worst, names) if len(names) <= NAMED_AT_MOST else _counting(worst, len(names))
    return Sentence(text, worst.value, _INDICATORS[worst])


def _maintained(standing: Standing) -> Sequence[str] | None:
    under_way = [name for name, state in standing.components if state == ComponentStatus.UNDER_MAINTENANCE]
    if under_way:
        return under_way
    return standing.in_maintenance


def _maintenance(names: Sequence[str]) -> str:
    if not names:
        return gettext("Maintenance in progress")
    if len(names) <= NAMED_AT_MOST:
        return gettext("Maintenance in progress: {names}").format(names=joined(names))
    count = len(names)
    return ngettext(
        "Maintenance in progress affecting {count} component",
        "Maintenance in progress affecting {count} components",
        count,
    ).format(count=count)


def _naming(worst: ComponentStatus, names: Sequence[str]) -> str:
    patterns = {
        ComponentStatus.DEGRADED_PERFORMANCE: gettext("Degraded performance: {names}"),
        ComponentStatus.PARTIAL_OUTAGE: gettext("Partial outage: {names}"),
        ComponentStatus.MAJOR_OUTAGE: gettext("Major outage: {names}"),
    }
    return patterns[worst].format(names=joined(names))


def _counting(worst: ComponentStatus, count: int) -> str:
    patterns = {
        ComponentStatus.DEGRADED_PERFORMANCE: ngettext(
            "Degraded performance affecting {count} component",
            "Degraded performance affecting {count} components",
            count,
        ),
        ComponentStatus.PARTIAL_OUTAGE: ngettext(
            "Partial outage affecting {count} component", "Partial outage affecting {count} components", count
        ),
        ComponentStatus.MAJOR_OUTAGE: ngettext(
            "Major outage affecting {count} component", "Major outage affecting {count} components", count
        ),
    }
    return patterns[worst].format(count=count)
