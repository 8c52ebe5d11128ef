"""What the importer has to say about a source: sentences with the place they are about."""

from dataclasses import dataclass, field


class Complaint(Exception):
    """Something in a record is not as it must be; `sentence` begins in lower case."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NothingToImport(Exception):
    """The source as a whole cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Problem:
    """Something that could not be taken, or is worth a word; `where` is file and record."""

    where: str
    sentence: str

    def __str__(self) -> str:
        # What a source quotes must not steer the operator's terminal.
        return "".join(each if each.isprintable() else "?" for each in f"{self.where}: {self.sentence}")


@dataclass
class Report:
    """What was said while reading: problems cost a record, notes do not."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def skip(self, where: str, sentence: str) -> None:
        """Say why something was not taken."""
        self.problems.append(Problem(where, sentence))

    def note(self, where: str, sentence: str) -> None:
        """Say something about what was taken, or was left out on purpose."""
        self.notes.append(Problem(where, sentence))
