"""`python -m tests.faults.page fault-report.json > docs/when-things-break.md`: a run, told to people."""

import json
import sys
from pathlib import Path
from typing import Any

SIZE = 50_000
"""Subscribers in a run of `make faults` that names no other number."""

OPENING = """# What happens when things break

Every row below was measured: `make faults` starts the real processes on a database of their own, breaks something,
and counts outside the app, in the ledger of a mail relay or of endpoints and in the rows of the database. Nothing of
the app is replaced. The same faults, smaller, are part of `make test`; and for each kind there is a build broken on
purpose (`tests/faults/saboteurs.py`) that the suite has to catch.

**What to expect.** Nobody who is to be told is lost. A message repeats only where the sender cannot know whether it
was taken: at most one per open connection for each process that is killed, and wherever a relay takes a message and
hangs up before it says so. Each copy carries the same Message-ID, so that mailboxes can tell. What a dead worker held
is taken up again within ten seconds; nobody has to restart anything.

**What you do.** Nothing, in nearly all cases. A channel that the relay refuses twenty times in a row pauses itself and
the console says why and what to change; after that, press "Resume". An update whose content was refused is held back
alone. After a restore of an old database keep the file `suppression.journal` beside it: whoever left since the backup
stays away.

This page was made from runs with {size} (`{command}`). `fault-report.json` of a run has every figure.
Runs with fewer than 5,000 share their machine with other tests: times are stretched there.
"""

CLOSING = """
## How to read the invariants

| | |
|---|---|
| I1 | everybody who was to be told was told, or was told of a newer update, left, or has no mailbox |
| I2 | copies: only of messages whose fate the sender could not know, never more than three |
| I6 | nothing was sent that was not to be told |
| I7 | nobody got an older update after a newer one |
| I8 | nothing to somebody who left begins later than five seconds after |
| I10 | it goes on by itself when the fault ends |
"""


def page(reports: list[dict[str, Any]]) -> str:
    """Return the page for the reports of a run."""
    sizes = sorted({int(one["notes"].get("size", 0)) for one in reports})
    # What the page says of its runs must be what makes them again.
    commands = ["make faults" if size == SIZE else f"FAULT_SIZE={size} make faults" for size in sizes]
    parts = [
        OPENING.format(size=" and ".join(f"{size:,} subscribers" for size in sizes), command="`, `".join(commands))
    ]
    parts += [section(one) for one in reports]
    return "".join(parts) + CLOSING


def section(report: dict[str, Any]) -> str:
    """Return the part about one fault."""
    lines = [
        f"\n## {report['fault'][0].upper()}{report['fault'][1:]}\n",
        f"\n{report['story']}\n" if report["story"] else "",
    ]
    figures = [
        f"{report['notes'][name]:,} {words}"
        for name, words in (
            ("size", "subscribers"),
            ("messages", "messages"),
            ("kills", "kills"),
            ("crashes", "crashes of the database"),
            ("ambiguous", "answers withheld"),
            ("connections", "connections at once at most"),
            ("superseded", "overtaken by newer updates"),
            ("times_clean", "times the clean time for healthy mailboxes"),
        )
        if report["notes"].get(name)
    ]
    if figures:
        lines.append(f"\nIn this run: {', '.join(figures)}.\n")
    lines.append("\n| | expected | measured |\n|---|---|---|\n")
    for one in report["lines"]:
        mark = "" if one["is_kept"] else " **broken**"
        lines.append(f"| {one['invariant']} | {cell(one['expected'])} | {cell(one['got'])}{mark} |\n")
    return "".join(lines)


def cell(text: str) -> str:
    """Return a text that fits into a cell of a table."""
    return text.replace("|", "\\|").replace("<", "&lt;")[:160]


if __name__ == "__main__":
    print(page(json.loads(Path(sys.argv[1]).read_text())), end="")
