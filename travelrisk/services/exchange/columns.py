"""The columns of the table: their names, which never change, and what stands in them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final, get_args

from travelrisk.domain.airspaces import Movement
from travelrisk.domain.authorisations import AuthorisationKind, Criticality
from travelrisk.domain.factors import FACTORS
from travelrisk.domain.ratings import Level, SubjectKind
from travelrisk.domain.verdicts import Verdict

PROBLEM: Final = "problem"
EXPORT: Final = "export"
MOST_EVIDENCE: Final = 40
TEMPLATE_EVIDENCE: Final = 3

RATING, CAUTION, SERVICE, AUTHORISATION = RECORDS = ("rating", "caution", "service", "authorisation")
_EVIDENCE = re.compile(r"evidence_([1-9][0-9]?)_([a-z_]+)")


class Sort(Enum):
    """How a cell is read."""

    TEXT = auto()  # kept to the letter
    WORD = auto()  # blanks around it do not matter
    CHOICE = auto()  # one of the words of the column
    DAY = auto()
    LIST = auto()  # several, with semicolons between them
    SHOWN = auto()  # for whoever reads the table; an import does not look at it


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        meaning: what to write, for the sheet that explains the columns and for the advice on a fault.
        records: the kinds of records that have it.
        words: what a CHOICE may be; of other sorts, words that are only proposed.
    """

    name: str
    meaning: str
    sort: Sort = Sort.TEXT
    records: tuple[str, ...] = RECORDS
    words: tuple[str, ...] = ()


_GROUNDED = (RATING, CAUTION)


def _texts(name: str, meaning: str, record: str) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}_{code}", f"{meaning}, in {language}", records=(record,))
        for code, language in (("en", "English"), ("fr", "French"), ("es", "Spanish"))
    )


_OWN: Final = (
    Column("record", "what the row is", Sort.CHOICE, words=RECORDS),
    Column("id", "a short name that never changes, such as eth-2027: a-z, 0-9, dot and hyphen", Sort.WORD),
    Column("edition", "the edition the row was exported from; leave it empty in a new row", Sort.WORD),
    Column("name", "name of the subject, for readers: an import does not look at it", Sort.SHOWN),
    Column("subject_kind", "what the record is about", Sort.CHOICE, words=tuple(SubjectKind)),
    Column(
        "subject",
        "ICAO designator of a carrier (ETH), two letters of a State or country (ET), code of an airport"
        " (ADD), a route as ADD-FRA, or ETH:ADD-FRA for one carrier on it, key of an airspace (OIIX)",
        Sort.WORD,
    ),
    Column("level", "what the rating says", Sort.CHOICE, (RATING,), tuple(Level)),
    Column(
        "effect",
        "what the caution asks for",
        Sort.CHOICE,
        (CAUTION,),
        tuple(each.word for each in Verdict if each is not Verdict.CLEARED),
    ),
    Column("valid_from", "first day of flights it holds for, as 2027-02-01", Sort.DAY),
    Column("valid_until", "last day of flights it holds for, as 2027-12-31; empty = no end", Sort.DAY),
    Column("review_on", "last day before somebody must look at it again", Sort.DAY, (RATING,)),
    Column("aoc", "number of the air operator certificate, for carriers", records=(RATING,)),
    *_texts("reason", "why", RATING),
    *_texts("condition", "the condition of a conditional rating", RATING),
    *_texts("text", "the caution itself", CAUTION),
    Column(
        "exceptions",
        "ICAO designators of carriers that are excepted, with semicolons between them: AFR; DLH",
        Sort.LIST,
        (CAUTION,),
    ),
    Column("scope_floor", "of an airspace: the lowest flight level concerned, as 0", Sort.WORD, _GROUNDED),
    Column(
        "scope_ceiling",
        "of an airspace: the highest flight level concerned, as 259 for below FL260; empty = no limit",
        Sort.WORD,
        _GROUNDED,
    ),
    Column(
        "scope_movement",
        "of an airspace: which flights are concerned, those through it or those that land in it",
        Sort.CHOICE,
        _GROUNDED,
        tuple(Movement),
    ),
    Column(
        "scope_airports",
        "of an airspace: airports whose flights are not concerned, with semicolons between them: BEY; TIP",
        Sort.LIST,
        _GROUNDED,
    ),
    Column("source", "where it is known from that the carrier serves the pair itself", records=(SERVICE,)),
    Column(
        "authorisation_kind",
        "ad_hoc for one trip, blanket for one office, concentration for one trip over the ceiling",
        Sort.CHOICE,
        (AUTHORISATION,),
        tuple(AuthorisationKind),
    ),
    Column("trip", "reference of the trip, for ad_hoc and concentration", records=(AUTHORISATION,)),
    Column("office", "the office that travels, for blanket", records=(AUTHORISATION,)),
    Column("route", "only between these two airports, as ADD-FRA", Sort.WORD, (AUTHORISATION,)),
    Column("need", "why the journey is needed", records=(AUTHORISATION,)),
    Column("alternatives_tried", "what else was looked for", records=(AUTHORISATION,)),
    Column("mitigation", "what makes up for it", records=(AUTHORISATION,)),
    Column(
        "criticality",
        "level of the programme, where known",
        Sort.CHOICE,
        (AUTHORISATION,),
        tuple(each for each in get_args(Criticality) if each),
    ),
    Column(
        "people",
        "how many of our people may be on the flight at most, for concentration",
        Sort.WORD,
        (AUTHORISATION,),
    ),
    *_texts("conditions", "under which conditions it holds", AUTHORISATION),
    Column("approved_by", "who takes the decision; never who imports it", records=(AUTHORISATION,)),
    Column("set_by", "who set it; an import puts its own author here", Sort.SHOWN),
    Column("set_on", "the day it was set on; an import puts its own day here", Sort.SHOWN),
)

_OF_EVIDENCE: Final = (
    ("kind", "a factor, or any other word for what it is", Sort.WORD, tuple(FACTORS)),
    ("title", "title of the source", Sort.TEXT, ()),
    ("url", "its address, beginning with https://", Sort.WORD, ()),
    ("retrieved_on", "the day it was looked at, as 2026-11-23", Sort.DAY, ()),
    ("valid_until", "until when the source says it holds, as 2027-12-31", Sort.DAY, ()),
    ("value", "what was found, in the words or the unit of its factor", Sort.WORD, ()),
    (
        "limits",
        "types or registrations it is limited to, with semicolons between them",
        Sort.LIST,
        (),
    ),
    ("note", "what else is to be said", Sort.TEXT, ()),
    ("file", "SHA-256 of the kept original", Sort.WORD, ()),
)

EVIDENCE_FIELDS: Final = tuple(field for field, *_ in _OF_EVIDENCE)


def evidence_columns(number: int) -> tuple[Column, ...]:
    """Return the columns of the evidence with this number, from 1."""
    return tuple(
        Column(f"evidence_{number}_{field}", f"evidence {number}: {meaning}", sort, _GROUNDED, words)
        for field, meaning, sort, words in _OF_EVIDENCE
    )


def columns_of(evidence: int) -> tuple[Column, ...]:
    """Return the columns of a table whose records have up to so many pieces of evidence."""
    every = (evidence_columns(number) for number in range(1, evidence + 1))
    return (*_OWN, *(column for columns in every for column in columns))


COLUMNS: Final[Mapping[str, Column]] = MappingProxyType(
    {
        column.name: column
        for column in (
            *columns_of(MOST_EVIDENCE),
            Column(PROBLEM, "what an import found wrong: correct it, and leave this cell be", Sort.SHOWN),
            Column(
                EXPORT,
                "the export that the row stood in, by which the audit trail knows who took it: an import does"
                " not look at it",
                Sort.SHOWN,
            ),
        )
    }
)


def evidence_number(name: str) -> int:
    """Return the number of the evidence a column belongs to; 0 where it is of the record itself."""
    match = _EVIDENCE.fullmatch(name)
    return int(match[1]) if match else 0


def most_evidence(names: Iterable[str]) -> int:
    """Return the highest number of evidence among columns."""
    return max(map(evidence_number, names), default=0)
