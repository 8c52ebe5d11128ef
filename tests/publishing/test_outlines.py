import math

import pytest

from incidents.publishing.outlines import circle, dashed, outlines


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("M1 1h2v2H1z", [(1, 1), (3, 1), (3, 3), (1, 3), (1, 1)]),
        ("m1 1l2 0 0 2-2 0z", [(1, 1), (3, 1), (3, 3), (1, 3), (1, 1)]),
        ("M1 1L3 1 3 3.5", [(1, 1), (3, 1), (3, 3.5)]),
        ("M.5.5V3", [(0.5, 0.5), (0.5, 3)]),
    ],
)
def test_straight_pieces_go_where_they_say(data: str, expected: list[tuple[float, float]]) -> None:
    assert outlines(data) == [expected]


def test_each_move_begins_a_line_of_its_own() -> None:
    assert outlines("M1 1l2 2M5 5l1 0") == [[(1, 1), (3, 3)], [(5, 5), (6, 5)]]


@pytest.mark.parametrize(
    ("data", "centre", "radius"),
    [
        ("M8 3.4a4.6 4.6 0 0 1 0 9.2", (8, 8), 4.6),
        ("M8 3.4A4.6 4.6 0 0 1 12.6 8", (8, 8), 4.6),
        ("M8 3.4A4.6 4.6 0 1 1 3.4 8", (8, 8), 4.6),
        ("M0 0a5 5 0 0 0 10 0", (5, 0), 5),
    ],
)
def test_an_arc_keeps_its_distance_from_its_centre(data: str, centre: tuple[float, float], radius: float) -> None:
    (line,) = outlines(data)
    assert all(math.isclose(math.dist(point, centre), radius, abs_tol=1e-9) for point in line)


def test_an_arc_turns_the_way_it_says() -> None:
    ((*_, clockwise),) = [outlines("M0 0a5 5 0 0 1 10 0")[0][: 24 // 2 + 1]]
    ((*_, counter),) = [outlines("M0 0a5 5 0 0 0 10 0")[0][: 24 // 2 + 1]]
    # Down is the direction of growing numbers.
    assert clockwise[1] < 0 < counter[1]


def test_a_curve_ends_where_it_says_and_a_smooth_one_goes_on_from_it() -> None:
    (line,) = outlines("M0 0c0 4 4 4 4 0s4-4 4 0")
    assert line[24] == pytest.approx((4, 0))
    assert line[-1] == pytest.approx((8, 0))
    assert max(y for _, y in line) == pytest.approx(3)
    assert min(y for _, y in line) == pytest.approx(-3)


def test_dashes_are_as_long_as_they_should_be() -> None:
    dashes = list(dashed([(0.0, 0.0), (10.0, 0.0)], 2, 1))
    assert [(dash[0][0], dash[-1][0]) for dash in dashes] == [(0, 2), (3, 5), (6, 8), (9, 10)]


def test_a_circle_is_closed() -> None:
    line = circle(8, 8, 5)
    assert line[0] == pytest.approx(line[-1])
