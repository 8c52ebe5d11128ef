"""Lines of a fault run: fault, invariant, what was expected, what came, `ok` or `broken`."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """One invariant of one fault."""

    fault: str
    invariant: str
    expected: str
    got: str
    is_kept: bool

    def __str__(self) -> str:
        return "\t".join([self.fault, self.invariant, self.expected, self.got, "ok" if self.is_kept else "broken"])


@dataclass
class Report:
    """What came of one fault; every statement adds a line."""

    fault: str
    lines: list[Line] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    """Figures beside the invariants, for the ledger file."""
    story: str = ""
    """What is done, in a sentence."""

    def exactly(self, invariant: str, got: Any, expected: Any) -> None:
        """State a figure that may be nothing else."""
        self._add(invariant, str(expected), str(got), is_kept=got == expected)

    def at_most(self, invariant: str, got: float, limit: float, unit: str = "") -> None:
        """State a figure with an upper limit."""
        self._add(invariant, f"<= {limit:g}{unit}", f"{round(got, 2):g}{unit}", is_kept=got <= limit)

    def at_least(self, invariant: str, got: float, limit: float, unit: str = "") -> None:
        """State a figure with a lower limit."""
        self._add(invariant, f">= {limit:g}{unit}", f"{round(got, 2):g}{unit}", is_kept=got >= limit)

    def holds(self, invariant: str, expected: str, *, is_kept: bool, got: str = "") -> None:
        """State something that is true or not."""
        self._add(invariant, expected, got or ("yes" if is_kept else "no"), is_kept=is_kept)

    def _add(self, invariant: str, expected: str, got: str, *, is_kept: bool) -> None:
        self.lines.append(Line(self.fault, invariant, expected, got, is_kept))

    @property
    def broken(self) -> list[str]:
        """The invariants that were broken, each with what was expected and what came."""
        return [f"{one.invariant}: {one.expected}, got {one.got}" for one in self.lines if not one.is_kept]

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "fault": self.fault,
            "story": self.story,
            "lines": [asdict(one) for one in self.lines],
            "notes": self.notes,
        }
