"""AIR: the files that Amadeus writes for the back offices of agencies, one for each ticket or change.

Of a file the flights (U-, and H- once ticketed), the people (I-), the locator (MUC1A) and the date (D-) are
read; fares, payment and remarks are passed over, except words about who operates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import bare_number
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Locator, Status, Traveller
from travelrisk.domain.places import Atlas
from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document, Reading, reading_of
from travelrisk.intake.limits import CHUNK_DRAFTS
from travelrisk.intake.partners.statuses import status_of
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.intake.words import words
from travelrisk.intake.words.moments import clock_of
from travelrisk.intake.words.names import traveller_named

_FILE = re.compile(r"(?=^AIR-BLK[0-9])", re.MULTILINE)
_LINE_OF_FLIGHT = re.compile(r"[UH]-[0-9]{3}")
_LOCATOR = re.compile(r"MUC1A (?P<code>[A-Z0-9]{6})")
_CREATED = re.compile(r"D-(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])")
_PERSON = re.compile(r"I-[0-9]{3};[0-9]{2}(?P<name>[^;]+)")
_ORIGIN = re.compile(r"[0-9]{3}[A-Z ]?(?P<code>[A-Z]{3})")
_FLIGHT = re.compile(
    r"(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z]) +(?P<number>[0-9]{1,4}[A-Z]?|OPEN)\b.*?"
    r"(?:\b(?P<day>[0-9]{2})(?P<month>[A-Z]{3})(?:(?P<departs>[0-9]{3,4}) +(?P<arrives>[0-9]{3,4})"
    r"(?: +(?P<day_too>[0-9]{2})(?P<month_too>[A-Z]{3}))?)?)?\s*",
    re.ASCII,
)
"""``KQ    0101 Y Y 11DEC2005 0640 12DEC``: the day, and behind it no year but the time of departure."""
_OPERATED = re.compile(rf"\b(?:{words.any_of(words.OPERATED_BY)})\b[ :/-]*(?P<words>[^;]*)", re.IGNORECASE)
_NO_FLIGHT = re.compile(r"\b(?:[0-9]{3})?(?:HHL|HTL|CCR|OTH|MIS|TUR)\b")
"""Hotels, cars and lines that only keep a booking alive."""
_MONTHS = dict(
    zip("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), range(1, 13), strict=True)  # noqa: SIM905 - a table of words
)
_SURFACE = "VOID"  # the way between two flights, by land
_NO_END = "The file is cut off: its last line (ENDX) does not come"
_NOTHING = "The back-office file holds no flight"
_FIELDS = 6
_SHOWN = 160


@dataclass(slots=True)
class _File:
    """A file while it is read; *is_beside*: the line above is that of a flight, or belongs to one."""

    segments: list[DraftSegment] = field(default_factory=list)
    travellers: dict[Traveller, None] = field(default_factory=dict)
    locators: dict[Locator, None] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)
    issued: date | None = None
    is_beside: bool = False

    def draft(self) -> Draft:
        return Draft(
            tuple(self.segments),
            tuple(self.travellers),
            tuple(self.locators),
            self.issued,
            tuple(self.unread),
        )


class AirFile:
    """Reads AIR files."""

    name = Form.AIR_FILE.value

    def __init__(self, _atlas: Atlas, _book: CarrierBook) -> None:
        """Take the tables that every reader is given; the codes here need none."""

    def accepts(self, document: Document) -> bool:
        """Say whether this is an AIR file."""
        return form_of(document) is Form.AIR_FILE

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a file, or several that were joined."""
        text = decode(document.content).replace("\r\n", "\n").replace("\r", "\n")
        files = [_file(each) for each in _FILE.split(text) if each.strip("\ufeff \n")]
        drafts = [each.draft() for each in files if each.segments]
        unread = [line for each in files if not each.segments for line in each.unread]
        for start in range(0, max(1, len(drafts)), CHUNK_DRAFTS):
            chunk = tuple(drafts[start : start + CHUNK_DRAFTS])
            yield reading_of(self.name, chunk, tuple(unread if not start else ()), _NOTHING)


def _file(text: str) -> _File:
    file = _File()
    lines = text.split("\n")
    for line in lines:
        _take(line, file)
    if file.segments and not any(line.startswith("ENDX") for line in lines):
        file.unread[_NO_END] = None
    return file


def _take(line: str, file: _File) -> None:
    if _LINE_OF_FLIGHT.match(line):
        _take_flight(line, file)
        file.is_beside = True
        return
    match = _OPERATED.search(line)
    if match or line.startswith("X-"):
        _operate(match["words"].strip() if match else "", line.strip(), file)
        return
    file.is_beside = False
    _take_head(line, file)


def _take_head(line: str, file: _File) -> None:
    if match := _LOCATOR.match(line):
        file.locators[Locator(match["code"], "1A")] = None
    elif match := _PERSON.match(line):
        file.travellers[traveller_named(match["name"].strip())] = None
    elif match := _CREATED.match(line):
        file.issued = file.issued or _date(match)
    elif line.startswith("AMD") and _SURFACE in line:
        file.unread[f"The ticket is void: {line}"[:_SHOWN]] = None


def _operate(operator: str, line: str, file: _File) -> None:
    """Give the flight right above the operator that a line names; what belongs to no flight is told."""
    last = file.segments[-1] if file.segments and file.is_beside else None
    if last is None or not operator or last.operator not in {"", operator}:
        file.unread[line[:_SHOWN]] = None
    else:
        file.segments[-1] = replace(last, operator=operator, source=f"{last.source} {line}")


def _take_flight(line: str, file: _File) -> None:
    fields = [each.strip() for each in line.split(";")]
    segment = _segment(fields)
    if segment is None and (_SURFACE in fields or _NO_FLIGHT.search(line)):
        return
    if segment is None:
        file.unread[line.strip()[:_SHOWN]] = None
        return
    source = " ".join(filter(None, (segment.origin, segment.destination, *fields[5:7])))
    operated = _OPERATED.search(line)
    operator = operated["words"].strip() if operated else ""
    file.segments.append(replace(segment, operator=operator, source=" ".join(source.split())))
    if fields[9:10] and fields[9].isdecimal() and int(fields[9]):
        file.unread[f"{file.segments[-1].source}: stops: {fields[9]}, and not all are named"] = None
    if fields[6:7] and segment.status is Status.UNKNOWN:
        file.unread[f"{file.segments[-1].source}: a state that nobody here knows: {fields[6]}"] = None


def _segment(fields: list[str]) -> DraftSegment | None:
    """Read the fields of a line: number, origin and its name, destination and its name, flight, states."""
    is_whole = len(fields) > _FIELDS
    origin = _ORIGIN.fullmatch(fields[1]) if is_whole else None
    flight = _FLIGHT.fullmatch(fields[5]) if is_whole else None
    if origin is None or flight is None:
        return None
    number = flight["number"]
    day, month = flight["day_too"] or flight["day"], flight["month_too"] or flight["month"]
    states = [status_of(each) for each in fields[6:8] if each and not each.startswith("OK")]
    return DraftSegment(
        marketing_code=flight["carrier"],
        marketing_number=bare_number(number) or number,
        origin=origin["code"],
        origin_name=fields[2],
        destination=fields[3].upper(),
        destination_name=fields[4],
        departs=_moment(flight["day"], flight["month"], flight["departs"]),
        arrives=_moment(day, month, flight["arrives"]) if flight["arrives"] else DraftTime(),
        status=Status.OPEN if number == "OPEN" else next(filter(None, states), Status.UNKNOWN),
    )


def _moment(day: str | None, month: str | None, clock: str | None) -> DraftTime:
    if not day or not month or month not in _MONTHS:
        return DraftTime(text=f"{day or ''}{month or ''}{clock or ''}")
    at = clock_of(int(clock[:-2]), int(clock[-2:])) if clock else None
    return DraftTime(month=_MONTHS[month], day=int(day), clock=at, text=f"{day}{month} {clock or ''}".strip())


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(2000 + int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
