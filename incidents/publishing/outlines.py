"""Outlines of the small SVG shapes we draw ourselves, as polylines a raster image can fill.

Only what our own glyphs and icons use (SVG 1.1, section 8.3): M, L, H, V, C, S, A and Z.
"""

import math
import re
from collections.abc import Iterable, Iterator

Point = tuple[float, float]
Line = list[Point]

_WORD = re.compile(r"[MmLlHhVvCcSsAaZz]|-?(?:\d+\.?\d*|\.\d+)")
_ARGUMENTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "a": 7, "z": 0}
_STEPS = 24
"""Straight pieces of one curve; at the sizes drawn no corner shows."""


def circle(x: float, y: float, radius: float) -> Line:
    """Return a closed circle, beginning at three o'clock."""
    angles = (2 * math.pi * step / (4 * _STEPS) for step in range(4 * _STEPS + 1))
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def outlines(data: str) -> list[Line]:
    """Return one polyline for each sub-path of SVG path `data`."""
    pen = _Pen()
    for command, numbers in _commands(data):
        pen.draw(command, numbers)
    return [line for line in pen.lines if len(line) > 1]


def dashed(line: Line, on: float, off: float) -> Iterator[Line]:
    """Return the dashes of a line drawn `on` units and left out `off` units in turn."""
    dash, is_on, left = [line[0]], True, on
    for end in line[1:]:
        start = dash[-1]
        while (length := math.dist(start, end)) > left:
            start = _between(start, end, left / length)
            if is_on:
                yield [*dash, start]
            dash, is_on, left = [start], not is_on, off if is_on else on
        left -= length
        dash.append(end)
    if is_on and len(dash) > 1:
        yield dash


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    command, numbers = "", list[float]()
    for word in _WORD.findall(data):
        if word.isalpha():
            command, numbers = word, []
            if word in "Zz":
                yield word, []
            continue
        numbers.append(float(word))
        if len(numbers) == _ARGUMENTS[command.lower()]:
            yield command, numbers
            # Further pairs after a move are lines (section 8.3.2).
            command, numbers = {"m": "l", "M": "L"}.get(command, command), []


class _Pen:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.at: Point = (0.0, 0.0)
        self.control: Point | None = None

    def draw(self, command: str, numbers: list[float]) -> None:
        kind, is_relative = command.lower(), command.islower()
        origin = self.at if is_relative else (0.0, 0.0)
        control, self.control = self.control, None
        if kind == "z":
            self.lines[-1].append(self.lines[-1][0])
            self.at = self.lines[-1][0]
        elif kind == "m":
            self.at = _moved(origin, numbers)
            self.lines.append([self.at])
        elif kind in "cs":
            self._curve(kind, numbers, origin, control)
        elif kind == "a":
            self._line_to(_arc(self.at, numbers, _moved(origin, numbers[5:])))
        else:
            self._line_to([self._straight_end(kind, numbers, origin)])

    def _straight_end(self, kind: str, numbers: list[float], origin: Point) -> Point:
        if kind == "h":
            return origin[0] + numbers[0], self.at[1]
        if kind == "v":
            return self.at[0], origin[1] + numbers[0]
        return _moved(origin, numbers)

    def _curve(self, kind: str, numbers: list[float], origin: Point, control: Point | None) -> None:
        start = self.at
        if kind == "s":
            before = control or start
            first = (2 * start[0] - before[0], 2 * start[1] - before[1])
        else:
            first, numbers = _moved(origin, numbers), numbers[2:]
        second, end = _moved(origin, numbers), _moved(origin, numbers[2:])
        shares = (step / _STEPS for step in range(1, _STEPS + 1))
        self._line_to(_bezier(start, first, second, end, share) for share in shares)
        self.control = second

    def _line_to(self, points: Iterable[Point]) -> None:
        self.lines[-1].extend(points)
        self.at = self.lines[-1][-1]


def _moved(origin: Point, numbers: list[float]) -> Point:
    return origin[0] + numbers[0], origin[1] + numbers[1]


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _bezier(start: Point, first: Point, second: Point, end: Point, share: float) -> Point:
    left = _between(_between(start, first, share), _between(first, second, share), share)
    right = _between(_between(first, second, share), _between(second, end, share), share)
    return _between(left, right, share)


def _arc(start: Point, numbers: list[float], end: Point) -> Line:
    """Return a circular arc as points (the conversion of SVG 1.1, appendix F.6.5, for equal radii)."""
    is_large, is_clockwise = bool(numbers[3]), bool(numbers[4])
    chord = math.dist(start, end)
    radius = max(numbers[0], chord / 2)
    rise = math.sqrt(max(0.0, radius**2 - (chord / 2) ** 2))
    side = 1 if is_large == is_clockwise else -1
    normal = ((end[1] - start[1]) / chord, (start[0] - end[0]) / chord)
    middle = _between(start, end, 0.5)
    centre = (middle[0] + side * rise * normal[0], middle[1] + side * rise * normal[1])
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    last = math.atan2(end[1] - centre[1], end[0] - centre[0])
    turn = (last - first) % (2 * math.pi)
    sweep = turn if is_clockwise else turn - 2 * math.pi
    angles = (first + sweep * step / _STEPS for step in range(1, _STEPS + 1))
    return [(centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in angles]
