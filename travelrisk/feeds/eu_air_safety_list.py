"""The EU Air Safety List: Annex A names carriers, or all of a State, Annex B carriers with certain aircraft.

Columns are found by the text of their headers, for they have stood in another order before.
"""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from travelrisk.domain.codes import carrier_code, folded
from travelrisk.domain.facts import Fact, Problem, ProblemKind
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.feeds.card import Card
from travelrisk.feeds.countries import country_named
from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Fetched, Reading, Session
from travelrisk.feeds.workbook import sheets_of
from travelrisk.reference import load_book

_PART: Final = "list"
_ANNEX_A, _ANNEX_B = "Annex A", "Annex B"
_NAME: Final = "name of the legal entity of the air carrier"
_COLUMNS: Final = {
    "name": _NAME,
    "aoc": "air operator certificate",
    "designator": "icao three letter designator",
    "state": "state of the operator",
}
_AIRCRAFT: Final = {
    "types": "aircraft type restricted",
    "marks": "registration mark",
}
_BLANKET: Final = re.compile(
    r"all air carriers certified by the authorities with responsibility for regulatory oversight of "
    r"(?P<state>[^,]+?)(?:\s*,.*)?",
    re.IGNORECASE | re.DOTALL,
)
_EXCEPT: Final = re.compile(
    r"with the exception of (?P<names>.+?)(?:,? including\b.*|,? (?:which|that|whose)\b.*|\s*)$",
    re.IGNORECASE | re.DOTALL,
)
_AND: Final = re.compile(r",\s*(?:and\s+)?|\s+and\s+|;\s*")
_NONE: Final = frozenset({"", "-", "\u2013", "\u2014", "unknown", "n/a", "na", "none"})
_DESIGNATOR_LENGTH: Final = 3
_LONGEST_LIMIT: Final = 80  # of one entry of evidence


class Row(NamedTuple):
    """A row of either sheet, as text; *code* is the alpha-2 code of the State, where it was found."""

    annex: str
    name: str
    aoc: str
    designator: str
    state: str
    code: str
    types: str = ""
    marks: str = ""

    @property
    def blanket(self) -> re.Match[str] | None:
        """Whether the row is about all carriers of a State."""
        return _BLANKET.fullmatch(self.name)


class EuAirSafetyList:
    """The feed."""

    name = "eu_air_safety_list"

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Fetch the workbook."""
        return Fetched(card, session.now(), {_PART: session.get(card.urls[_PART])})

    def facts(self, fetched: Fetched) -> Reading:
        """Read both annexes; rows that stand there twice count once."""
        sheets = sheets_of(fetched.answers[_PART])
        annex_a = list(_rows(sheets, _ANNEX_A, _COLUMNS))
        annex_b = list(_rows(sheets, _ANNEX_B, _COLUMNS | _AIRCRAFT))
        rows = list(dict.fromkeys((*annex_a, *annex_b)))
        problems = [*_repeated(len(annex_a) + len(annex_b) - len(rows)), *_unmapped(rows)]
        whole_states = {row.code for row in rows if row.blanket and row.code}
        facts: dict[str, Fact] = {}
        for row in rows:
            fact = _fact(row, fetched, whole_states)
            if not fact.subjects and not row.blanket and fact.asks is not None:
                words = f"{row.designator or 'no designator'}, {row.state}"
                problems.append(Problem(ProblemKind.UNMAPPED_CARRIER, row.name, words))
            facts[_free(fact.key, facts)] = fact
        named = (replace(fact, key=key) for key, fact in facts.items())
        return Reading(tuple(named), tuple(problems), len(annex_a))


def _rows(sheets: dict[str, list[list[str]]], annex: str, wanted: dict[str, str]) -> Iterator[Row]:
    sheet = next((rows for name, rows in sheets.items() if folded(name) == folded(annex)), None)
    if sheet is None:
        raise FeedError(Fault.CHANGED, f"there is no sheet {annex}: the form of the list has changed")
    header, places = _header(sheet, annex, wanted)
    for cells in sheet[header + 1 :]:
        texts = {field: _stated(_cell(cells, place)) for field, place in places.items()}
        blanket = _BLANKET.fullmatch(texts["name"])
        if not blanket and not (texts["name"] and texts["state"]):
            continue  # an empty row, or a remark below the list
        state = texts.pop("state") or (blanket["state"] if blanket else "")
        yield Row(annex, state=state, code=country_named(state) or "", **texts)


def _header(sheet: list[list[str]], annex: str, wanted: dict[str, str]) -> tuple[int, dict[str, int]]:
    """Return the number of the header row, and the column of each field.

    Raises:
        FeedError: a column is missing.
    """
    heads = [[folded(cell) for cell in cells] for cells in sheet]
    number = next((at for at, row in enumerate(heads) if any(head.startswith(_NAME) for head in row)), None)
    if number is None:
        raise FeedError(Fault.CHANGED, f"{annex}: has no row of headers: the form of the list has changed")
    places = {field: _place(heads[number], words) for field, words in wanted.items()}
    if missing := [wanted[field] for field, place in places.items() if place is None]:
        raise FeedError(
            Fault.CHANGED, f"{annex}: the column '{missing[0]}' is missing: the form of the list has changed"
        )
    return number, {field: place for field, place in places.items() if place is not None}


def _place(heads: list[str], words: str) -> int | None:
    return next((place for place, head in enumerate(heads) if words in head), None)


def _cell(cells: list[str], place: int) -> str:
    return " ".join(cells[place].split()) if place < len(cells) else ""


def _stated(text: str) -> str:
    return "" if text.lower() in _NONE else text


def _repeated(count: int) -> Iterator[Problem]:
    if count:
        yield Problem(ProblemKind.REPEATED, _ANNEX_A, f"{count} rows stand there twice; each counts once")


def _unmapped(rows: list[Row]) -> Iterator[Problem]:
    for state in dict.fromkeys(row.state for row in rows if not row.code):
        yield Problem(ProblemKind.UNMAPPED_COUNTRY, state or "a row without a State")


def _fact(row: Row, fetched: Fetched, whole_states: set[str]) -> Fact:
    blanket = row.blanket
    level = f"{row.annex}, State" if blanket else row.annex
    if not blanket and row.annex == _ANNEX_A and row.code in whole_states:
        level = "Annex A, with its State"
    designator = (_icao(row) or folded(row.name).replace(" ", "-")).lower()
    return Fact(
        key=f"{(row.code or folded(row.state)).lower()}-{'all' if blanket else designator}",
        title=row.state if blanket else row.name,
        subjects=_subjects(row, fetched.retrieved_at.date()),
        level=level,
        words=row.name
        if blanket
        else ", ".join(filter(None, (row.name, row.aoc, row.designator, row.state))),
        asks=fetched.card.asks(level),
        url=fetched.card.page,
        excepted=_excepted(row.name) if blanket else (),
        undrawn=tuple(filter(None, (row.types, row.marks))),
        finding=_finding(row),
        limits=_limits(row),
        aoc=row.aoc,
    )


def _subjects(row: Row, day: date) -> tuple[Subject, ...]:
    """Return the State, or the carrier: by its designator, else by a name that one carrier of it bears."""
    if row.blanket:
        return (Subject(SubjectKind.STATE, row.code),) if row.code else ()
    if designator := _icao(row):
        return (Subject(SubjectKind.CARRIER, designator),)
    found = [each for each in load_book().named(row.name, day) if each.state.code == row.code]
    return (Subject(SubjectKind.CARRIER, found[0].icao),) if len(found) == 1 else ()


def _icao(row: Row) -> str:
    code = carrier_code(row.designator) or ""
    return code if len(code) == _DESIGNATOR_LENGTH else ""


def _excepted(text: str) -> tuple[str, ...]:
    found = _EXCEPT.search(text)
    return tuple(filter(None, (each.strip(" .") for each in _AND.split(found["names"])))) if found else ()


def _finding(row: Row) -> str:
    """Return the finding of the factor; Annex B without its aircraft is none, and stays a mere document."""
    if row.blanket or (row.annex == _ANNEX_B and not _limits(row)):
        return ""
    return row.annex.lower().replace(" ", "_")


def _limits(row: Row) -> tuple[str, ...]:
    """Return the aircraft that Annex B is about; evidence takes up to 80 letters an entry."""
    stated = (each.strip() for text in (row.types, row.marks) for each in text.split(";"))
    return tuple(
        line for each in stated for line in textwrap.wrap(each, _LONGEST_LIMIT, break_on_hyphens=False)
    )


def _free(key: str, taken: dict[str, Fact]) -> str:
    """Return a key that no other row has: two carriers of one State may share a name."""
    number = 2
    free = key
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    return free
