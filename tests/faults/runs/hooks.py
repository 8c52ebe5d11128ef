"""Endpoints that hang, refuse, redirect or answer without end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from tests.faults.case import Case
from tests.faults.databases import until
from tests.faults.ground import Ground
from tests.faults.report import Report
from tests.faults.sinks.running import HookSink, hook_sink

CUT_AFTER = 10.0
SLACK = 4.0


@contextmanager
def endpoints(case: Case, **counts: int) -> Iterator[tuple[Ground, HookSink]]:
    """Give an installation whose subscribers are endpoints: so many of each behaviour."""
    with (
        case.ground(size=1, OUTBOUND_ALLOWED_ADDRESSES="127.0.0.1") as ground,
        hook_sink(ground.folder) as sink,
    ):
        addresses = [sink.url(name, number) for name, count in counts.items() for number in range(count)]
        ground.do("add_webhooks", addresses=[address.replace("status_", "status-") for address in addresses])
        yield ground, sink


def asked(sink: HookSink, behaviour: str) -> list[float]:
    """Return when the endpoints of a behaviour were asked, oldest first."""
    return [one.at for one in sink.ledger.arrivals if one.recipient.startswith(f"/{behaviour}/")]


def states(ground: Ground, behaviour: str) -> dict[str, int]:
    """Return how many deliveries to the endpoints of a behaviour are in each state."""
    rows = ground.database.rows(
        "select state, count(*) from incidents_delivery where address like ? group by state", [f"%/{behaviour}/%"]
    )
    return dict(rows)


def subscribers(ground: Ground, behaviour: str) -> dict[str, int]:
    """Return how many endpoints of a behaviour are in each state."""
    rows = ground.database.rows(
        "select state, count(*) from incidents_subscriber where address like ? group by state", [f"%/{behaviour}/%"]
    )
    return dict(rows)


def all_asked(case: Case, ground: Ground, sink: HookSink, count: int) -> float:
    """Report an incident and return after how many seconds all healthy endpoints had been asked."""
    began = ground.do("report").at
    until(case.patience, lambda: len(asked(sink, "ok")) >= count, "all healthy endpoints are asked")
    return max(asked(sink, "ok")) - began


def endpoints_hang(case: Case) -> Report:
    """One endpoint in twenty hangs or drips: it is cut off, and the others do not wait for it."""
    report = Report("5 % of endpoints hang or drip")
    count = case.size
    with endpoints(case, ok=count) as (ground, sink):
        ground.start(workers=2)
        clean = all_asked(case, ground, sink, count)
    with endpoints(case, ok=count, hang=count // 40, drip=count // 40) as (ground, sink):
        ground.start(workers=2)
        took = all_asked(case, ground, sink, count)
        if case.is_full:
            report.at_most("healthy endpoints, of the clean time", took / clean, 1.1)
        else:
            report.at_most("healthy endpoints later than clean", took - clean, SLACK, " s")
        slow = states(ground, "hang").get("leased", 0) + states(ground, "drip").get("leased", 0)
        report.notes |= {"clean_seconds": clean, "seconds": took, "held_at_that_moment": slow}
        until(120, lambda: set(states(ground, "hang")) | set(states(ground, "drip")) == {"retrying"}, "all are cut off")
        report.at_most("cut off after", time.time() - max(asked(sink, "hang") + asked(sink, "drip")), CUT_AFTER + SLACK)
        report.exactly("I2 healthy endpoints asked twice", len(asked(sink, "ok")) - count, 0)
        report.exactly("switched off", set(subscribers(ground, "hang")) | set(subscribers(ground, "drip")), {"active"})
    return report


def endpoints_refuse(case: Case) -> Report:
    """Endpoints that say 500, 410, 429 with Retry-After, or lead elsewhere."""
    report = Report("endpoints refuse, are gone or redirect")
    with endpoints(case, ok=20, status_500=5, gone=5, later=5, redirect=5) as (ground, sink):
        ground.start(workers=2)
        all_asked(case, ground, sink, 20)
        until(120, lambda: not states(ground, "gone").get("leased") and states(ground, "gone"), "all are asked")
        time.sleep(20)
        report.exactly("410 switches off at once", subscribers(ground, "gone"), {"disabled": 5})
        report.exactly("410 asked once", len(asked(sink, "gone")), 5)
        report.exactly("429 is waited for", len(asked(sink, "later")), 5)
        early = "select count(*) from incidents_delivery where address like ? and next_try_at < ?"
        soon = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(min(asked(sink, "later")) + 118))
        report.exactly("429 planned sooner than asked", ground.database.rows(early, ["%/later/%", soon])[0][0], 0)
        report.exactly("redirects followed", len(asked(sink, "canary")), 0)
        report.exactly("3xx is a failure", states(ground, "redirect"), {"retrying": 5})
        # Standard Webhooks: at once, after 5 s, after 5 more minutes.
        report.exactly("500 asked so far", len(asked(sink, "status-500")), 10)
        report.exactly("500 stays on", subscribers(ground, "status-500"), {"active": 5})
        ids = {one.recipient: one.message_id for one in sink.ledger.arrivals}
        copies = [one for one in sink.ledger.arrivals if one.message_id != ids[one.recipient] or not one.message_id]
        report.exactly("I2 copies under another webhook-id", len(copies), 0)
    return report


def endpoints_flood(case: Case) -> Report:
    """Endpoints that answer with two gigabytes, a gzip bomb or ten thousand headers; and no TLS where it is wanted."""
    report = Report("endpoints answer without end")
    with endpoints(case, ok=20) as (ground, sink):
        workers = ground.start(workers=1)
        all_asked(case, ground, sink, 20)
        before = largest(ground, workers[0])
        more = [sink.url(name, number) for name in ("huge", "bomb", "headers") for number in range(5)]
        plain = [sink.url("ok", 900).replace("http://", "https://")]
        ground.do("add_webhooks", addresses=more + plain)
        began = ground.do("report", title="Another incident").at
        most = before
        until(120, lambda: len(asked(sink, "headers")) >= 5 and len(asked(sink, "huge")) >= 5, "all are asked")
        while time.time() < began + CUT_AFTER + SLACK:
            most = max(most, largest(ground, workers[0]))
            time.sleep(0.2)
        report.at_most("memory of a worker grew by", (most - before) / 1e6, 30, " MB")
        said = ground.database.rows(
            "select state, last_answer from incidents_delivery where address like ? and last_answer <> ''", ["https:%"]
        )
        report.holds("no TLS is said in words", "words", is_kept=bool(said) and said[0][0] != "sent", got=str(said[:1]))
        leased = sum(states(ground, name).get("leased", 0) for name in ("huge", "bomb", "headers"))
        report.exactly("cut off within 10 s", leased, 0)
    return report


def largest(ground: Ground, worker: str) -> int:
    """Return the resident octets of the largest process of a worker."""
    process = psutil.Process(ground.crew.pid(worker))
    return max(int(one.memory_info().rss) for one in [process, *process.children(recursive=True)])
