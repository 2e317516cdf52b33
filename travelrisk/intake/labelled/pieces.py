"""A line of a printed itinerary becomes pieces: cells that stand apart, and the labels in them.

Two blanks or more part two cells, as tabs and bars do; a label ends with a colon or begins its cell.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from travelrisk.intake.labelled.labels import LONGEST_LABEL, Kind, kind_of
from travelrisk.intake.words import words

_CELL = re.compile(r"[^ |]+(?:[ ][^ |]+)*")
_WORD = re.compile(r"[^\s:/()]+")
_COLON = re.compile(r"[ ]?(?:\([^()]{0,20}\))?[ ]?:(?![0-9]{2}(?![0-9:]))|(?<=[^\W\d])[ ]?:")
_OPERATED = re.compile(rf"\(?(?<!\w){words.any_of(words.OPERATED_BY)}(?!\w)", re.IGNORECASE)
_MOST_SMALL = 1
_POINTING = frozenset(
    """please note that this the flight is and veuillez noter que ce le vol est et este el vuelo es y dieser
    der flug wird und o voo e questo il volo""".split()  # noqa: SIM905 - a table of words is read as words
)
"""Words of "this flight is operated by", which speak of the flight above; others speak of any flight."""
_SIGNS = " :/-(#"


class Piece(NamedTuple):
    """A stretch of a line: a label with what stands behind it, or words without one.

    Attributes:
        kind: of the label; None where there is none.
        value: behind the label, or the words.
        start, end: where all of it stands in the text.
        label: its words.
        has_colon: whether the label ends with one; else its words only begin the cell.
    """

    kind: Kind | None
    value: str
    start: int
    end: int
    label: str = ""
    has_colon: bool = False


class _Label(NamedTuple):
    kind: Kind
    start: int
    end: int
    has_colon: bool


def pieces_of(line: str, offset: int) -> list[Piece]:
    """Take a line apart.

    Args:
        line: with its blanks.
        offset: where it begins in the text.
    """
    found: list[Piece] = []
    for cell in _CELL.finditer(line):
        found += _in_cell(cell[0], offset + cell.start())
    return found


def cells_of(line: str, offset: int = 0) -> list[Piece]:
    """Return the cells of a line with no regard to labels."""
    return [Piece(None, cell[0], offset + cell.start(), offset + cell.end()) for cell in _CELL.finditer(line)]


def _in_cell(cell: str, offset: int) -> Iterator[Piece]:
    labels = list(_labels(cell))
    first = labels[0].start if labels else len(cell)
    if cell[:first].strip(_SIGNS):
        yield Piece(None, cell[:first].strip(), offset, offset + first)
    for label, following in zip_longest(labels, labels[1:]):
        end = following.start if following else len(cell)
        value = cell[label.end : end].strip(_SIGNS)
        if kind_of(value) is label.kind:
            value = ""  # the same in another language: "Durchgeführt von / Operated by"
        words_of_it = cell[label.start : label.end].strip(_SIGNS)
        yield Piece(label.kind, value, offset + label.start, offset + end, words_of_it, label.has_colon)


def _labels(cell: str) -> Iterator[_Label]:
    """Yield the labels of a cell in their order: those before a colon, that at the beginning, operators."""
    found = [label for colon in _COLON.finditer(cell) if (label := _before(cell, colon))]
    found += [
        _Label(Kind.OPERATED, match.start(), match.end(), has_colon=False)
        for match in _OPERATED.finditer(cell)
        if not any(label.start <= match.start() < label.end for label in found)
        and not _is_prose(cell[: match.start()])
    ]
    begins = _leading(cell)
    if begins and not any(label.start < begins.end for label in found):
        found.append(begins)
    end = 0
    for label in sorted(found, key=lambda label: label.start):
        if label.start >= end:
            yield label
            end = label.end


def _is_prose(before: str) -> bool:
    """Say whether the words before "operated by" are those of a sentence about flights in general."""
    small = [word for word in re.findall(r"[^\W\d_]+", before) if word.islower()]
    return sum(word not in _POINTING for word in small) > _MOST_SMALL


def _before(cell: str, colon: re.Match[str]) -> _Label | None:
    """Return the longest label that ends at a colon; of two languages, ``Départ / Departure:``, both."""
    before = list(_WORD.finditer(cell, max(0, colon.start() - 60), colon.start()))
    for word in before[-LONGEST_LABEL:]:
        kind = kind_of(cell[word.start() : colon.start()])
        if kind:
            start = _twin(cell, word.start(), kind)
            is_of_two = cell[:start].rstrip().endswith("/")  # Dep/Arr: 10:10/20:45 is for no single value
            return None if is_of_two else _Label(kind, start, colon.end(), has_colon=True)
    return None


def _twin(cell: str, start: int, kind: Kind) -> int:
    before = cell[:start].rstrip()
    if not before.endswith("/"):
        return start
    names = list(_WORD.finditer(before[:-1]))
    return next((name.start() for name in names if kind_of(before[name.start() :]) is kind), start)


def _leading(cell: str) -> _Label | None:
    """Return the longest label that begins a cell."""
    ends = [word.end() for word in _WORD.finditer(cell, 0, 60)][:LONGEST_LABEL]
    for end in reversed(ends):
        kind = kind_of(cell[:end])
        if kind:
            rest = cell[end:].lstrip()
            other = kind_of(rest[1:].partition(":")[0]) if rest.startswith("/") else kind
            return _Label(kind, 0, end, has_colon=False) if other in {kind, None} else None
    return None
