"""`python -m tests.faults [NAME ...]`: do every fault of notifications at full size and print a line per invariant.

FAULT_SIZE is the number of subscribers (50,000), FAULT_KIND one database only, FAULT_BROKEN a deliberately broken
build. `fault-report.json` gets all lines with the figures beside them.
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path

from tests.faults import page
from tests.faults.case import Case
from tests.faults.report import Report
from tests.faults.runs.index import FAULTS
from tests.faults.workshop import workshop

SIZE = int(os.environ.get("FAULT_SIZE", page.SIZE))
REPORT = Path("fault-report.json")


def main(names: list[str]) -> int:
    """Run, print and write down; return how many invariants were broken."""
    reports: list[Report] = []
    with workshop() as shop:
        for fault in [FAULTS[name] for name in names or FAULTS]:
            for kind in fault.kinds:
                if kind != os.environ.get("FAULT_KIND", kind):
                    continue
                case = Case(shop, SIZE, kind, os.environ.get("FAULT_BROKEN", ""))
                began = time.monotonic()
                reports.append(outcome(fault.name, case))
                reports[-1].story = fault.story
                reports[-1].notes |= {"size": SIZE, "database": kind}
                reports[-1].notes["whole_run_seconds"] = round(time.monotonic() - began, 1)
                print(*reports[-1].lines, sep="\n", flush=True)
                print(reports[-1].notes, file=sys.stderr)
                REPORT.write_text(json.dumps([one.as_json() for one in reports], indent=1))
    return sum(len(one.broken) for one in reports)


def outcome(name: str, case: Case) -> Report:
    """Return the report of a fault; one that could not be done is broken as a whole."""
    try:
        return FAULTS[name].run(case)
    except Exception as error:  # noqa: BLE001 - the other faults are done all the same
        traceback.print_exc()
        report = Report(f"{name}, {case.kind}")
        report.holds("the fault could be done", "yes", is_kept=False, got=" ".join(str(error).split())[:200])
        return report


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 100))
