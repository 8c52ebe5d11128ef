"""A relay that refuses: everybody, some mailboxes, the message, or for now."""

import re
import time
from typing import Any

from tests.faults.case import Case
from tests.faults.databases import until
from tests.faults.ground import Ground
from tests.faults.judging import judge, rows_of
from tests.faults.report import Report

MOST_ATTEMPTS = 20
SENDERS = {
    "550 5.7.26 at RCPT": {"sender_refused": "550 5.7.26 Unauthenticated email from acme.example is not accepted"},
    "553 at MAIL": {"envelope_refused": "553 5.7.1 Sender address rejected: not owned by user"},
    "535 at AUTH": {"login_refused": "535 5.7.8 Authentication credentials invalid"},
}
STATES = "select state, count(*) from incidents_subscriber group by state"
PAUSE = "select paused_at, paused_because from incidents_channelstate where channel = 'email'"


def states_of_subscribers(ground: Ground) -> dict[str, int]:
    """Return how many subscribers are in each state."""
    return dict(ground.database.rows(STATES))


def senders_refused(case: Case) -> Report:
    """The relay refuses us as the sender, in each of three ways."""
    report = Report("relay refuses the sender")
    # One way is enough to catch a build that is broken on purpose.
    for name, rules in list(SENDERS.items())[: 1 if case.saboteur else None]:
        refuse_sender(report, case, name, rules)
    return report


def refuse_sender(report: Report, case: Case, name: str, rules: dict[str, Any]) -> None:
    """State what comes of one way to refuse, and of mending it."""
    login = "acme:secret@" if "login_refused" in rules else ""
    with case.ground(rules=rules, login=login) as ground:
        ground.start(workers=2)
        ground.do("report")
        deadline = time.monotonic() + case.waits
        while time.monotonic() < deadline and not paused(ground):
            time.sleep(0.5)
        time.sleep(6)
        refused = attempts(ground)
        report.at_most(f"attempts, {name}", refused, MOST_ATTEMPTS)
        report.exactly(f"subscribers, {name}", states_of_subscribers(ground), {"active": case.size})
        answer = next(iter(rules.values()))
        said = paused(ground)
        report.holds(
            f"text and fix are shown, {name}",
            "the relay's words and what to change",
            is_kept=answer[4:20] in said and bool(re.search(r"EMAIL_URL|MAIL_FROM|SPF|DKIM", said)),
            got=said[:200],
        )
        ground.sink.behave(**dict.fromkeys(rules, ""))
        ground.do("resume_mail")
        report.holds(f"I10 ends after resuming, {name}", "yes", is_kept=ground.finish(case.patience))
        part = Report(report.fault)
        judge(part, ground)
        report.exactly(f"I1, I2, I6, I7 after resuming, {name}", part.broken, [])


def attempts(ground: Ground) -> int:
    """Return how many messages were refused, or commands to log in."""
    # The alarm that staff are sent meets the same relay; it is not one of the update's.
    news = {"", *(row.message_id for row in rows_of(ground))}
    return sum(one.message_id in news for one in ground.sink.ledger.refusals)


def paused(ground: Ground) -> str:
    """Return why the channel is paused, empty where it is not."""
    rows = ground.database.rows(PAUSE)
    return str(rows[0][1]) if rows and rows[0][0] is not None else ""


def unknown_mailboxes(case: Case) -> Report:
    """One mailbox in a hundred does not exist."""
    report = Report("1 % of mailboxes unknown")
    unknown = {f"reader{number}@example.com" for number in range(0, case.size, 100)}
    words = "550 5.1.1 The email account that you tried to reach does not exist"
    with case.ground(rules={"recipients_refused": dict.fromkeys(unknown, words)}) as ground:
        ground.start(workers=2)
        ground.do("report")
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        ledger = judge(report, ground, gone=unknown)
        report.exactly("I1 told", len(ledger.copies()), case.size - len(unknown))
        bounced = {row.address for row in rows_of(ground) if row.state == "bounced"}
        report.holds("bounced are exactly those", f"{len(unknown)}", is_kept=bounced == unknown, got=str(len(bounced)))
        off = ground.database.rows("select address from incidents_subscriber where state <> 'active'")
        found = {one[0] for one in off}
        report.holds("switched off are exactly those", f"{len(unknown)}", is_kept=found == unknown, got=str(len(found)))
        ground.do("report", title="Another incident")
        ground.finish(case.patience, events=2)
        asked = {one.recipient for one in ground.sink.ledger.refusals}
        report.exactly("tried again with the next incident", len(ground.sink.ledger.refusals) - len(asked), 0)
    return report


def temporary_refusals(case: Case) -> Report:
    """Three mailboxes in ten take no mail for now: the others do not wait for them."""
    report = Report("30 % of RCPTs refused for now")
    with case.ground(rules={"temporary_share": 0.3}) as ground:
        ground.start(workers=2)
        ground.do("report")
        report.holds("I10 ends", "yes", is_kept=ground.finish(case.patience, hurry=True))
        judge(report, ground)
        report.exactly("subscribers", states_of_subscribers(ground), {"active": case.size})
    return report


def content_refused(case: Case) -> Report:
    """The relay does not like the message: this update is held back, nobody counts, the next one goes out."""
    report = Report("relay refuses the content")
    with case.ground(rules={"content_refused": "554 5.7.0 Message blocked by our policy"}) as ground:
        ground.start(workers=2)
        ground.do("report")
        time.sleep(12)
        report.at_most("attempts", attempts(ground), MOST_ATTEMPTS)
        report.exactly("subscribers", states_of_subscribers(ground), {"active": case.size})
        ground.sink.behave(content_refused="")
        before = len(ground.sink.ledger.refusals)
        ground.do("report", title="Another incident")
        until(120, lambda: len(ground.sink.ledger.arrivals) >= case.size, "the next incident is told of")
        report.exactly("refusals since", len(ground.sink.ledger.refusals) - before, 0)
    return report
