"""Whose turn it is: which letters wait, which must let another one go first, and which came too late.

Conditions on a row of the outbox, and of the letters of the desk, for the statements of ``leasing``.
"""

from typing import Final

from sqlalchemy import and_, case, exists, or_

from travelrisk.store.tables import advisories, cancellations, desk_letters, outbox, people, proposals

_other, _own, _newer = outbox.alias("other"), advisories.alias("mine"), advisories.alias("newer")
# Another letter of the trip is under way, or an older one has to go (or to be superseded) first.
BLOCKED: Final = (
    exists()
    .where(
        _other.c.trip_id == outbox.c.trip_id,
        or_(
            _other.c.state == "leased",
            and_(
                _other.c.state == "queued",
                _other.c.id < outbox.c.id,
                or_(_other.c.advisory_id != outbox.c.advisory_id, _other.c.recipient == outbox.c.recipient),
            ),
        ),
    )
    .correlate(outbox)
)
# The trip has a newer advisory with another verdict, or with a letter to the same recipient. A newer advisory
# that repeats the verdict and sends nothing does not outdate a letter: it would be lost.
_REPLACED: Final = (
    exists()
    .where(_other.c.advisory_id == _newer.c.id, _other.c.recipient == outbox.c.recipient)
    .correlate(outbox, _newer)
)
_CANCELLED: Final = (
    exists()
    .where(cancellations.c.trip_id == outbox.c.trip_id, cancellations.c.taken_back_at.is_(None))
    .correlate(outbox)
)
# A trip that was cancelled is not written about, whoever wrote the letter.
OUTDATED: Final = or_(
    _CANCELLED,
    exists()
    .where(
        _own.c.id == outbox.c.advisory_id,
        _newer.c.trip_id == outbox.c.trip_id,
        _newer.c.id > outbox.c.advisory_id,
        or_(_newer.c.verdict != _own.c.verdict, _REPLACED),
    )
    .correlate(outbox),
)

# How a proposal stands: a letter that asks for a signature is of no use any more once it has been given.
STANDING: Final = (
    proposals.c.status
    + case(
        (proposals.c.countersign_by.is_(None), ":"), (proposals.c.countersigned_at.is_(None), "!"), else_="."
    )
    + proposals.c.content_sha256
)
_before, _mine = desk_letters.alias("before"), desk_letters
# Another letter of the thread is on its way to the same person, or an older one has to go first.
DESK_BLOCKED: Final = (
    exists()
    .where(
        _before.c.thread == _mine.c.thread,
        _before.c.person_id == _mine.c.person_id,
        or_(_before.c.state == "leased", and_(_before.c.state == "queued", _before.c.id < _mine.c.id)),
    )
    .correlate(_mine)
)
# The person has left, or the proposal is another one or stands elsewhere than when the letter was written.
DESK_OUTDATED: Final = or_(
    exists().where(people.c.id == _mine.c.person_id, people.c.is_active == 0).correlate(_mine),
    and_(
        _mine.c.standing.is_not(None),
        ~exists()
        .where(proposals.c.reference == _mine.c.thread, _mine.c.standing == STANDING)
        .correlate(_mine),
    ),
)
