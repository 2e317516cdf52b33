"""What a file would do, and what is wrong with it, in the reader's words."""

from collections.abc import Collection, Iterable
from itertools import islice
from typing import Final, NamedTuple

from travelrisk.domain.changes import base_id
from travelrisk.domain.differences import Pair, differences
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.ratings import subject_of
from travelrisk.services.exchange.importing import Looked
from travelrisk.services.exchange.outcomes import Conflict, Problem
from travelrisk.services.naming import name_of
from travelrisk.telling.foreign import visible
from travelrisk.telling.reasons import Line as Sentence
from travelrisk.telling.rowfaults import rowfault
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.told import Line, lines_of
from travelrisk.web.languages import language
from travelrisk.web.parts import application

ON_A_PAGE: Final = 50
MOST_TOLD: Final = 300  # the file with its column of problems has all of them


class ProblemTold(NamedTuple):
    """One problem: where it is, what it is, and what to do."""

    row: int
    column: str
    reason: Sentence
    advice: Sentence


class Clash(NamedTuple):
    """What the desk and the file both changed.

    Attributes:
        desk: fields that the desk changed since the export. file: fields that the file changes.
        set_by: who set the version of the desk; empty where the desk ended the record.
    """

    key: str
    row: int
    name: str
    base: str
    is_confirmed: bool
    is_ended: bool
    set_by: str
    edition: int
    desk: tuple[Line, ...]
    file: tuple[Line, ...]


def problems_in(looked: Looked) -> tuple[Problem, ...]:
    """Return what is wrong with rows; what is in conflict with the desk is told by ``clashes``."""
    clashing = {each.row for each in looked.conflicts}
    return tuple(each for each in looked.problems if each.row not in clashing)


def problems_told(problems: Iterable[Problem]) -> tuple[ProblemTold, ...]:
    """Return the first problems in the reader's language."""
    return tuple(
        ProblemTold(
            each.row, each.column, rowfault(each.reason, language()), rowfault(each.advice, language())
        )
        for each in islice(problems, MOST_TOLD)
    )


def counts_of(pairs: Collection[Pair]) -> dict[str, int]:
    """Return how many records are new, how many change, and how many end."""
    new, ended = sum(each.was is None for each in pairs), sum(each.now is None for each in pairs)
    return {"new": new, "changed": len(pairs) - new - ended, "ended": ended}


def fault_told(error: BadInputError, field: str) -> Fault:
    """Return a refusal of the whole file as a fault, in the reader's language where its words are known."""
    told = rowfault(str(error), language())
    if told.language != language():
        return Fault(field, english=told.text)
    return Fault(field, "as_told", {"text": told.text})


def clashes(looked: Looked) -> tuple[Clash, ...]:
    """Return what somebody must decide row by row."""
    return tuple(_clashes(looked.conflicts))


def _clashes(conflicts: Iterable[Conflict]) -> Iterable[Clash]:
    for each in conflicts:
        desk = differences(each.exported, each.theirs) if each.theirs else ()
        yield Clash(
            key=each.key,
            row=each.row,
            name=name_of(application(), subject_of(each.mine), language()),
            base=base_id(each.exported.id),
            is_confirmed=each.is_confirmed,
            is_ended=each.theirs is None,
            set_by=visible(each.theirs.set_by) if each.theirs else "",
            edition=each.theirs.opened_in if each.theirs else 0,
            desk=tuple(lines_of(desk, each.exported, each.theirs)),
            file=tuple(lines_of(differences(each.exported, each.mine), each.exported, each.mine)),
        )
