"""A suite that cannot tell a broken build from ours proves nothing: every saboteur is caught by its fault."""

import pytest

from tests.faults.case import Case
from tests.faults.runs.index import FAULTS
from tests.faults.workshop import Workshop

CAUGHT_BY = [
    ("mark_before_send", "killed_once", "I1 lost"),
    ("no_taking_back", "killed_once", "I1 lost"),
    ("no_unique_key", "two_beats", "I2 duplicates"),
    ("no_lease_check", "two_beats", "I2 duplicates"),
    ("no_renewal", "slow_relay", "I2 duplicates"),
    ("no_sweeper", "broker_killed", "I1 lost"),
    ("waits_for_the_broker", "broker_frozen", "posting"),
    ("suppress_on_every_5xx", "senders_refused", "subscribers, 550 5.7.26 at RCPT"),
    ("no_breaker", "senders_refused", "attempts, 550 5.7.26 at RCPT"),
    ("no_breaker", "content_refused", "attempts"),
    ("never_suppress", "unknown_mailboxes", "switched off are exactly those"),
    ("no_retries", "temporary_refusals", "I1 lost"),
    ("no_order", "relay_gone", "told anything but the newest"),
    ("reconnects_at_once", "storm", "connections a second in the storm"),
    ("deaf_to_leaving", "left_in_the_middle", "I8 begun later than 5 s after"),
    ("deaf_to_leaving", "retracted", "I6 told of it later than 5 s after"),
    ("mangled_addresses", "letters", "right octets, without SMTPUTF8"),
    ("one_poisons_all", "poison", "I1 lost"),
]


@pytest.mark.long
@pytest.mark.parametrize(("saboteur", "name", "invariant"), CAUGHT_BY)
def test_every_saboteur_is_caught(shop: Workshop, saboteur: str, name: str, invariant: str) -> None:
    fault = FAULTS[name]
    report = fault.run(Case(shop, size=fault.small, saboteur=saboteur, waits=15))
    assert invariant in [line.invariant for line in report.lines if not line.is_kept], report.broken
