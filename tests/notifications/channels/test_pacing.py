"""Which endpoint is asked next, without any network: one thing at a time, whatever was given back in between."""

from incidents.notifications.models import Delivery
from incidents.notifications.pacing import Pace, Places


def delivery(key: int, *, endpoint: int) -> Delivery:
    return Delivery(pk=key, subscriber_id=endpoint, attempts=1)


def test_an_endpoint_claimed_again_is_still_asked_one_thing_at_a_time() -> None:
    pace = Pace(places=Places(10), slow_until={})
    pace.add([delivery(1, endpoint=7), delivery(2, endpoint=7)])
    pace.drop({1, 2})
    assert len(pace) == 0
    pace.add([delivery(1, endpoint=7), delivery(2, endpoint=7)])
    first = pace.next()
    assert first is not None
    pace.begin(first)
    assert pace.next() is None
    pace.end(first, hung=False)
    second = pace.next()
    assert (first.pk, second and second.pk) == (1, 2)


def test_what_is_left_in_line_keeps_its_turn() -> None:
    pace = Pace(places=Places(10), slow_until={})
    pace.add([delivery(1, endpoint=7), delivery(2, endpoint=8), delivery(3, endpoint=7)])
    pace.drop({1})
    begun = []
    while (following := pace.next()) is not None:
        pace.begin(following)
        begun.append(following.pk)
    assert begun == [3, 2]
