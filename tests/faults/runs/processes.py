"""Workers that are killed, terminated or started twice; a database that crashes."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psutil

from tests.faults.case import Case
from tests.faults.databases import PostgresDatabase, until
from tests.faults.ground import Ground
from tests.faults.judging import judge, rows_of
from tests.faults.report import Report

SECOND_LOOK = 16.0
"""Seconds in which each schedule looks for due maintenance again."""
KILL_EVERY = 0.5
KILL_EVERY_IN_A_SHORT_RUN = 1.5
"""Beside other tests a worker needs longer to come back than it would live otherwise."""
CRASH_EVERY = 10.0
CRASH_EVERY_IN_A_SHORT_RUN = 4.0
RECOVERED_WITHIN = 10.0
A_SECOND = 1_000
"""Messages the relay of a full run takes a second: three times what GOV.UK's mailer sends (360 a second)."""
WORKERS = 4
WORKERS_OF_A_FULL_RUN = 8
"""Each lives for four seconds then: long enough to start, on a machine that does other things too."""
CHILDREN_OF_A_FULL_RUN = "1"
"""Eight processes send then, on a machine of two cores; with two in each pool a start takes nearly twice as long."""

LEASES = "select distinct lease from incidents_delivery where state = 'leased'"


def killed_all_the_time(case: Case) -> Report:
    """A worker killed every half second, a third of the mailboxes busy, resets, the database crashing.

    The relay of a full run takes 1,000 messages a second.
    """
    report = Report(f"workers killed, relay unwilling, {case.kind}")
    # A short run is slowed down, so that it is still under way when the second worker is killed.
    pace = {"messages_per_second": A_SECOND} if case.is_full else {"seconds_per_message": 0.04}
    ratio = keep_killing(case, report, pace)
    if case.is_full:
        report.at_most("healthy mailboxes, of the clean time", ratio, 1.5)
    return report


def killed_at_any_speed(case: Case) -> Report:
    """The same with a relay that takes whatever comes: the machine is the limit, and each start of a worker costs."""
    report = Report(f"workers killed, relay without a limit, {case.kind}")
    ratio = keep_killing(case, report, {} if case.is_full else {"seconds_per_message": 0.04})
    report.notes["times_clean"] = round(ratio, 2)
    return report


def keep_killing(case: Case, report: Report, pace: dict[str, float]) -> float:
    """Do and judge it; return how long healthy mailboxes took, of the clean time at the same pace."""
    clean = clean_seconds(case, pace)
    unwilling = {"temporary_share": 0.3, "reset_before_share": 0.01, "reset_after_share": 0.002}
    with case.ground(rules=unwilling | pace, **pool_of(case)) as ground, ExitStack() as harm:
        workers = ground.start(workers=workers_of(case))
        ground.do("report")
        until(120, lambda: ground.sink.ledger.arrivals, "the first message arrives")
        crashes = harm.enter_context(crashing(ground, CRASH_EVERY if case.is_full else CRASH_EVERY_IN_A_SHORT_RUN))
        every = KILL_EVERY if case.is_full else KILL_EVERY_IN_A_SHORT_RUN
        kills = harm.enter_context(ground.crew.killing(workers, every))
        wait_for_first_tries(ground, case)
        harm.close()
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience, hurry=True))
        ledger = judge(report, ground, disturbances=len(kills) + len(crashes))
        report.notes |= {"kills": len(kills), "crashes": len(crashes)}
        refused = {one.recipient for one in ledger.refusals}
        healthy = [one.at for one in ledger.arrivals if one.recipient not in refused]
    return (max(healthy) - min(healthy)) / clean


def workers_of(case: Case) -> int:
    """Return how many workers are killed in turn."""
    return WORKERS_OF_A_FULL_RUN if case.is_full else WORKERS


def pool_of(case: Case) -> dict[str, str]:
    """Return how many processes each of them has."""
    return {"FAULT_CHILDREN": CHILDREN_OF_A_FULL_RUN} if case.is_full else {}


def wait_for_first_tries(ground: Ground, case: Case) -> None:
    """Return when everybody was tried once, or the patience with that is over."""
    deadline = time.monotonic() + case.patience
    while time.monotonic() < deadline and first_tries_left(ground):
        # Not more often: it reads the whole table, on the machine of those who send.
        time.sleep(0.5)


def first_tries_left(ground: Ground) -> bool:
    """Return whether somebody has not been tried yet; true while the database is down."""
    try:
        return bool(ground.database.rows(FIRST_TRIES)[0][0])
    except Exception:  # noqa: BLE001 - whatever its driver says while it is down
        return True


FIRST_TRIES = """
    select count(*) from incidents_delivery
    where state in ('queued', 'leased') or lane < 2 and state = 'retrying' and unanswered < 2
"""


@contextmanager
def crashing(ground: Ground, every: float) -> Iterator[list[float]]:
    """Crash PostgreSQL again and again while the block runs; give the instants."""
    crashes: list[float] = []
    stopping = threading.Event()

    def keep_crashing(database: PostgresDatabase) -> None:
        while not stopping.wait(every):
            crashes.append(time.time())
            database.server.crash()
            database.server.start_again()

    if not isinstance(ground.database, PostgresDatabase):
        yield crashes
        return
    thread = threading.Thread(target=keep_crashing, args=(ground.database,), daemon=True)
    thread.start()
    try:
        yield crashes
    finally:
        stopping.set()
        thread.join()


def clean_seconds(case: Case, pace: dict[str, float]) -> float:
    """Return how long the same takes at a relay of the same pace when nothing is broken."""
    with case.ground(rules=pace, **pool_of(case)) as ground:
        ground.start(workers=workers_of(case))
        ground.do("report")
        assert ground.finish(case.patience), "the clean run did not end"
        return ground.sink.ledger.seconds()


def killed_once(case: Case) -> Report:
    """Everything killed in the middle of a batch: what was claimed is taken up again within ten seconds."""
    report = Report(f"all workers killed once, {case.kind}")
    with case.ground(rules={"seconds_per_message": 0.1}) as ground:
        workers = ground.start(workers=1)
        ground.do("report")
        until(120, lambda: len(ground.sink.ledger.arrivals) > 20, "messages arrive")
        for name in workers:
            ground.crew.kill(name)
        held = {one[0] for one in ground.database.rows(LEASES)}
        report.at_least("leases held by the dead", len(held), 1)
        ground.sink.behave(seconds_per_message=0.0)
        taken_up = seconds_until_no(held, ground)
        report.at_most("I10 claimed work recovered", taken_up, RECOVERED_WITHIN * case.slack, " s")
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        judge(report, ground, disturbances=1)
    return report


def seconds_until_no(held: set[str], ground: Ground) -> float:
    """Return after how many seconds no delivery was under one of the leases any more."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        if not held & {one[0] for one in ground.database.rows(LEASES)}:
            break
        time.sleep(0.1)
    return time.monotonic() - began


def pool_child_killed(case: Case) -> Report:
    """One process of a worker's pool killed again and again."""
    report = Report(f"pool child killed, {case.kind}")

    def kill_child(name: str) -> None:
        for child in psutil.Process(ground.crew.pid(name)).children()[:1]:
            child.kill()

    with case.ground(rules={"seconds_per_message": 0.05}) as ground:
        workers = ground.start(workers=1)
        ground.do("report")
        until(120, lambda: ground.sink.ledger.arrivals, "the first message arrives")
        with ground.crew.killing(workers, 2 * KILL_EVERY, kill_child) as kills:
            wait_for_first_tries(ground, case)
        # Who died twice with a mail in hand lets the third try wait for minutes.
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience, hurry=True))
        judge(report, ground, disturbances=len(kills))
    return report


def terminated(case: Case) -> Report:
    """SIGTERM in the middle of a batch: what is under way is finished, nothing is told twice."""
    report = Report(f"worker terminated, {case.kind}")
    with case.ground(rules={"seconds_per_message": 0.1}) as ground:
        (worker,) = ground.start(workers=1)
        ground.do("report")
        until(120, lambda: len(ground.sink.ledger.arrivals) > 20, "messages arrive")
        began = time.monotonic()
        code = ground.crew.stop(worker, seconds=30)
        report.exactly("exit code", code, 0)
        report.at_most("ended", time.monotonic() - began, 5.0, " s")
        report.exactly("claimed rows released", sum(row.state == "leased" for row in rows_of(ground)), 0)
        ground.sink.behave(seconds_per_message=0.0)
        ground.crew.order(start=worker, role="embedded" if ground.broker is None else "worker")
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        judge(report, ground)
    return report


def times_of(ground: Ground, kind: str) -> int:
    """Return how often the timeline says that something happened."""
    return [one[0] for one in ground.database.rows("select kind from incidents_event")].count(kind)


def two_beats(case: Case) -> Report:
    """Two schedules and several workers by mistake: everything happens once."""
    report = Report(f"two beats, {case.kind}")
    with case.ground() as ground:
        ground.start(workers=2, beats=2)
        # Both schedules find the event.
        ground.do("lose_rings")
        ground.do("report")
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        judge(report, ground)
        ground.do("plan_maintenance")
        until(120, lambda: times_of(ground, "maintenance.completed"), "the maintenance is over")
        # Both have looked once more.
        time.sleep(SECOND_LOOK)
        for kind in ("maintenance.started", "maintenance.completed"):
            report.exactly(f"I12 {kind}", times_of(ground, kind), 1)
    return report
