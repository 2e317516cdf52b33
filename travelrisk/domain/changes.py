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
                " (travelrisk airspaces import), and end what is on record about it before its outline",
                Refusal.NO_OUTLINE,
                record=base_id(record.id),
                key=subject.key,
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
    if (record.scope or EVERY_FLIGHT).is_apart_from(other.scope or EVERY_FLIGHT):
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


def _end(record: Record) -> date:
    return record.valid_until or date.max


def _content(record: Record) -> Record:
    return replace(record, id="", opened_in=0, closed_in=None)


def _revised(record: Record, revision: int) -> Record:
    return record if revision == 1 else replace(record, id=f"{record.id}{_REVISION}{revision}")
