"""The broker killed, flushed, frozen or full: posting does not wait for it, and delivering does not need it."""

import time
from collections.abc import Callable
from typing import Any

from tests.faults.broker import Broker
from tests.faults.case import Case
from tests.faults.crew import DeedFailed
from tests.faults.databases import until
from tests.faults.ground import Ground
from tests.faults.judging import judge
from tests.faults.report import Report

FANNED_OUT_WITHIN = 10.0
CONSUMES_WITHIN = 10.0
RESTARTS = 20
RESTARTS_OF_A_SHORT_RUN = 3
RESTART_EVERY = 3.0
FROZEN_SECONDS = 60.0
FROZEN_SECONDS_OF_A_SHORT_RUN = 12.0


def broker_killed(case: Case) -> Report:
    """The broker ends before the post and comes back empty after the fan-out has begun."""
    return disturbed(case, "broker killed", lambda broker: broker.kill(), lambda broker: broker.start())


def broker_frozen(case: Case) -> Report:
    """The broker stops without closing a connection; whoever waits for it waits for ever."""
    seconds = FROZEN_SECONDS if case.is_full else FROZEN_SECONDS_OF_A_SHORT_RUN
    return disturbed(case, f"broker frozen for {seconds:g} s", Broker.freeze, Broker.thaw, lasting=seconds)


def broker_full(case: Case) -> Report:
    """The broker has no memory left: it refuses every write and answers every question."""
    return disturbed(case, "broker out of memory", Broker.fill, lambda broker: broker.say("CONFIG SET maxmemory 0"))


def disturbed(
    case: Case, name: str, break_it: Callable[[Broker], Any], mend_it: Callable[[Broker], Any], *, lasting: float = 0.0
) -> Report:
    """Post while the broker is broken, then mend it after `lasting` seconds at least."""
    report = Report(name)
    with case.ground(rules={"seconds_per_message": 0.001}) as ground:
        ground.start(workers=2)
        broker = broker_of(ground)
        until_it_is_used(broker)
        began = time.monotonic()
        break_it(broker)
        try:
            deed = ground.do("report")
        except DeedFailed as failure:
            report.holds("posting", f"<= {case.posted_within} s", is_kept=False, got=str(failure))
            return report
        report.at_most("posting", deed.seconds, case.posted_within, " s")
        report.at_most(
            "fan-out begins", seconds_to_first_arrival(ground, deed.at), FANNED_OUT_WITHIN * case.slack, " s"
        )
        time.sleep(max(0.0, lasting - (time.monotonic() - began)))
        mend_it(broker)
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        second = ground.do("report", title="A second incident, after it was mended")
        report.holds("I10 the next one ends too", "yes", is_kept=ground.finish(case.patience, events=2))
        arrived = [one.at for one in ground.sink.ledger.arrivals if one.at > second.at]
        report.at_most(
            "fan-out begins, mended", min(arrived, default=1e9) - second.at, FANNED_OUT_WITHIN * case.slack, " s"
        )
        judge(report, ground)
    return report


def until_it_is_used(broker: Broker) -> None:
    """Wait until workers and beat have started: what comes after is not slow because they are starting."""
    until(120, lambda: b"deliveries" in broker.say("KEYS *") or b"housekeeping" in broker.say("KEYS *"), "beat rings")


def broker_of(ground: Ground) -> Broker:
    """Return the broker; runs without one are not disturbed this way."""
    assert ground.broker is not None
    return ground.broker


def seconds_to_first_arrival(ground: Ground, since: float) -> float:
    """Return how long after an instant the first message arrived, a large number where none does."""
    deadline = time.monotonic() + 6 * FANNED_OUT_WITHIN
    while time.monotonic() < deadline:
        if arrivals := ground.sink.ledger.arrivals:
            return arrivals[0].at - since
        time.sleep(0.2)
    return 999.0


def broker_flushed(case: Case) -> Report:
    """The broker loses everything five times in the middle of a fan-out."""
    report = Report("broker flushed five times")
    with case.ground(rules={"seconds_per_message": 0.05}) as ground:
        ground.start(workers=2)
        until_it_is_used(broker_of(ground))
        broker_of(ground).flush()
        deed = ground.do("report")
        report.at_most("posting", deed.seconds, case.posted_within, " s")
        for _ in range(4):
            time.sleep(0.4)
            broker_of(ground).flush()
        report.at_most(
            "fan-out begins", seconds_to_first_arrival(ground, deed.at), FANNED_OUT_WITHIN * case.slack, " s"
        )
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        judge(report, ground)
    return report


def broker_restarted(case: Case) -> Report:
    """The broker restarts again and again under a worker that is connected: it takes tasks again each time."""
    report = Report("broker restarted under a worker")
    with case.ground() as ground:
        ground.start(workers=1)
        broker = broker_of(ground)
        until(120, lambda: seconds_until_taken(ground) < CONSUMES_WITHIN, "the worker takes tasks")
        waits = []
        for _ in range(RESTARTS if case.is_full else RESTARTS_OF_A_SHORT_RUN):
            broker.kill()
            broker.start()
            waits.append(seconds_until_taken(ground))
            time.sleep(max(0.0, RESTART_EVERY - waits[-1]))
        report.at_most("takes a canary again", max(waits), CONSUMES_WITHIN, " s")
        ground.do("report")
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        judge(report, ground)
    return report


def seconds_until_taken(ground: Ground) -> float:
    """Send canaries until one has passed through the broker and a worker; return how long that took."""
    began = time.monotonic()
    ground.do("forget_canaries")
    while time.monotonic() - began < 6 * CONSUMES_WITHIN:
        ground.do("send_canary")
        until_asked_again = time.monotonic() + 0.5
        while time.monotonic() < until_asked_again:
            if ground.database.rows("select 1 from incidents_canary where queue = 'news'"):
                return time.monotonic() - began
            time.sleep(0.05)
    return 999.0
