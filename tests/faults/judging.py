"""Judges a run by what is outside the app: the ledger of the relay and the rows of the database."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from tests.faults.ground import Ground
from tests.faults.ledger import Ledger, inversions
from tests.faults.report import Report

MOST_COPIES = 3

ROWS = """
    select d.event_id, d.incident_id, d.subscriber_id, d.seq, d.state, d.message_id, d.address
    from incidents_delivery d where d.event_id is not null
"""
NEWS = "select id from incidents_event where notify and update_id is not null"


@dataclass(frozen=True, slots=True)
class Row:
    """A delivery at the end of a run."""

    event: int
    incident: int
    subscriber: int
    seq: int
    state: str
    message_id: str
    address: str


def rows_of(ground: Ground) -> list[Row]:
    """Return every delivery of news."""
    return [Row(*one) for one in ground.database.rows(ROWS)]


def judge(
    report: Report,
    ground: Ground,
    *,
    disturbances: int = 0,
    gone: Collection[str] = (),
    ended: Collection[str] = ("sent",),
) -> Ledger:
    """State loss, duplicates, ghosts and order; return the ledger they were read from.

    `disturbances` counts kills and crashes, each of which may repeat one message per connection.
    `gone` are the addresses whose deliveries may end otherwise than `ended`.
    """
    ledger, rows = ground.sink.ledger, rows_of(ground)
    report.exactly("I1 lost", lost(ground, ledger, rows, set(gone), set(ended)), 0)
    report.notes["ends"] = dict(Counter(row.state for row in rows))
    judge_copies(report, ledger, disturbances)
    known = {one[0] for one in ground.database.rows("select message_id from incidents_delivery")}
    ghosts = [one for one in ledger.arrivals if one.message_id not in known]
    report.exactly("I6 ghosts", len(ghosts), 0)
    told_by = {row.message_id: (row.incident, row.subscriber, row.seq) for row in rows}
    report.exactly("I7 older after newer", inversions(ledger.arrivals, told_by), 0)
    return ledger


def judge_copies(report: Report, ledger: Ledger, disturbances: int) -> None:
    """State how often somebody was told twice, against how often the sender could not know."""
    copies = ledger.copies()
    connections, ambiguous = ledger.most_connections(), ledger.ambiguous()
    report.at_most("I2 duplicates", sum(copies.values()) - len(copies), connections * disturbances + ambiguous)
    report.exactly("I2 copies of what was not in flight", ledger.needless(), 0)
    report.at_most("I2 most copies", max(copies.values(), default=0), MOST_COPIES)
    report.notes |= {"connections": connections, "ambiguous": ambiguous, "disturbances": disturbances}
    report.notes |= {"messages": len(copies), "seconds": round(ledger.seconds(), 2)}


def lost(ground: Ground, ledger: Ledger, rows: list[Row], gone: set[str], ended: set[str]) -> int:
    """Return how many of the people to be told of each event neither were nor were told of a newer one."""
    arrived = {one.message_id for one in ledger.arrivals}
    newest: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        newest[row.incident, row.subscriber] = max(newest[row.incident, row.subscriber], row.seq)
    settled: set[tuple[int, int]] = set()
    for row in rows:
        is_overtaken = row.state == "superseded" and newest[row.incident, row.subscriber] > row.seq
        was_told = row.state in ended and (row.state != "sent" or row.message_id in arrived)
        is_excused = row.address in gone and row.state not in ("queued", "leased", "retrying")
        if was_told or is_overtaken or is_excused:
            settled.add((row.event, row.subscriber))
    events = [one[0] for one in ground.database.rows(NEWS)]
    people = dict(ground.database.rows("select id, address from incidents_subscriber"))
    # Who had left before an event has no delivery of it.
    known = {(row.event, row.subscriber) for row in rows}
    owed = {(event, one) for event in events for one in people if people[one] not in gone or (event, one) in known}
    return len(owed - settled)
