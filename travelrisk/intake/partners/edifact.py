"""EDIFACT taken apart: leniently, since one message in fourteen breaks its own grammar in real operation.

A ready-made library was tried and refused most real messages. What is put up with: no UNA or a broken one,
lines broken anywhere, blanks between segments, terminators that were lost where each segment has its line.
"""

import re
from typing import NamedTuple

_START = re.compile(r"UN[BGH](?![A-Z0-9])")
_SERVICE = re.compile(
    r"UNA(?P<component>.)(?P<element>.).(?P<release>.).?(?P<end>\S)\s*(?=UN[BGH])", re.DOTALL
)
_LOST_END = re.compile(r"(?<![\r\n])[\r\n]\s*+(?=(?:TVL|SRC|RCI|RPI|TRA|TIF|ABI|SAC|UNT|UNH|UNZ)[^\w\s])")
_LINE_ENDS = re.compile(r"[\r\n]+")


class Marks(NamedTuple):
    """The characters that take a message apart."""

    component: str = ":"
    element: str = "+"
    release: str = "?"
    end: str = "'"


class Part(NamedTuple):
    """A segment: its tag, its elements with their components, and its text."""

    tag: str
    elements: tuple[tuple[str, ...], ...]
    text: str

    def at(self, element: int, component: int = 0) -> str:
        """Return a component, or nothing where there is none; both are counted from 0."""
        components = self.elements[element] if element < len(self.elements) else ()
        return components[component].strip() if component < len(components) else ""


def text_before(text: str) -> list[str]:
    """Return the lines in front of an interchange, which somebody wrote who sent it on."""
    first = re.search(r"UN[ABGH](?![A-Za-z0-9])", text)
    lines = text[: first.start()].split("\n") if first else []
    return [" ".join(line.split()) for line in lines if line.strip("\ufeff \r\t")]


def parts_of(text: str) -> list[Part]:
    """Return the segments of an interchange."""
    marks = _marks(text)
    start = _START.search(text)
    body = text[start.start() :] if start else text
    if marks.end not in body:
        return [_part(line.strip(), marks) for line in _LINE_ENDS.split(body) if line.strip()]
    ended = _LINE_ENDS.sub("", _LOST_END.sub(lambda _: marks.end, body))
    pieces = _split(ended, marks.end, marks)
    return [_part(piece.strip(), marks) for piece in pieces if piece.strip()]


def _marks(text: str) -> Marks:
    """Read UNA; where it is broken, the usual characters hold."""
    match = _SERVICE.search(text)
    found = Marks(*match.group("component", "element", "release", "end")) if match else Marks()
    is_sound = len(set(found)) == len(found) and not any(each.isalnum() for each in found)
    return found if is_sound and " " not in found else Marks()


def _part(text: str, marks: Marks) -> Part:
    first, *others = _split(text, marks.element, marks)
    elements = tuple(
        tuple(_released(each, marks) for each in _split(element, marks.component, marks))
        for element in others
    )
    return Part(first.strip()[:3].upper(), elements, text)


def _split(text: str, mark: str, marks: Marks) -> list[str]:
    """Split at a mark that is not released."""
    if marks.release not in text:
        return text.split(mark)
    pieces, start, place = [], 0, 0
    while place < len(text):
        if text[place] == marks.release:
            place += 1
        elif text[place] == mark:
            pieces.append(text[start:place])
            start = place + 1
        place += 1
    return [*pieces, text[start:]]


def _released(text: str, marks: Marks) -> str:
    if marks.release not in text:
        return text
    return re.sub(re.escape(marks.release) + "(.)", r"\1", text)
