"""What a text of reservation systems holds, and what is left of the text for others to read."""

import re
import string
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Locator, Mode, Status, Traveller
from travelrisk.intake.gds.operated import Said, comments_in, joined, said_in, stops_of
from travelrisk.intake.gds.records import ELEMENTS, GAP, headers, people
from travelrisk.intake.gds.segments import MONTHS, STATUS, Times, heads, like_segments, times_of

_CAPITALS = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)  # the length of a text stays
_LIKELY = re.compile(rf"[0-9](?:{'|'.join(MONTHS)})|OPEN|COMMENTS", re.IGNORECASE)  # most texts have none
_BLANKS = re.compile(r"[ ]{2,}")
_RULE = re.compile(r"(?<![^\s])\|(?!\S)")  # between the columns of a table; Apollo glues its bar to a time
_QUOTED = re.compile(r"^[ ]?(?:>[ ]?)+", re.MULTILINE)
_PAGE_MARK = re.compile(r"[ ]?\)?>[ ]?$", re.MULTILINE)
_COLUMNS = 64  # where Apollo cuts a stream, in the midst of a word
_MIDWAY = re.compile(
    r"\S[ ]+(?:OPERATED\b|[0-9]{1,2}[. ][ ]*[A-Z0-9]{2}[ ]*[0-9]{1,4}[A-Z]?[ ]*[A-Z]?[ ]+[0-9]{1,2}[A-Z]{3} )"
)
"""What begins in the midst of a line only where all lines were run together."""
_BEGINS = re.compile(r"[ >]{2}|[ >]*(?:[0-9]{1,2}[. ]|OPERATED BY|\Z)")
_LOCATOR = re.compile(
    r"(?<![\w*/])(?P<owner>[A-Z][A-Z0-9]|[0-9][A-Z])/(?P<code>[A-Z0-9]{5,6})(?!\w)"
    r"|(?<!\w)/?DC(?P<owner_too>[A-Z][A-Z0-9]|[0-9][A-Z])\*(?P<code_too>[A-Z0-9]{5,6})(?!\w)"
)
_ENDING = re.compile(
    r"[A-Z]|[0-9]{1,2}|E[0-9]|[*|)>.:-]+|(?=[A-Z]*[0-9])[A-Z0-9]{3}|EQV|[*]?1A/E[*]?|/[A-Z]|[A-Z0-9][*]"
    r"|(?:MO|TU|WE|TH|FR|SA|SU)(?:/(?:MO|TU|WE|TH|FR|SA|SU))?|SEE|RTSVC|RTSTR|BUS|TRN|TRS|TGV|ICE|RAIL|/[SP][0-9,-]+(?:/[SP][0-9,-]+)*"
)
"""What stands behind the times of a segment: aircraft, meals, flags, weekdays, travellers."""
_BOUND = re.compile(r"(?<!\w)/[SP][0-9]")
_ON_GROUND = re.compile(r"(?<!\w)(?:BUS|TRN|TRS|TGV|ICE|RAIL)(?!\w)")
_FLIGHT = re.compile(r"(?<![\w/*])(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z])[ ]?[0-9]{2,4}(?![0-9A-Z])")
_LONGEST_SOURCE = 200
_ADVERTISING = 4  # words in a line
_FARTHEST = 4000  # characters behind a segment in which its operator may stand


class Found(NamedTuple):
    """What reservation systems wrote in a text; *rest* is the text without it, line by line."""

    segments: tuple[DraftSegment, ...]
    travellers: tuple[Traveller, ...]
    locators: tuple[Locator, ...]
    issued: date | None
    unread: tuple[str, ...]
    rest: str


def found_in(written: str, book: CarrierBook, context: date | None = None) -> Found | None:
    """Read the lines of reservation systems in plain text; None where there is no segment among them.

    Args:
        written: the text.
        book: tells flights in other words, which end the search for the operator of the segment above them.
        context: when it was written or arrived, which gives a header without a year its year.
    """
    if not _LIKELY.search(written):
        return None
    sheet = _Sheet(_in_one_piece(written))
    sheet.take(match.span() for match in ELEMENTS.finditer(sheet.capitals))
    begun = list(heads(sheet.capitals))
    if not begun:
        return _without_segments(sheet)
    named, known = list(people(sheet.capitals)), list(headers(sheet.capitals, context))
    sheet.take([*(span for span, _ in named), *(each.span for each in known)])
    travellers = tuple(dict.fromkeys(each for _, found in named for each in found))
    ends = [*(each.start() for each in begun), len(sheet.text)][1:]
    lines = [_Line(sheet, head, end, book) for head, end in zip(begun, ends, strict=True)]
    strays = [match.span() for match in like_segments(sheet.untaken)]
    sheet.take(strays)
    locators = (*(each.locator for each in known), *(each for line in lines for each in line.locators))
    unread = [each for line in lines for each in line.unread(len(travellers))]
    return Found(
        _revisions_last([line.segment() for line in lines]),
        travellers,
        tuple(dict.fromkeys(locators)),
        next((each.issued for each in known if each.issued), None),
        tuple(dict.fromkeys((*unread, *(sheet.text[start:end] for start, end in strays)))),
        sheet.rest(),
    )


def bookings_in(written: str) -> list[str]:
    """Return a text in parts where the records of several bookings stand in it, one below the other."""
    text = written.translate(_CAPITALS)
    begins: dict[str, int] = {}
    for each in sorted(headers(text), key=lambda header: header.span):
        begins.setdefault(each.locator.code, each.span[0])
    if len(begins) < len("ab"):
        return [written]
    parts = [written[start:end] for start, end in pairwise([0, *list(begins.values())[1:], len(written)])]
    return parts if all(any(heads(_in_one_piece(part).translate(_CAPITALS))) for part in parts) else [written]


def _without_segments(sheet: "_Sheet") -> Found | None:
    """Tell comments on a flight that stands nowhere: their pairs of airports are no flights."""
    spans, lines = comments_in(sheet.capitals)
    strays = list(like_segments(sheet.capitals))
    if not (spans or strays):
        return None
    alone = _Sheet(sheet.text)
    alone.take([*spans, *(match.span() for match in strays)])
    return Found((), (), (), None, (*lines, *(match[0] for match in strays)), alone.rest())


def _in_one_piece(text: str) -> str:
    """Put together again what was run together and cut at a fixed column, maybe in the midst of a word."""
    lines = text.split("\n")
    pieces = [lines[0]]
    for before, line in pairwise(lines):
        is_full = len(before) == _COLUMNS and _MIDWAY.search(before.upper())
        is_cut = is_full and not _BEGINS.match(line.upper())
        pieces.append(line if is_cut else f"\n{line}")
    plain = _BLANKS.sub(" ", _RULE.sub(" ", "".join(pieces)))
    return _PAGE_MARK.sub("", _QUOTED.sub("", plain))


def _revisions_last(segments: Sequence[DraftSegment]) -> tuple[DraftSegment, ...]:
    """Put what was cancelled before what flies now under the same number: the later one replaces it."""
    first: dict[Hashable, int] = {}
    for place, each in enumerate(segments):
        first.setdefault(_flight(each), place)
    return tuple(sorted(segments, key=lambda each: (first[_flight(each)], each.status.flies)))


def _flight(segment: DraftSegment) -> Hashable:
    """Return what a flight of one day is sold as."""
    number = (segment.marketing_code, segment.marketing_number)
    return (*number, segment.origin, segment.destination, segment.departs.month, segment.departs.day)


class _Sheet:
    """A text, the same in capitals, and what has been taken from it; blanks stand in its place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.capitals = text.translate(_CAPITALS)
        self._left = list(text)

    def take(self, spans: Iterable[tuple[int, int]]) -> None:
        """Take stretches out, of what is left and of what is still to be read."""
        for start, end in spans:
            self.leave(start, end)
        self.capitals = self.untaken

    def leave(self, start: int, end: int) -> None:
        """Take a stretch out of what is left, and not of what is still to be read."""
        self._left[start:end] = ["\n" if each == "\n" else " " for each in self._left[start:end]]

    @property
    def untaken(self) -> str:
        """What is left, in capitals and in its place."""
        return "".join(self._left).translate(_CAPITALS)

    def rest(self) -> str:
        """Return what was not taken; lines that were taken whole are gone."""
        lines = zip("".join(self._left).split("\n"), self.text.split("\n"), strict=True)
        return "\n".join(left for left, line in lines if left.strip(" >") or not line.strip())


class _Line:
    """A segment line with the lines that belong to it."""

    def __init__(self, sheet: _Sheet, head: re.Match[str], end: int, book: CarrierBook) -> None:
        self._sheet = sheet
        self._head = head
        self._times: Times = times_of(sheet.capitals, head, end)
        self._end = self._until_another(min(end, self._times.end + _FARTHEST), book)
        line = sheet.text.find("\n", self._times.end, self._end)
        self._line_end = self._end if line < 0 else line
        self._said: Said = said_in(sheet.capitals, self._times.end, self._end)
        self._strange: list[str] = []
        tail = self._tail()
        self.locators = tuple(
            Locator(match["code"] or match["code_too"], match["owner"] or match["owner_too"])
            for match in _LOCATOR.finditer(tail)
        )
        self._is_bound = bool(_BOUND.search(tail))
        self._is_on_ground = bool(_ON_GROUND.search(tail))

    def _until_another(self, end: int, book: CarrierBook) -> int:
        """Return where a line in other words begins that is a flight, or *end*: its operator is not ours."""
        text, start = self._sheet.capitals, self._sheet.capitals.find("\n", self._times.end, end)
        while 0 <= start < end:
            done = text.find("\n", start + 1, end)
            line = text[start + 1 : end if done < 0 else done]
            is_said = re.search(r"OPERAT|EXPLOIT|OWNER", line)
            if not is_said and any(book.knows(match["carrier"]) for match in _FLIGHT.finditer(line)):
                return start
            start = done
        return end

    def _tail(self) -> str:
        """Take the line, what goes on in the lines right below, and what they say of operators."""
        sheet, said = self._sheet, self._said
        for start, end in said.spans:
            sheet.leave(start, end)
        self._leave_advertising()
        read, position = [], self._times.end
        sheet.leave(self._head.start(), position)
        while position < self._end:
            end = sheet.text.find("\n", position, self._end)
            end = self._end if end < 0 else end
            words = _without(sheet.capitals, position, end, said.spans)
            strange = [
                each for each in GAP.sub(" ", _LOCATOR.sub(" ", words)).split() if not _ENDING.fullmatch(each)
            ]
            is_first = position == self._times.end
            if not is_first and (strange or not sheet.text[position:end].strip(" >")):
                break
            sheet.leave(position, end)
            read.append(words)
            self._strange += strange
            position = end + 1
        return " ".join(read)

    def _leave_advertising(self) -> None:
        """Take what stands in many words between the segment and who operates it."""
        last = max((start for start, _ in self._said.spans), default=0)
        position = self._line_end + 1
        while position < last:
            end = self._sheet.text.find("\n", position, last)
            end = last if end < 0 else end
            if (
                len(self._sheet.text[position:end].split()) >= _ADVERTISING
                or "://" in self._sheet.text[position:end]
            ):
                self._sheet.leave(position, end)
            position = end + 1

    def segment(self) -> DraftSegment:
        """Return the segment."""
        head, said = self._head, self._said
        ends = (head["origin"], head["destination"])
        stops, _ = stops_of(ends, said.legs)
        _, is_whole = stops_of(ends, [each.leg for each in said.operators if each.leg])
        return DraftSegment(
            marketing_code=head["carrier"],
            marketing_number=(head["number"] or "").lstrip("0") + (head["suffix"] or ""),
            operator=joined(said.operators, ends, is_whole=is_whole),
            aircraft_owner=joined(said.owners, ends, is_whole=True),
            origin=ends[0],
            destination=ends[1],
            departs=self._times.departs,
            arrives=self._times.arrives,
            mode=Mode.UNKNOWN if self._is_on_ground else Mode.AIR,
            status=self._status(),
            stops=stops,
            source=self._source(),
        )

    def _status(self) -> Status:
        status = STATUS.get(self._head["status"], Status.UNKNOWN)
        return Status.OPEN if status.flies and not self._head["number"] else status

    def _source(self) -> str:
        return " ".join(self._sheet.text[self._head.start() : self._line_end].split())[:_LONGEST_SOURCE]

    def unread(self, people: int) -> list[str]:
        """Return what was not understood of the line, and that it is not for all travellers."""
        source, status = self._source(), STATUS.get(self._head["status"])
        is_history = bool(self._head["before"]) and status is not Status.CANCELLED
        is_strange = any(character.isalnum() for each in self._strange for character in each)
        codes = {code for leg in self._said.legs for code in leg}
        is_of_another = bool(codes) and codes.isdisjoint((self._head["origin"], self._head["destination"]))
        is_open = not self._head["number"]
        is_clear = (status is not None or is_open) and self._times.is_clear
        lines = [] if is_clear and not (is_history or is_strange or is_of_another) else [source]
        if self._is_bound and people != 1:
            lines.append(f"{source}: not for every traveller")
        return [*lines, *self._said.unread]


def _without(text: str, start: int, end: int, spans: Iterable[tuple[int, int]]) -> str:
    """Return a stretch of the text with blanks where *spans* are."""
    kept = text[start:end]
    for begin, done in spans:
        first, last = max(begin - start, 0), min(done - start, len(kept))
        if first < last:
            kept = kept[:first] + " " * (last - first) + kept[last:]
    return kept
