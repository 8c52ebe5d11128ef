"""Updates posted, taken back or impossible to write while they are told of; a relay that is away for hours."""

import time

from tests.faults.case import Case
from tests.faults.databases import until
from tests.faults.judging import judge, rows_of
from tests.faults.report import Report

STOPPED_WITHIN = 5.0
SLOW = {"seconds_per_message": 0.1}
LEASE = 5.0
FIRST_CLAIM = 25
"""Seconds of a lease, and what a process takes first (notifications/leases.py and batch.py, which need Django)."""


def many_updates(case: Case) -> Report:
    """Four updates of one incident faster than they can be told: nobody gets an older one after a newer one."""
    report = Report("updates faster than mail")
    with case.ground(rules=SLOW) as ground:
        workers = ground.start(workers=2)
        code = ground.do("report").result
        with ground.crew.killing(workers, 1.5) as kills:
            for number in range(3):
                time.sleep(0.7)
                ground.do("post", incident=code, body=f"Note {number}.")
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience, events=4))
        ledger = judge(report, ground, disturbances=len(kills))
        newest = max(row.seq for row in rows_of(ground))
        told = {row.message_id for row in rows_of(ground) if row.seq == newest}
        arrived = {one.message_id for one in ledger.arrivals}
        report.exactly("told of the newest", len(told & arrived), case.size)
        report.notes["superseded"] = sum(row.state == "superseded" for row in rows_of(ground))
    return report


def retracted(case: Case) -> Report:
    """An update taken back in the middle of its fan-out: nobody else is told of it."""
    report = Report("update taken back in the middle")
    with case.ground(rules={"seconds_per_message": 0.3}) as ground:
        ground.start(workers=2)
        code = ground.do("report").result
        ground.sink.behave(seconds_per_message=0.0)
        ground.finish(case.patience)
        ground.sink.behave(seconds_per_message=0.3)
        ground.do("post", incident=code, body="Posted by mistake.")
        until(120, lambda: len(ground.sink.ledger.arrivals) > case.size + 20, "the second update is told of")
        deed = ground.do("take_back", incident=code)
        taken_back = deed.at + deed.seconds
        time.sleep(STOPPED_WITHIN + 1)
        ground.sink.behave(seconds_per_message=0.0)
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience, events=2))
        late = [one for one in ground.sink.ledger.arrivals if one.at > taken_back + STOPPED_WITHIN]
        report.exactly("I6 told of it later than 5 s after", len(late), 0)
        report.at_most("told of it at all", len(ground.sink.ledger.arrivals) - case.size, case.size - 1)
        waiting = [row for row in rows_of(ground) if row.state in ("queued", "leased", "retrying")]
        report.exactly("still waiting", len(waiting), 0)
    return report


def relay_gone(case: Case) -> Report:
    """No relay for hours while an incident goes on: afterwards everybody is told how it stands, and only that."""
    report = Report("relay away for hours")
    with case.ground() as ground:
        ground.start(workers=2)
        ground.sink.stop()
        code = ground.do("report").result
        until(120, lambda: ground.fanned_out() >= 1, "the first fan-out")
        for body, phase in (("We found it.", "identified"), ("It is over.", "resolved")):
            time.sleep(2)
            ground.bring_forward()
            ground.do("post", incident=code, body=body, phase=phase)
        until(120, lambda: ground.fanned_out() >= 3, "all fan-outs")
        for _ in range(4):
            ground.bring_forward()
            time.sleep(2)
        report.exactly("kept waiting", ground.unfinished() >= case.size, True)
        ground.sink.start()
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience, events=3, hurry=True))
        ledger = judge(report, ground)
        newest = {row.message_id for row in rows_of(ground) if row.seq == max(one.seq for one in rows_of(ground))}
        report.exactly("told anything but the newest", sum(one.message_id not in newest for one in ledger.arrivals), 0)
        states = ground.database.rows("select count(*) from incidents_subscriber where state <> 'active'")
        report.exactly("subscribers switched off", states[0][0], 0)
    return report


def relay_silent(case: Case) -> Report:
    """A relay that takes commands and never answers: connections stay few, and it goes on when it speaks again."""
    report = Report("relay silent")
    with case.ground() as ground:
        ground.start(workers=2)
        ground.do("report")
        until(120, lambda: ground.sink.ledger.arrivals, "the first message arrives")
        ground.sink.behave(silent=True)
        time.sleep(8)
        report.at_most("connections at once", ground.sink.ledger.most_connections(), MOST_CONNECTIONS)
        ground.sink.behave(silent=False)
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience + 60, hurry=True))
        # Each connection that was given up in the silence leaves one message of unknown fate.
        given_up = len(ground.sink.ledger.of("closed"))
        judge(report, ground, disturbances=given_up)
    return report


def slow_relay(case: Case) -> Report:
    """A relay so slow that a batch takes longer than a lease: it stays with its worker all the same."""
    report = Report("relay slow")
    # What a process claims first takes longer than a lease with every connection it has.
    seconds = 1.5 * LEASE * case.connections / FIRST_CLAIM
    with case.ground(rules={"seconds_per_message": seconds}) as ground:
        ground.start(workers=2)
        ground.do("report")
        time.sleep(14)
        ground.sink.behave(seconds_per_message=0.0)
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        judge(report, ground)
    return report


MOST_CONNECTIONS = 2 * 2 * 8
"""Workers, processes in each, connections in each of those."""


def storm(case: Case) -> Report:
    """A relay that answers everything 421 and hangs up: it is not overrun, and it is used again soon after."""
    report = Report("421 storm")
    with case.ground() as ground:
        ground.start(workers=2)
        ground.do("report")
        until(120, lambda: ground.sink.ledger.arrivals, "the first message arrives")
        ground.sink.behave(storm=True)
        began = time.time()
        time.sleep(3)
        settled = time.time()
        time.sleep(30 if case.is_full else 8)
        ground.sink.behave(storm=False)
        over = time.time()
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience + 60))
        ledger = judge(report, ground)
        met = [one["at"] for one in ledger.of("connected") if settled < one["at"] < over]
        report.at_most("connections a second in the storm", len(met) / (over - settled), 2)
        first = min((one.at for one in ledger.arrivals if one.at > over), default=over + 999)
        # A small fan-out may have been over before the storm began.
        told_before = sum(one.at < began + 0.2 for one in ledger.arrivals)
        report.at_most("I10 used again after", 0 if told_before == case.size else first - over, 30, " s")
    return report


def poison(case: Case) -> Report:
    """One delivery that cannot be written: it ends in words, the others go out."""
    report = Report("a row that cannot be written")
    with case.ground(rules=SLOW) as ground:
        spoiled = "reader7@example.com"
        ground.database.change(
            "update incidents_subscriber set time_zone = 'Nowhere/Land' where address = ?", [spoiled]
        )
        ground.start(workers=2)
        ground.do("report")
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        judge(report, ground, gone=[spoiled])
        said = ground.database.rows("select state, last_answer from incidents_delivery where address = ?", [spoiled])
        report.holds(
            "the row says why",
            "failed, with words",
            is_kept=said[0][0] == "failed" and bool(said[0][1]),
            got=str(said[0]),
        )
    return report
