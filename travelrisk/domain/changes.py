"""A change of the ratings: what it closes and opens, and whether it makes anything easier.

A record that changes is closed, and its successor opened under the next revision of its id: ``eu-list-azw``,
then ``eu-list-azw:2``. Records are never edited.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Caution, Rating, Record, Service
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


def loosens(change: Change, policy: Policy) -> bool:
    """Say whether *change* may make any verdict better; nobody publishes such a change alone.

    Opening what asks for a review or worse tightens, and so does closing what clears. A closed record that
    warned must have a successor that warns at least as much, at least as long, with no more exceptions.
    """
    successors = {base_id(record.id): record for record in change.opened}
    if any(gravity(record, policy) < Verdict.REVIEW for record in change.opened):
        return True
    return any(
        gravity(record, policy) >= Verdict.REVIEW
        and not _is_as_strict(successors.get(base_id(record.id)), record, policy)
        for record in change.closed
    )


def gravity(record: Record, policy: Policy) -> Verdict:
    """Return the verdict a record asks for while it is in force; a known service asks for none."""
    if isinstance(record, Rating):
        return policy.levels[record.level]
    return record.effect if isinstance(record, Caution) else Verdict.CLEARED


def _is_as_strict(successor: Record | None, record: Record, policy: Policy) -> bool:
    if successor is None or isinstance(successor, Service) or isinstance(record, Service):
        return False
    if successor.subject != record.subject or gravity(successor, policy) < gravity(record, policy):
        return False
    if successor.valid_from > record.valid_from or _end(successor) < _end(record):
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
