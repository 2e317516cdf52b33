"""A change of the ratings: what it closes and opens, and whether it makes anything easier.

A record that changes is closed, and its successor opened under the next revision of its id: ``eu-list-azw``,
then ``eu-list-azw:2``. Records are never edited.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from travelrisk.domain.airspaces import EVERY_FLIGHT, Airspace
from travelrisk.domain.authorisations import Authorisation, check_authorisation
from travelrisk.domain.errors import BadInputError, Refusal
from travelrisk.domain.factors import check_finding
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import (
    Caution,
    Evidence,
    Level,
    Rating,
    Record,
    SubjectKind,
    subject_of,
)
from travelrisk.domain.verdicts import Verdict

_REVISION = ":"


@dataclass(frozen=True, slots=True)
class Change:
    """What an edition would open and close; *unchanged* counts the records that stay as they are."""

    opened: tuple[Record, ...]
    closed: tuple[Record, ...]
    unchanged: int


def base_id(record_id: str) -> str:
    """Return the id without its revision: ``eu-list-azw:2`` -> ``eu-list-azw``."""
    return record_id.partition(_REVISION)[0]


def difference(
    in_force: Iterable[Record], wanted: Iterable[Record], revisions: Mapping[str, int], *, complete: bool
) -> Change:
    """Return the change that leads from the open records to the *wanted* ones.

    Args:
        in_force: records open now.
        wanted: records as they should be, under their base ids.
        revisions: how many revisions of each base id were ever opened.
        complete: whether *wanted* is everything: open records it does not name are then closed.
    """
    now = {base_id(record.id): record for record in in_force}
    opened, closed, named = [], [], set()
    for record in wanted:
        named.add(record.id)
        before = now.get(record.id)
        if before is not None and _content(before) == _content(record):
            continue
        if before is not None:
            closed.append(before)
        opened.append(_revised(record, revisions.get(record.id, 0) + 1))
    if complete:
        closed.extend(record for base, record in sorted(now.items()) if base not in named)
    return Change(tuple(opened), tuple(closed), len(named) - len(opened))


def change_of(
    wanted: Sequence[Record], ended: Iterable[str], in_force: Iterable[Record], revisions: Mapping[str, int]
) -> Change:
    """Return what the *wanted* records open and close, and close those *ended* without a successor.

    Args:
        wanted: records as they should be, under their base ids.
        ended: base ids of open records that are to be closed.
        in_force: records open now.
        revisions: how many revisions of each base id were ever opened.

    Raises:
        BadInputError: a record to end is not open, or is wanted at the same time.
    """
    now = tuple(in_force)
    change = difference(now, wanted, revisions, complete=False)
    open_now = {base_id(record.id): record for record in now}
    named = {record.id for record in wanted}
    closing = []
    for base in dict.fromkeys(ended):
        if base in named:
            raise BadInputError(f"{base}: cannot be ended and set anew in one change; keep one of the two")
        if base not in open_now:
            raise BadInputError(
                f"{base}: is not open, so it cannot be ended; look at the newest edition",
                Refusal.ENDED_ALREADY,
            )
        closing.append(open_now[base])
    return replace(change, closed=(*change.closed, *closing))


def check(change: Change, in_force: Iterable[Record], today: date, policy: Policy) -> None:
    """Refuse a change of the desk that could not be traced or judged by; a first import may be poorer.

    Args:
        change: what would be opened and closed.
        in_force: records open now.
        today: the day of the check.
        policy: says how long an authorisation may last.

    Raises:
        BadInputError: nothing would change, a period ends before it begins or overlaps another rating of the
            same subject, evidence, its date, a condition or a text is missing, or an authorisation is mixed
            with other records; the message names the record and the field.
    """
    if not change.opened and not change.closed:
        raise BadInputError("this changes nothing: what it says is in force already", Refusal.NOTHING)
    check_authorisations(change, policy)
    check_airspaces(change, in_force := tuple(in_force))
    _check_exceptions(change, today)
    closed = {record.id for record in change.closed}
    staying = [record for record in in_force if record.id not in closed]
    for number, record in enumerate(change.opened):
        name = base_id(record.id)
        if record.valid_until is not None and record.valid_until < record.valid_from:
            raise BadInputError(
                f"{name}: valid_until {record.valid_until} lies before valid_from {record.valid_from}:"
                " give a later end",
                Refusal.ENDS_BEFORE,
                field="valid_until",
            )
        _check_grounds(name, record, today)
        for other in (*staying, *change.opened[:number]):
            _check_overlap(name, record, other)


def authorises(change: Change) -> bool:
    """Say whether *change* opens an authorisation; those who approve exceptions then sign it."""
    return any(isinstance(record, Authorisation) for record in change.opened)


def check_authorisations(change: Change, policy: Policy) -> None:
    """Refuse to open an authorisation that is not stated in full, or lasts longer than the policy allows.

    Raises:
        BadInputError: the message names the record and the field.
    """
    for record in change.opened:
        if isinstance(record, Authorisation):
            check_authorisation(base_id(record.id), record, policy.longest_authorisation_days)


def check_airspaces(change: Change, in_force: Iterable[Record]) -> None:
    """Refuse a change that leaves something on record about an airspace that nobody drew: it would be lost.

    Raises:
        BadInputError: the message names the record.
    """
    closed = {record.id for record in change.closed}
    left = [*(record for record in in_force if record.id not in closed), *change.opened]
    drawn = {record.key for record in left if isinstance(record, Airspace)}
    for record in left:
        subject = subject_of(record)
        if subject.kind is SubjectKind.AIRSPACE and subject.key not in drawn:
            raise BadInputError(
                f"{base_id(record.id)}: there is no outline of the airspace {subject.key}: load one first"
                " (travelrisk airspaces import), and end what is on record about it before its outline"
            )


def _check_exceptions(change: Change, today: date) -> None:
    """Keep exceptions apart from all else, because other people sign them, and refuse one that is past."""
    if not authorises(change):
        return
    for record in (*change.opened, *change.closed):
        if not isinstance(record, Authorisation):
            raise BadInputError(
                f"{base_id(record.id)}: is no authorisation: ratings and exceptions are signed by different"
                " people, so make two changes of them"
            )
    for record in change.opened:
        if record.valid_until is not None and record.valid_until < today:
            raise BadInputError(
                f"{base_id(record.id)}: valid_until {record.valid_until} is past: give a later end",
                Refusal.PAST,
                field="valid_until",
            )


def _check_grounds(name: str, record: Record, today: date) -> None:
    if not isinstance(record, Rating | Caution):
        return
    if isinstance(record, Rating) and record.level is Level.CONDITIONAL and not record.condition.en.strip():
        raise BadInputError(
            f"{name}: condition: say in English under which condition it may be used",
            Refusal.NO_CONDITION,
            field="condition",
        )
    if isinstance(record, Caution) and not record.text.en.strip():
        raise BadInputError(
            f"{name}: text: say in English what the caution is about", Refusal.NO_TEXT, field="text"
        )
    if not record.evidence and not (isinstance(record, Rating) and record.level is Level.NOT_RATED):
        raise BadInputError(
            f"{name}: evidence: give at least one source with the day it was retrieved on",
            Refusal.NO_SOURCE,
            field="title",
            row=0,
        )
    if isinstance(record, Rating) and record.is_due_for_review(today):
        raise BadInputError(
            f"{name}: review_on {record.review_on} is past: give a later day",
            Refusal.REVIEW_PAST,
            field="review_on",
        )
    for row, evidence in enumerate(record.evidence):
        _check_evidence(f"{name}: evidence {row + 1}", row, evidence, today)


def _check_evidence(name: str, row: int, evidence: Evidence, today: date) -> None:
    retrieved = evidence.retrieved_on
    if retrieved is None:
        raise BadInputError(
            f"{name}: retrieved_on: give the day it was retrieved on",
            Refusal.NO_RETRIEVAL,
            field="retrieved_on",
            row=row,
        )
    if retrieved > today:
        raise BadInputError(
            f"{name}: retrieved_on {retrieved} lies in the future",
            Refusal.RETRIEVED_LATER,
            field="retrieved_on",
            row=row,
        )
    try:
        check_finding(evidence)
    except BadInputError as error:
        raise BadInputError(
            f"{name}: {error}", error.refusal, field=error.field, row=row, **error.slots
        ) from None


def _check_overlap(name: str, record: Record, other: Record) -> None:
    if not isinstance(record, Rating) or not isinstance(other, Rating) or record.subject != other.subject:
        return
    if record.valid_from <= _end(other) and other.valid_from <= _end(record):
        until = other.valid_until or "further notice"
        raise BadInputError(
            f"{name}: overlaps {base_id(other.id)}, which rates {record.subject} from {other.valid_from}"
            f" until {until}: end that one, or give other days",
            Refusal.OVERLAPS,
            field="valid_from",
            record=base_id(other.id),
        )


def loosens(change: Change, policy: Policy) -> bool:
    """Say whether *change* may make any verdict better; nobody publishes such a change alone.

    Opening what asks for a review or worse tightens, and so does a caution that is new, closing what clears,
    and putting what is graver in its place for days that it covered. A closed record that warned, be it by a
    condition only, must have a successor that warns at least as much, at least as long, with no more
    exceptions. An authorisation always loosens, and its end never does.
    """
    successors = {base_id(record.id): record for record in change.opened}
    before = {base_id(record.id): record for record in change.closed}
    if any(
        gravity(record, policy) < Verdict.REVIEW
        and not _only_adds(record, before.get(base_id(record.id)))
        and not _only_worsens(record, before.get(base_id(record.id)), policy)
        for record in change.opened
    ):
        return True
    return any(
        gravity(record, policy) > _without(record, policy)
        and not _is_as_strict(successors.get(base_id(record.id)), record, policy)
        for record in change.closed
    )


def gravity(record: Record, policy: Policy) -> Verdict:
    """Return the verdict a record asks for while it is in force; only ratings and cautions ask for one."""
    if isinstance(record, Rating):
        return policy.levels[record.level]
    return record.effect if isinstance(record, Caution) else Verdict.CLEARED


def _without(record: Record, policy: Policy) -> Verdict:
    """Return the mildest verdict that may be left when a record is gone.

    A carrier without a rating is not rated. An airport is then judged by its country, and a caution, a pair
    or a country may leave nothing behind.
    """
    if not isinstance(record, Rating) or record.subject.kind is not SubjectKind.CARRIER:
        return Verdict.CLEARED
    return min(Verdict.CONDITIONAL, policy.unrated_marketing)


def _only_adds(record: Record, before: Record | None) -> bool:
    """Say whether it takes nobody's place: what a caution asks for comes on top, and so does an outline.

    A new outline of the same airspace may be smaller, which only a person can see.
    """
    return isinstance(record, Caution | Airspace) and before is None


def _only_worsens(successor: Record, before: Record | None, policy: Policy) -> bool:
    """Say whether a rating took the place of a milder one that held longer, on evidence that held longer."""
    if isinstance(successor, Airspace) and isinstance(before, Airspace):
        holds_as_long = successor.valid_from <= before.valid_from and _end(successor) >= _end(before)
        return successor.outline == before.outline and holds_as_long
    if not isinstance(successor, Rating) or not isinstance(before, Rating):
        return False
    return (
        successor.subject == before.subject
        and (successor.scope or EVERY_FLIGHT).holds(before.scope or EVERY_FLIGHT)
        and gravity(before, policy) <= gravity(successor, policy)
        and before.valid_from <= successor.valid_from
        and _supported_until(successor) <= _supported_until(before)
        and _reviewed_until(successor) <= _reviewed_until(before)
    )


def _supported_until(rating: Rating) -> date:
    ends = (evidence.valid_until or date.max for evidence in rating.evidence)
    return min((_end(rating), *ends))


def _reviewed_until(rating: Rating) -> date:
    """Return the last day of *judging* on which it holds; all other ends are days of flights."""
    return rating.review_on or date.max


def _is_as_strict(successor: Record | None, record: Record, policy: Policy) -> bool:
    if not isinstance(successor, Rating | Caution) or not isinstance(record, Rating | Caution):
        return False
    if successor.subject != record.subject or gravity(successor, policy) < gravity(record, policy):
        return False
    if successor.valid_from > record.valid_from or _end(successor) < _end(record):
        return False
    if not (successor.scope or EVERY_FLIGHT).holds(record.scope or EVERY_FLIGHT):
        return False
    if isinstance(successor, Caution) and isinstance(record, Caution):
        return set(successor.exceptions) <= set(record.exceptions)
    return isinstance(successor, Rating) and isinstance(record, Rating)


def _end(record: Record) -> date:
    return record.valid_until or date.max


def _content(record: Record) -> Record:
    return replace(record, id="", opened_in=0, closed_in=None)


def _revised(record: Record, revision: int) -> Record:
    return record if revision == 1 else replace(record, id=f"{record.id}{_REVISION}{revision}")
