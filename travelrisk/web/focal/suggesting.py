"""What the methodology proposes on the evidence that was typed, told beside the choice of a person."""

from functools import cache
from itertools import chain
from typing import NamedTuple

from travelrisk.domain.factors import FACTORS
from travelrisk.domain.methodology import Line, Methodology, proposed
from travelrisk.domain.ratings import SubjectKind
from travelrisk.methodologies import load_methodology
from travelrisk.web.focal.checking import evidence_of
from travelrisk.web.focal.entries import RATING, Entry, is_filled
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.ratings.records import level_label
from travelrisk.web.words import speaker


class Looked(NamedTuple):
    """One factor: how it stands, and what the table says to that; both words for the reader."""

    factor: str
    standing: str
    reason: str


class Suggestion(NamedTuple):
    """The proposed level under its word and its label, and what led there."""

    version: str
    level: str
    label: str
    known: tuple[Looked, ...]
    unknown: tuple[str, ...]


def suggestion(entry: Entry) -> Suggestion | None:
    """Return what the methodology proposes; None for what it says nothing about."""
    if entry.what != RATING or entry.subject.kind is not SubjectKind.CARRIER:
        return None
    table = _methodology()
    evidence = [evidence_of(row) for row in entry.sources if is_filled(row)]
    found = proposed(table, evidence, application().clock().date())
    return Suggestion(
        version=table.version,
        level=found.level.value,
        label=level_label(found.level, language()),
        known=tuple(_looked(line) for line in found.lines if line.evidence),
        unknown=tuple(line.kind.name.in_language(language()) for line in found.lines if not line.evidence),
    )


def findings() -> dict[str, tuple[str, ...]]:
    """Return the findings that the factors may have: those of each that has words, and ``all`` of them."""
    known = {key: factor.words for key, factor in FACTORS.items() if factor.words}
    return known | {"all": tuple(dict.fromkeys(chain.from_iterable(known.values())))}


def _looked(line: Line) -> Looked:
    say = speaker(language())
    standing = say("standing_" + line.standing.value)
    if line.level is not None:
        standing = f"{standing}: {level_label(line.level, language())}"
    reason = line.row.reason.in_language(language()) if line.row else ""
    return Looked(line.kind.name.in_language(language()), standing, reason)


@cache
def _methodology() -> Methodology:
    return load_methodology()
