"""Whether a change of the ratings makes anything easier: nobody publishes such a change alone."""

from datetime import date

from travelrisk.domain.airspaces import EVERY_FLIGHT, Airspace
from travelrisk.domain.changes import Change, base_id
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Caution, Rating, Record, SubjectKind
from travelrisk.domain.verdicts import Verdict


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
