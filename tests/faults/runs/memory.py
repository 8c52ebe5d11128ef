"""What outlives the database: the journal of who left, beside a restored copy, and on a full disk."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.case import Case
from tests.faults.judging import judge
from tests.faults.report import Report

LEAVERS = 50


def restored(case: Case) -> Report:
    """A copy of the database from before people left: they stay away, and nothing old is told again."""
    report = Report("database restored from an old copy")
    leaving = {f"reader{number}@example.com" for number in range(LEAVERS)}
    with case.ground() as ground:
        ground.start(workers=1)
        ground.do("report")
        ground.finish(case.patience)
        ground.stop()
        ground.database.keep_copy()
        ground.do("leave_all", addresses=sorted(leaving))
        ground.database.restore_copy()
        back = dict(ground.database.rows("select state, count(*) from incidents_subscriber group by state"))
        report.exactly("the copy thinks them active", back, {"active": case.size})
        before = len(ground.sink.ledger.arrivals)
        ground.start(workers=1)
        ground.do("report", title="After the restore")
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience, events=2))
        since = ground.sink.ledger.arrivals[before:]
        report.exactly("I8 told after the restore", sum(one.recipient in leaving for one in since), 0)
        report.exactly("told of the new incident", len(since), case.size - LEAVERS)
        judge(report, ground, gone=leaving)
    return report


def journal_full(case: Case) -> Report:
    """No room for the journal: leaving works, is told in the log, and the lines are written when there is room."""
    report = Report("disk of the journal full")
    with tiny_disk(case) as disk:
        if disk is None:
            report.holds("only root can mount a small disk", "run as root", is_kept=True, got="skipped")
            return report
        with case.ground(SUPPRESSION_JOURNAL=str(disk / "suppression.journal")) as ground:
            filler = disk / "filler"
            filler.write_bytes(b"x" * 30_000)
            with filler.open("ab", buffering=0) as file:
                try:
                    while file.write(b"x" * 512) == 512:
                        pass
                except OSError:
                    pass  # full
            ground.do("leave_all", addresses=["reader1@example.com", "reader2@example.com"])
            report.holds("said in the log", "journal", is_kept="suppression journal cannot be" in ground.crew.output())
            ground.start(workers=1)
            ground.do("report")
            report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
            told = {one.recipient for one in ground.sink.ledger.arrivals}
            report.exactly("I8 told all the same", len(told & {"reader1@example.com", "reader2@example.com"}), 0)
            filler.unlink()
            report.exactly("lines written once there is room", ground.do("write_journal").result, 0)
            lines = (disk / "suppression.journal").read_text().count(" left ")
            report.at_least("lines in the file", lines, 2)
    return report


@contextmanager
def tiny_disk(case: Case) -> Iterator[Path | None]:
    """Give a disk of 64 kB, None where this user may not mount one."""
    if os.geteuid() != 0:
        yield None
        return
    disk = case.shop.folder / f"disk{case.shop.count}"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def imported_again(case: Case) -> Report:
    """A list with people who left is imported: they stay away."""
    report = Report("people who left imported again")
    leaving = sorted(f"reader{number}@example.com" for number in range(LEAVERS))
    with case.ground() as ground:
        ground.do("leave_all", addresses=leaving)
        ground.do("import_list", addresses=[*leaving, "new@example.com"])
        states = dict(ground.database.rows("select state, count(*) from incidents_subscriber group by state"))
        report.exactly("I8 still away", states.get("left", 0), LEAVERS)
        ground.start(workers=1)
        ground.do("report")
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        told = {one.recipient for one in ground.sink.ledger.arrivals}
        report.exactly("I8 told", len(told & set(leaving)), 0)
        report.exactly("told", len(told), case.size - LEAVERS + 1)
    return report
