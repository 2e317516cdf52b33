"""The figures about the desk: exceptions that were granted, and ratings that have gone stale."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from travelrisk.domain.ratings import Rating, Record, Subject, SubjectKind
from travelrisk.services.reports.figures import Figure, Phrase, Row, by_office, share
from travelrisk.store.reports import Allowed


def exceptions(granted: Sequence[Allowed], *, is_own: bool = False) -> Figure:
    """Return how many exceptions were granted to each office."""
    counts = Counter(each.office for each in granted)
    return by_office("exceptions", "exceptions", counts, is_own=is_own)


def approvers(granted: Sequence[Allowed]) -> Figure:
    """Return how many exceptions each approver granted, in the whole organisation; never by office."""
    ranked = sorted(
        Counter(each.approved_by for each in granted).items(), key=lambda each: (-each[1], each[0])
    )
    rows = tuple((name, count, share(count, len(granted))) for name, count in ranked)
    return Figure("approvers", ("approver", "exceptions", "share"), rows)


def stale(records: Iterable[Record], day: date) -> Figure:
    """Return how many rated subjects had no rating that still holds on a day, or one not to lean on."""
    held: dict[Subject, list[Rating]] = {}
    for each in records:
        if isinstance(each, Rating):
            held.setdefault(each.subject, []).append(each)
    rows: list[Row] = []
    for kind in SubjectKind:
        states = [_state(ratings, day) for subject, ratings in held.items() if subject.kind is kind]
        if states:
            count = [sum(state[part] for state in states) for part in range(3)]
            rows.append((Phrase(f"kind_{kind.value}"), sum(map(any, states)), len(states), *count))
    columns = ("kind", "stale", "rated", "expired", "evidence_lapsed", "review_due")
    return Figure("stale", columns, tuple(rows))


def _state(ratings: Sequence[Rating], day: date) -> tuple[bool, bool, bool]:
    """Say whether a subject has no rating any more, one with lapsed evidence, one that is due for review."""
    now = [each for each in ratings if each.covers(day, day)]
    ended = [each for each in ratings if each.valid_until is not None and each.valid_until < day]
    return (
        bool(ended) and not now,
        any(each.lapsed_evidence(day) for each in now),
        any(each.is_due_for_review(day) for each in now),
    )
