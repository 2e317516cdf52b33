"""Times in interfaces: local, or with an offset, in one field or in two; kept as they stand."""

from collections.abc import Callable
from dataclasses import replace

from travelrisk.domain.drafts import DraftTime
from travelrisk.intake.partners.source import Paths, When
from travelrisk.intake.words.moments import moment_from, with_offset


def moment_at(text: Callable[[Paths], str], when: When) -> DraftTime:
    """Read a moment.

    Args:
        text: gives what stands at the first of some paths that holds anything.
        when: the paths of the moment.
    """
    written = text(when.at) or f"{text(when.day)} {text(when.clock)}".strip()
    utc, offset, zone = text(when.utc), text(when.offset), text(when.zone)
    if not written:
        return _instant(utc)
    moment = moment_from(written)
    if moment.clock and moment.day and moment.instant is None:
        moment = with_offset(moment, offset)
    if moment.clock and moment.instant is None and utc:
        moment = replace(moment, instant=_instant(utc).instant)
    return replace(moment, zone=zone) if zone and not moment.zone else moment


def _instant(utc: str) -> DraftTime:
    """Read a time of which the field's name says that it is UTC."""
    moment = moment_from(utc) if utc else DraftTime()
    if moment.clock and moment.instant is None:
        return with_offset(moment, "Z")
    return moment if moment.instant else DraftTime()
