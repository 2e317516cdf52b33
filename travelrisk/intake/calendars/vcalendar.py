"""The lines of an iCalendar file: whole events, cut out before any library sees them.

Measured: 100,000 alarms take the library 6 seconds, 200,000 nested components 5, and `TZID=Europe/` ends in
an IsADirectoryError. So events are cut out here, without what is nested in them, and a zone that is none is
taken away.

Source: RFC 5545, sections 3.1 (folding), 3.6.1 (VEVENT), 3.3.5 (date-time), 3.2.19 (TZID).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from travelrisk.domain.drafts import DraftTime
from travelrisk.domain.errors import BadInputError
from travelrisk.intake.pages.webpages import webpage
from travelrisk.intake.words.moments import moment_from

_MOST_LINES = 20_000
_MOST_COMPONENTS = 1_000
_DEEPEST = 6
_FOLD = re.compile(r"\r?\n[ \t]")
_TZID = re.compile(r";TZID=(\"[^\"\n]*\"|[^;:\n]*)", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(;TZID=)(tzone:[^;:\"\n]*)", re.IGNORECASE)
"""Outlook writes an address for a zone without the quotation marks that its colon needs: all is lost else."""
_UTC_ZONES = frozenset({"tzone://microsoft/utc"})
_LONGEST_ZONE = 100
_VALUE = re.compile(r"[^;:\n]*(?:;[^=:\n]*=(?>\"[^\"\n]*\"(?=[;:])|[^;:\n]*))*+:(?P<value>.*)")
_ATTENDEE = re.compile(r":mailto:([^\s@;,]{1,64}@[^\s@;,]{1,190})$", re.IGNORECASE)
_NAME = re.compile(r";CN=(\"[^\"]{1,100}\"|[^;:\"]{1,100})", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:SUMMARY|DESCRIPTION)[^:\n]*;LANGUAGE=\"?([A-Z-]{2,10})", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([nN,;\\])")
_RULES = ("RRULE", "RDATE")
_WRONG_ZONES = "//Atlatos-Traveller//"  # this product says Europe/Berlin and means the airport's own zone


class Lines(NamedTuple):
    """One event as its own lines, the method of its calendar, and whether its end is there."""

    lines: tuple[str, ...]
    method: str
    product: str
    is_whole: bool


def events_in(text: str) -> Iterator[Lines]:
    """Cut the events out of a calendar, or of several in one file.

    Raises:
        BadInputError: too many lines, components or levels.
    """
    unfolded = _BARE_ADDRESS.sub(r'\1"\2"', _FOLD.sub("", text).replace("\r", ""))
    lines = [line for line in unfolded.split("\n") if line.strip()]
    begun = sum(line[:6].upper() == "BEGIN:" for line in lines)
    if len(lines) > _MOST_LINES or begun > _MOST_COMPONENTS:
        raise BadInputError(
            f"The calendar has {len(lines):,} lines and {begun:,} components; up to {_MOST_LINES:,} and "
            f"{_MOST_COMPONENTS:,} are read: export the trip alone"
        )
    yield from _Cutter().cut(lines)


_EVENTS = frozenset({"VEVENT", "VTODO", "VJOURNAL"})  # a flight noted as a task is a flight all the same
_SAID_WITHIN = frozenset({"SUMMARY", "DESCRIPTION"})
_TECHNICAL = re.compile(
    r"UID|DTSTAMP|DTSTART|DTEND|DUE|DURATION|CREATED|LAST-MODIFIED|SEQUENCE|STATUS|TRANSP|CLASS|PRIORITY|GEO"
    r"|URL|ORGANIZER|ATTENDEE|ATTACH|RELATED-TO|RECURRENCE-ID|RRULE|RDATE|EXDATE|EXRULE|SUMMARY|LOCATION"
    r"|DESCRIPTION|ACKNOWLEDGED|REQUEST-STATUS|PERCENT-COMPLETE|COMPLETED|COLOR|IMAGE|CONFERENCE|REFRESH-.*"
    r"|X-(?:MICROSOFT|MS|APPLE|MOZ|KDE|GOOGLE|LIC|EVOLUTION|CALENDARSERVER)-.*"
)
"""Properties that are read elsewhere, or hold no words of people; what any other says is looked at."""
_HOST = re.compile(r"(?://(?:www\.)?|@)([\w.-]{1,100}\w)")
_DESIGNATOR = re.compile(r"[A-Z]{2}[0-9]{2,4}", re.IGNORECASE)
_FILE = re.compile(r";(?:X-)?FILENAME=(?P<name>\"[^\"\n]*\"|[^;:\n]*)", re.IGNORECASE)


@dataclass(slots=True)
class _Cutter:
    stack: list[str] = field(default_factory=list)
    method: str = ""
    product: str = ""
    event: list[str] = field(default_factory=list)

    def cut(self, lines: list[str]) -> Iterator[Lines]:
        for line in lines:
            name, _, value = line.partition(":")
            keyword = name.partition(";")[0].strip().upper()
            if keyword == "BEGIN":
                self._begin(value.strip().upper())
            elif keyword == "END":
                if self._ends(value.strip().upper()) and self.event:
                    yield self._event(is_whole=True)
            elif self.stack and self.stack[-1] in _EVENTS:
                self.event.append(line)
            elif keyword in _SAID_WITHIN and not _EVENTS.isdisjoint(self.stack):
                self.event.append(f"COMMENT:{value}")  # what an alarm says of its event
            elif keyword == "METHOD":
                self.method = value.strip().upper()
            elif keyword == "PRODID":
                self.product = value.strip()
        if self.event or self.stack:
            yield self._event(is_whole=False)

    def _begin(self, component: str) -> None:
        self.stack.append(component)
        if len(self.stack) > _DEEPEST:
            raise BadInputError(f"The calendar is nested more than {_DEEPEST} deep: export the trip alone")
        if component == "VCALENDAR":
            self.method = self.product = ""

    def _ends(self, component: str) -> bool:
        """Close a component with all that is still open in it; say whether an event was among them."""
        closed = set()
        while component in self.stack and component not in closed:
            closed.add(self.stack.pop())
        return not _EVENTS.isdisjoint(closed)

    def _event(self, *, is_whole: bool) -> Lines:
        event, self.event = tuple(self.event), []
        return Lines(event, self.method, self.product, is_whole)


@dataclass(frozen=True, slots=True)
class Event:
    """What an event says, with its texts unescaped.

    Attributes:
        starts, ends: as written: an instant, a local time (zone unknown or none stated), or a date alone.
        is_all_day: it has dates and no times.
        attendees: name and address of each.
        beside: what else it says in words: comments, categories, alarms, its description as a web page.
        categories: what its program files it under.
        files: names of the files that are attached to it.
        language: of its title or description, as stated; empty = none stated.
    """

    uid: str = ""
    recurrence: str = ""
    sequence: int = 0
    status: str = ""
    method: str = ""
    product: str = ""
    summary: str = ""
    location: str = ""
    description: str = ""
    beside: str = ""
    categories: str = ""
    files: tuple[str, ...] = ()
    reservation: str = ""
    starts: DraftTime = DraftTime()
    ends: DraftTime = DraftTime()
    is_all_day: bool = False
    repeats: bool = False
    attendees: tuple[tuple[str, str], ...] = ()
    language: str = ""


def event_from(cut: Lines) -> Event:
    """Read an event; a property that breaks the library stays empty.

    Raises:
        BadInputError: the library cannot read the event at all.
    """
    from icalendar import Event as Component  # noqa: PLC0415 - only calendars need it

    lines = [_without_strange_zone(line, is_wrong=_WRONG_ZONES in cut.product) for line in cut.lines]
    try:
        component = Component.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]) + "\r\n")
    except (ValueError, AttributeError, OSError) as error:  # the name of a folder of zones is an OS error
        raise BadInputError("An event of the calendar is damaged, export the trip again") from error

    def text(name: str) -> str:
        value = component.get(name, "")
        return str(value[0] if isinstance(value, list) else value)

    starts = _moment(component, "DTSTART") or moment_from(_raw(cut, "DTSTART"))
    ends = _moment(component, "DTEND") or moment_from(_raw(cut, "DTEND"))
    sequence = text("SEQUENCE")
    return Event(
        uid=text("UID"),
        recurrence=_raw(cut, "RECURRENCE-ID"),
        sequence=int(sequence) if sequence.isdecimal() and sequence.isascii() else 0,
        status=text("STATUS").upper() or _status_of(cut),
        method=cut.method,
        product=cut.product,
        summary=text("SUMMARY"),
        location=text("LOCATION"),
        description=text("DESCRIPTION"),
        beside=_beside(cut),
        categories=_unescaped(_raw(cut, "CATEGORIES")),
        files=tuple(_files(cut)),
        reservation=_unescaped(_raw(cut, "X-KDE-KITINERARY-RESERVATION")),
        starts=starts,
        ends=ends,
        is_all_day=starts.day is not None and starts.clock is None,
        attendees=tuple(_attendees(cut)),
        language=next((match[1] for match in map(_LANGUAGE.match, cut.lines) if match), ""),
        repeats=any(line.upper().startswith(_RULES) for line in cut.lines),
    )


def _status_of(cut: Lines) -> str:
    """Return what Outlook says in place of a state; an invitation nobody has answered is always tentative."""
    name = "INTENDEDSTATUS" if cut.method == "REQUEST" else "BUSYSTATUS"
    said = _raw(cut, f"X-MICROSOFT-CDO-{name}").strip().upper()
    return said if said == "TENTATIVE" else ""


def _beside(cut: Lines) -> str:
    """Return what stands in other properties than the usual ones, a line each."""
    return "\n".join(filter(None, map(_words_beside, cut.lines)))


def _words_beside(line: str) -> str:
    name = re.split("[;:]", line, maxsplit=1)[0].upper()
    if name in {"ORGANIZER", "URL"}:
        called, site = _NAME.search(line), _HOST.search(line)
        numbers = (part.upper() for part in re.split(r"[^\w]", line) if _DESIGNATOR.fullmatch(part))
        said = [called[1].strip('"') if called else "", site[1] if site else "", *numbers]
        return f"{name.title()} {' '.join(filter(None, said))}"
    match = None if _TECHNICAL.fullmatch(name) else _VALUE.match(line)
    value = _unescaped(match["value"]) if match else ""
    if "<" in value and ">" in value:
        return webpage(value).text
    return f"{name[2:].replace('-', ' ').lower()} {value}" if name.startswith("X-") and value else value


def _files(cut: Lines) -> Iterator[str]:
    for line in cut.lines:
        if re.match("ATTACH[;:]", line, re.IGNORECASE):
            match = _FILE.search(line)
            yield (match["name"].strip('"') if match else "") or "a file"


def _raw(cut: Lines, name: str) -> str:
    """Return the value of a property as it stands in the file."""
    found = (line for line in cut.lines if re.split("[;:]", line, maxsplit=1)[0].upper() == name)
    match = _VALUE.match(next(found, ""))
    return match["value"] if match else ""


def _attendees(cut: Lines) -> Iterator[tuple[str, str]]:
    for line in cut.lines:
        match = _ATTENDEE.search(line) if line.upper().startswith("ATTENDEE") else None
        if match:
            name = _NAME.search(line)
            yield (name[1].strip('"') if name else ""), match[1]


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def _without_strange_zone(line: str, *, is_wrong: bool) -> str:
    """Take away a zone that nobody knows: the time is then local, and its zone that of the airport."""
    if not line[:10].upper().startswith(("DTSTART", "DTEND")):
        return line
    match = _TZID.search(line)
    if match and not is_wrong and match[1].strip('"').lower() in _UTC_ZONES and not line.endswith("Z"):
        return f"{line[: match.start()]}{line[match.end() :]}Z"
    if match and (is_wrong or not _is_known(match[1].strip('"'))):
        return line[: match.start()] + line[match.end() :]
    return line


def _is_known(zone: str) -> bool:
    if len(zone) > _LONGEST_ZONE:
        return False
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415 - only calendars need it

    return zone in _zones() or zone in WINDOWS_TO_OLSON


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _moment(component: object, name: str) -> DraftTime | None:
    """Return a time as written; with a zone it is an instant, which the airport's own zone makes local.

    None means that the library cannot read it, as it cannot read a time without seconds.
    """
    try:
        value = component[name].dt  # type: ignore[index] # icalendar's components are untyped mappings
    except (KeyError, AttributeError, ValueError, TypeError, IndexError, OSError):
        return None
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return _instant(value)
        return DraftTime(value.year, value.month, value.day, value.time().replace(second=0, microsecond=0))
    return DraftTime(value.year, value.month, value.day) if isinstance(value, date) else None


def _instant(value: datetime) -> DraftTime:
    zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else "UTC"
    try:
        return DraftTime(instant=value.astimezone(UTC), zone=zone, text=f"{value:%Y-%m-%d %H:%M} {zone}")
    except (OverflowError, ValueError):
        return DraftTime(text=str(value))
