"""From factors to a *proposed* level, by a table that anybody can read; the decision stays with a person.

Each row says: where this factor stands so, this level is proposed, for this reason. The best row that speaks
for the carrier is proposed, unless another row is worse; then the worst one decides. Nothing is weighed or
added up. What is not known proposes nothing, and what has lapsed supports nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.domain.factors import FACTORS, Factor, FactorKind, read_factor
from travelrisk.domain.ratings import Evidence, Level
from travelrisk.domain.texts import LANGUAGES, Texts

_BEST_FIRST = (Level.RECOMMENDED, Level.CONDITIONAL, Level.NOT_RATED, Level.NOT_RECOMMENDED)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: a condition on one factor, and the level it proposes.

    Attributes:
        value: the finding in one word; or else *at_least* and *below* bound a number.
        supports: whether this speaks for the carrier. Without any such row nothing better than "not rated" is
            proposed: the absence of bad news is no assessment.
    """

    factor: str
    level: Level
    reason: Texts
    value: str = ""
    at_least: Decimal | None = None
    below: Decimal | None = None
    supports: bool = False

    def __post_init__(self) -> None:
        """Refuse a row that can never match, says nothing, or supports what it speaks against."""
        kind = FACTORS.get(self.factor)
        problem = _condition_problem(kind, self) if kind else f"factor: '{self.factor}' is no factor"
        if self.supports and self.level not in {Level.RECOMMENDED, Level.CONDITIONAL}:
            problem = f"supports: a row that proposes {self.level.value} does not speak for a carrier"
        if self.level is Level.RECOMMENDED and not self.supports:
            problem = "supports: a row that proposes recommended must speak for the carrier"
        if not all(self.reason.is_translated(language) for language in LANGUAGES):
            problem = "reason: give it in English, French and Spanish"
        if problem:
            raise ConfigurationError(f"{self.factor}: {problem}")

    def matches(self, factor: Factor) -> bool:
        """Say whether this row speaks to *factor*."""
        if factor.kind.key != self.factor:
            return False
        if factor.number is None:
            return factor.value == self.value
        is_enough = self.at_least is None or factor.number >= self.at_least
        return is_enough and (self.below is None or factor.number < self.below)


@dataclass(frozen=True, slots=True)
class Methodology:
    """The table, under a version that proposals name."""

    version: str
    rows: tuple[Row, ...]


class Standing(StrEnum):
    """What became of a factor."""

    MATCHED = "matched"
    NO_ROW = "no_row"  # known, and the table says nothing about it
    LAPSED = "lapsed"
    UNREADABLE = "unreadable"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Line:
    """One factor as it was looked at.

    Attributes:
        level: what this line proposes; None where it proposes nothing.
        row: the row of the table that matched, with its reason; of a lapsed factor the one that would.
        problem: why the finding cannot be read.
    """

    kind: FactorKind
    standing: Standing
    level: Level | None = None
    row: Row | None = None
    evidence: Evidence | None = None
    problem: str = ""

    @property
    def supports(self) -> bool:
        """Say whether this line speaks for the carrier today."""
        return self.standing is Standing.MATCHED and self.row is not None and self.row.supports


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the table proposes, and every line that led there, in the order of the factors."""

    level: Level
    lines: tuple[Line, ...]


def proposed(methodology: Methodology, evidence: Iterable[Evidence], today: date) -> Proposed:
    """Return the level that *methodology* proposes on this *evidence*, in whatever order it comes.

    Evidence that is past its date, or cannot be read, keeps the proposal from being better than "not rated";
    a factor without evidence is told as not known. Evidence of other kinds is left to the person.
    """
    given = sorted((each for each in evidence if each.kind in FACTORS), key=_order)
    lines = [_line(methodology, each, today) for each in given]
    known = {line.kind.key for line in lines}
    lines += [Line(kind, Standing.NOT_KNOWN) for key, kind in FACTORS.items() if key not in known]
    lines.sort(key=lambda line: list(FACTORS).index(line.kind.key))
    return Proposed(_level(lines), tuple(lines))


def _level(lines: Iterable[Line]) -> Level:
    speaking_for: list[Level] = []
    others = [Level.RECOMMENDED]
    for line in lines:
        if line.level is not None:
            (speaking_for if line.supports else others).append(line.level)
    best = min(speaking_for, key=_BEST_FIRST.index, default=Level.NOT_RATED)
    return max((best, *others), key=_BEST_FIRST.index)


def _line(methodology: Methodology, evidence: Evidence, today: date) -> Line:
    kind = FACTORS[evidence.kind]
    try:
        factor = read_factor(evidence)
    except BadInputError as error:
        return Line(kind, Standing.UNREADABLE, Level.NOT_RATED, None, evidence, str(error))
    row = _worst(row for row in methodology.rows if row.matches(factor))
    if evidence.valid_until is not None and evidence.valid_until < today:
        level = max(Level.NOT_RATED, row.level if row else Level.NOT_RATED, key=_BEST_FIRST.index)
        return Line(kind, Standing.LAPSED, level, row, evidence)
    if row is None:
        return Line(kind, Standing.NO_ROW, None, None, evidence)
    return Line(kind, Standing.MATCHED, row.level, row, evidence)


def _worst(rows: Iterable[Row]) -> Row | None:
    return max(rows, key=lambda row: _BEST_FIRST.index(row.level), default=None)


def _order(evidence: Evidence) -> tuple[str, str, str, date, str, str]:
    until = evidence.valid_until or date.max
    return (evidence.kind, evidence.value, evidence.title, until, evidence.url, repr(evidence))


def _condition_problem(kind: FactorKind, row: Row) -> str:
    is_bounded = row.at_least is not None or row.below is not None
    if kind.words:
        if row.value not in kind.words or is_bounded:
            return f"value: write one of {', '.join(kind.words)}, and no bounds"
        return ""
    if row.value or not is_bounded:
        return f"at_least, below: give one of them or both, in {kind.unit}, and no value"
    if row.at_least is not None and row.below is not None and row.below <= row.at_least:
        return f"below {row.below} must be more than at_least {row.at_least}"
    return ""
