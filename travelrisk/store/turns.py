"""Whose turn it is: which letters wait, which must let another one go first, and which came too late.

Conditions on a row of the outbox, for the statements of ``outbox``.
"""

from typing import Final

from sqlalchemy import and_, exists, or_

from travelrisk.store.tables import advisories, outbox

WAITING: Final = outbox.c.state.in_(("queued", "leased"))

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
OUTDATED: Final = (
    exists()
    .where(
        _own.c.id == outbox.c.advisory_id,
        _newer.c.trip_id == outbox.c.trip_id,
        _newer.c.id > outbox.c.advisory_id,
        or_(_newer.c.verdict != _own.c.verdict, _REPLACED),
    )
    .correlate(outbox)
)
