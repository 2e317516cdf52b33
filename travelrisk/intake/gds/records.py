"""The other lines of a record: header, travellers, and elements that are no flights."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from travelrisk.domain.itineraries import Locator, Traveller
from travelrisk.intake.gds.segments import MONTHS
from travelrisk.intake.words.names import traveller_named

_LINE = r"^[ >.]*"
_DATE = rf"(?P<day>[0-9]{{1,2}})(?P<month>{'|'.join(MONTHS)})"
_YEAR = r"(?P<year>[0-9]{2})"
_CODE = r"(?P<code>[A-Z0-9]{6})\b[^\n]*"
_AGENCY = "[ ]+AG[ ]+[0-9]{6,8}[ ]+"
_HEADERS = (
    ("Amadeus", rf"RP/[^\n]*?{_DATE}{_YEAR}/[0-9]{{4}}Z[ ]+{_CODE}"),
    ("Sabre", rf"[A-Z0-9]{{3,4}}\.[A-Z0-9]{{3,4}}\*\S+[ ]+[0-9]{{4}}/{_DATE}{_YEAR}[ ]+{_CODE}"),
    (
        "Travelport",
        rf"(?P<code>[A-Z0-9]{{6}})/[A-Z0-9]{{2}}(?:[ ]+[A-Z0-9]{{5,7}}){{2}}{_AGENCY}{_DATE}{_YEAR}?\b[^\n]*",
    ),
)
_COMPILED = tuple((owner, re.compile(_LINE + pattern, re.MULTILINE)) for owner, pattern in _HEADERS)
_AHEAD = timedelta(days=1)  # where it is tomorrow already
_NAME = r"[A-Z](?:[A-Z']|[ -](?=[A-Z]))*"
_PERSON = re.compile(
    rf"(?<![\w.])[0-9]{{1,2}}\.[ ]?[0-9]{{0,2}}(?:I/[0-9]?)?[ ]?(?P<name>{_NAME}(?:/{_NAME})+)"
    r"(?:[*][\w/]*)?(?:\([^)\n]*\))*"
)
_GROUP = r"[0-9]{1,2}\.[ ]?[0-9]?C/[0-9]{1,3}[A-Z]{2,20}(?![/\w])"  # how many seats, and what for
_PEOPLE = re.compile(
    rf"{_LINE}(?:{_GROUP}[ ]+)?[0-9]{{1,2}}\.[ ]?[0-9I]{{0,2}}/?[0-9]?{_NAME}/[A-Z][^\n]*$", re.MULTILINE
)
_ANY_DATE = rf"[0-9]{{1,2}}(?:{'|'.join(MONTHS)})[0-9]{{2}}"
_FLIGHT = r"[^\n]*?(?<!\w)(?:[A-Z][A-Z0-9]|[0-9][A-Z])[ ]?[0-9]{2,4}(?!\w)"
_NUMBER = r"[0-9]{1,3}[. ]*(?:[/*][ ]?)?"
ELEMENTS = re.compile(
    rf"{_LINE}(?:"
    rf"(?:{_NUMBER})?(?:(?:SSR|OSI|OTHS)(?![a-z])|(?:TKTG|TAU|TAW|TAX|TKT|T)[-/*.]|FQ[A-Z]*[-/*.])[^\n]*"
    rf"|[A-Z0-9]{{6,9}}/[0-9]{{4}}[A-Z]{{2}}/{_ANY_DATE}[^\n]*"  # who made the record, and when
    r"|-{2,3}[ A-Z]{3,30}-{2,3}[ ]?|0\.[ ]?[0-9]{1,3}[A-Z][^\n]*"  # marks of what a record holds; a group
    rf"|{_GROUP}"
    rf"|{_NUMBER}[A-Z]{{3}}[ ]?[0-9][0-9 -]{{6,20}}(?:-[A-Z])?"  # a telephone
    rf"|{_NUMBER}(?:OTH|MIS|TUR|HHL|HTL|HTN|CCR|CAR|CBL|INS|SVC)[ ][^\n]*"
    rf"|(?:{_NUMBER})?(?:ARNK|SURFACE|SURF|VOID)\b(?!{_FLIGHT})[^\n]*"
    rf"|{_NUMBER}(?:F[ABEHIMOPQTVZ]|FOP|RM[A-Z]?|RI[A-Z]|RC|OP[WC]|TK|AP[A-Z]?|AM)[ /*-]"
    r"(?![ ]*[0-9]{1,4}[A-Z]?\b)[^\n]*"
    r")$",
    re.MULTILINE,
)
"""Lines of a record that are no flights, whatever dates, codes and pairs they hold; gaps by surface too.

FB, FM, FV and TK are carriers as well as elements, with a number behind them.
"""
GAP = re.compile(r"(?<!\w)[0-9]{1,2}[. ]+(?:ARNK|SURFACE|SURF|VOID)(?!\w)")


class Header(NamedTuple):
    """The line that begins a record: its locator, and the day it was last changed."""

    span: tuple[int, int]
    locator: Locator
    issued: date | None


def headers(text: str, context: date | None = None) -> Iterator[Header]:
    """Find the headers; one without a year is of the last such day before the text arrived.

    Args:
        text: in capitals.
        context: when it was written or arrived; without it a header without a year gives no date.
    """
    for owner, pattern in _COMPILED:
        for match in pattern.finditer(text):
            yield Header(match.span(), Locator(match["code"], owner), _issued(match, context))


def _issued(match: re.Match[str], context: date | None) -> date | None:
    month, day = MONTHS.index(match["month"]) + 1, int(match["day"])
    try:
        if match["year"]:
            return date(2000 + int(match["year"]), month, day)
        if context is None:
            return None
        latest = context + _AHEAD
        days = (date(year, month, day) for year in (latest.year, latest.year - 1))
        return next(found for found in days if found <= latest)
    except (ValueError, StopIteration):  # no such day: 29 February of most years
        return None


def people(text: str) -> Iterator[tuple[tuple[int, int], tuple[Traveller, ...]]]:
    """Find the lines with travellers; dates of birth stay behind. *text* is in capitals."""
    for line in _PEOPLE.finditer(text):
        found = [name for match in _PERSON.finditer(line[0]) for name in _names(match["name"])]
        if found:
            yield line.span(), tuple(map(traveller_named, found))


def _names(written: str) -> Iterator[str]:
    """Yield each person: ``DOE/JOHN MR/JANE MRS`` are two of one name."""
    surname, *given = (part.strip() for part in written.split("/"))
    for each in given:
        yield f"{surname}/{each}"
