"""People who leave while they are told, and whose names have letters outside ASCII."""

import time

from tests.faults.case import Case
from tests.faults.databases import until
from tests.faults.judging import judge, rows_of
from tests.faults.report import Report

HONOURED_WITHIN = 5.0
LEAVERS = 20


def left_in_the_middle(case: Case) -> Report:
    """Subscribers leave in the middle of a fan-out: nothing to them begins later than five seconds after."""
    report = Report(f"unsubscribed in the middle, {case.kind}")
    # Slow enough that many of those who leave, the last in line, would have been told more than 5 s later.
    slow = {"seconds_per_message": 160 / case.size}
    with case.ground(rules=slow) as ground:
        ground.start(workers=2)
        ground.do("report")
        until(120, lambda: len(ground.sink.ledger.arrivals) > 10, "messages arrive")
        leaving = {f"reader{case.size - 1 - number}@example.com" for number in range(LEAVERS)}
        left = {address: (deed := ground.do("leave", address=address)).at + deed.seconds for address in leaving}
        report.holds("I10 ends by itself", "yes", is_kept=ground.finish(case.patience))
        ledger = judge(report, ground, gone=leaving)
        late = [one for one in ledger.arrivals if one.at > left.get(one.recipient, 1e12) + HONOURED_WITHIN]
        report.exactly("I8 begun later than 5 s after", len(late), 0)
        spared = sum(row.state == "suppressed" for row in rows_of(ground) if row.address in leaving)
        report.at_least("spared the mail", spared, LEAVERS / 2)
        ground.do("report", title="The next incident")
        ground.finish(case.patience, events=2)
        since = [one for one in ground.sink.ledger.arrivals if one.at > max(left.values()) + HONOURED_WITHIN]
        report.exactly("I8 told of the next", sum(one.recipient in leaving for one in since), 0)
    return report


LETTERS = {
    "jörg@example.com": "jörg@example.com",
    "用户@example.com": "用户@example.com",
    "δοκιμή@παράδειγμα.δοκιμή": "δοκιμή@xn--hxajbheg2az3al.xn--jxalpdlp",
    "ann@bücher.example": "ann@xn--bcher-kva.example",
    "o'neill+tag@example.com": "o'neill+tag@example.com",
}
"""What people type, and what the relay has to get, in UTF-8."""


def letters(case: Case) -> Report:
    """Addresses with letters outside ASCII, with a relay that can and with one that cannot take them."""
    report = Report("letters outside ASCII in addresses")
    for smtputf8 in (True, False):
        offer = "with SMTPUTF8" if smtputf8 else "without SMTPUTF8"
        wanted = {spelled for spelled in LETTERS.values() if smtputf8 or spelled.isascii()}
        with case.ground(size=50, rules={"smtputf8": smtputf8}) as ground:
            for typed in LETTERS:
                ground.do("subscribe", address=typed)
            ground.start(workers=1)
            ground.do("report")
            report.holds(f"I10 ends, {offer}", "yes", is_kept=ground.finish(case.patience))
            time.sleep(0.5)
            got = {one.recipient.encode("latin-1").decode() for one in ground.sink.ledger.arrivals}
            others = {f"reader{number}@example.com" for number in range(50)}
            report.holds(
                f"right octets, {offer}", str(len(wanted)), is_kept=got - others == wanted, got=str(got - others)
            )
            refused = [row for row in rows_of(ground) if row.state not in ("sent",)]
            report.exactly(f"not sent, {offer}", len(refused), len(LETTERS) - len(wanted))
            words = "select last_answer from incidents_delivery where state <> 'sent'"
            said = {one[0] for one in ground.database.rows(words)}
            report.holds(
                f"said in words, {offer}", "SMTPUTF8", is_kept=all("SMTPUTF8" in one for one in said), got=str(said)
            )
            states = ground.database.rows("select count(*) from incidents_subscriber where state <> 'active'")
            report.exactly(f"switched off, {offer}", states[0][0], 0)
    return report
