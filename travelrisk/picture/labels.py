"""Where names stand on a picture: beside what they name, and on nothing else that is named.

No font is asked how wide it writes: the widths are estimates on the wide side, since the reader's own font is
used.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from travelrisk.picture.projecting import Point
from travelrisk.picture.rings import inside

SIZE: Final = 160
"""Units; some eleven pixels on a narrow screen."""

SMALL: Final = 140

_WIDTH, _BOLD = 0.56, 0.68  # of a letter, as a part of its height
_GAP: Final = 115  # from the middle of a marker to its name
_OFF, _ON = 50.0, 5.0  # how much worse it is to stand beside the sheet, and on another name, than on a track


class Box(NamedTuple):
    """A rectangle on the sheet."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: "Box") -> float:
        """Return the area that two have in common."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    @property
    def area(self) -> float:
        """How large it is."""
        return (self.right - self.left) * (self.bottom - self.top)

    def holds(self, x: float, y: float) -> bool:
        """Say whether a point lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def width_of(text: str, size: int = SIZE, *, bold: bool = False) -> float:
    """Return about how wide a text is."""
    return len(text) * size * (_BOLD if bold else _WIDTH)


def wrapped(text: str, width: int, size: int = SMALL) -> list[str]:
    """Break a text into lines that fit."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, size) > width * 1.06:  # most letters of a sentence are narrow ones
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


class Room:
    """What is still free on a sheet.

    Args:
        sheet: its edges.
        points: of tracks; a name on one is allowed, and avoided.
    """

    def __init__(self, sheet: Box, points: Iterable[tuple[float, float]] = ()) -> None:
        self._sheet = sheet
        self._points = tuple(points)
        self._taken: list[Box] = []

    def take(self, box: Box) -> None:
        """Let nothing else stand there."""
        self._taken.append(box)

    def cost(self, box: Box) -> float:
        """Return how bad it is to stand there; 0 is free."""
        off = box.area - box.shared(self._sheet)
        on = sum(box.shared(each) for each in self._taken)
        across = sum(box.holds(x, y) for x, y in self._points) * SIZE * SIZE * 0.2
        return off * _OFF + on * _ON + across

    def is_free(self, box: Box) -> bool:
        """Say whether the box is on the sheet and on no other."""
        return box.shared(self._sheet) >= box.area * 0.999 and not any(map(box.shared, self._taken))

    def beside(self, x: float, y: float, widths: Sequence[float]) -> tuple[Box, int]:
        """Take the best place beside a point for one of several texts, the first that can stand free.

        Args:
            x: of the point.
            y: of the point.
            widths: of the texts, the most wanted first; the last one stands anywhere rather than nowhere.

        Returns:
            The place, and which text it is for.
        """
        for index, width in enumerate(widths):
            best = min(_around(x, y, width), key=self.cost)
            if self.is_free(best) or index == len(widths) - 1:
                self.take(best)
                return best, index
        raise ValueError("no text to place")

    def free_beside(self, x: float, y: float, width: float) -> Box | None:
        """Take a place to the right of a point that is free; None where there is none."""
        box = next(_around(x, y, width))
        if not self.is_free(box):
            return None
        self.take(box)
        return box

    def within(
        self, line: Sequence[Point], width: float, *, lines: int = 1, whole: bool = False
    ) -> Box | None:
        """Take a free place inside a closed line, as near its middle as may be; None where there is none.

        Args:
            line: closed.
            width: of the text.
            lines: how many it has.
            whole: whether the text must be inside with both its ends, and not its middle alone.
        """
        xs = [min(max(x, self._sheet.left), self._sheet.right) for x, _ in line]
        ys = [min(max(y, self._sheet.top), self._sheet.bottom) for _, y in line]
        if whole and max(xs) - min(xs) < width:
            return None
        middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        found = []
        for x, y in product(_spread(min(xs), max(xs)), _spread(min(ys), max(ys))):
            box = _box(x - width / 2, y, width, lines)
            if self.is_free(box) and inside(line, x, y):
                outside = _outside(line, box)
                cost = self.cost(box) + outside + _away(box, middle) * 3
                found += [] if whole and outside else [(cost, box)]
        if not found:
            return None
        best = min(found)[1]
        self.take(best)
        return best


def _box(left: float, middle: float, width: float, lines: int = 1) -> Box:
    half = SIZE * 0.62 * lines
    return Box(left, middle - half, left + width, middle + half)


def _around(x: float, y: float, width: float) -> Iterator[Box]:
    """Give the places round a point in the order in which a map-maker likes them."""
    up, near = SIZE * 1.15, _GAP * 0.5
    for away in (0, -up, up):
        gap = near if away else _GAP
        yield _box(x + gap, y + away, width)
        yield _box(x - gap - width, y + away, width)
    for away in (-up, up, -2 * up, 2 * up, -3 * up, 3 * up):
        yield _box(x - width / 2, y + away, width)
        yield _box(x + near, y + away, width)
        yield _box(x - near - width, y + away, width)


def _spread(low: float, high: float) -> Iterator[float]:
    return (low + (high - low) * part / 6 for part in range(1, 6))


def _outside(line: Sequence[Point], box: Box) -> float:
    """Return how bad it is that ends of a name reach over the edge of what it names."""
    ends = ((box.left, box.top), (box.right, box.top), (box.left, box.bottom), (box.right, box.bottom))
    return sum(not inside(line, x, y) for x, y in ends) * SIZE * SIZE


def _away(box: Box, middle: tuple[float, float]) -> float:
    return abs((box.left + box.right) / 2 - middle[0]) + abs((box.top + box.bottom) / 2 - middle[1])
