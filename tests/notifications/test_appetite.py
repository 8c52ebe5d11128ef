"""How much is claimed at once."""

import time

from incidents.notifications.appetite import AT_ONCE, FEWEST, FIRST, Appetite


def fed(appetite: Appetite, count: int) -> Appetite:
    for _ in range(count):
        appetite.tried(is_taken=True)
    return appetite


def test_who_has_sent_nothing_claims_little() -> None:
    appetite = Appetite()
    assert [appetite.portion() for _ in range(3)] == [FIRST] * 3


def test_who_sends_fast_claims_twice_as_much_each_time() -> None:
    appetite = Appetite()
    appetite.portion()
    portions = [fed(appetite, 1_000).portion() for _ in range(6)]
    assert portions == [FEWEST, 2 * FEWEST, 4 * FEWEST, 8 * FEWEST, AT_ONCE, AT_ONCE]


def test_who_sends_slowly_holds_no_more_than_goes_soon() -> None:
    appetite = Appetite()
    appetite.portion()
    while fed(appetite, 1_000).portion() < AT_ONCE:
        pass
    time.sleep(0.5)
    assert fed(appetite, 40).portion() <= 40


def test_refusals_alone_are_no_reason_for_more() -> None:
    appetite = Appetite()
    appetite.portion()
    for _ in range(100):
        appetite.tried(is_taken=False)
    assert appetite.portion() == FIRST
