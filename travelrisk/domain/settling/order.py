"""Segments in the order they are flown, with the revisions of one flight folded into the newest."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from travelrisk.domain.itineraries import (
    Evidence,
    Moment,
    Operating,
    Question,
    Segment,
    Severity,
    Status,
    elsewhere,
)
from travelrisk.domain.settling.asking import Asked, ask, carrier_choice, time_choice
from travelrisk.domain.settling.clocks import zone_named

_REPLACED_WITHIN = timedelta(days=3)
_BEFORE_ALL = datetime(1900, 1, 1, tzinfo=UTC)


class Settled(NamedTuple):
    """A segment with the questions about it."""

    segment: Segment
    asked: tuple[Question, ...] = ()


def fold_revisions(settled: Iterable[Settled]) -> list[Settled]:
    """Fold entries of the same flight on the same day into one; a later entry is the newer revision."""
    folded: dict[Hashable, Settled] = {}
    for each in settled:
        key = flight_key(each.segment)
        folded[key] = _revised(folded[key], each) if key in folded else each
    return list(folded.values())


def in_order(settled: Sequence[Settled]) -> list[Settled]:
    """Sort by departure; without a time a segment keeps its place in its day, without a day in the draft."""
    keyed: list[tuple[datetime, Settled]] = []
    before: tuple[datetime, Segment] | None = None
    for each in settled:
        instant = _instant(each.segment.departs)
        if before and (
            instant is None or (not each.segment.departs.local and _same_day(each.segment, before[1]))
        ):
            instant = max(before[0], instant or _BEFORE_ALL)
        keyed.append((instant or _BEFORE_ALL, each))
        before = (keyed[-1][0], each.segment)
    return [each for _, each in sorted(keyed, key=lambda pair: pair[0])]


def ask_about_cancelled(settled: Sequence[Settled]) -> list[Settled]:
    """Ask about each cancelled segment that no other one replaces."""
    flying = [each.segment for each in settled if each.segment.status.flies]
    result = []
    for each in settled:
        asked = list(each.asked)
        segment = each.segment
        if segment.status is Status.CANCELLED and not any(_replaces(other, segment) for other in flying):
            route = f"{segment.origin.code}-{segment.destination.code}"
            ask(asked, Severity.BLOCK, "segment_cancelled", f"{segment.flight} {route}")
        result.append(Settled(segment, tuple(asked)))
    return result


def flight_key(segment: Segment) -> Hashable:
    """Return what two entries of one flight on one day have in common."""
    marketing = segment.marketing
    who = marketing.carrier.icao if marketing.carrier else marketing.code
    key = (who, marketing.number, segment.origin.code, segment.destination.code, segment.departs.day)
    return key if all(key) else replace(segment, source="", part="", also=(), claims=())


def _revised(older: Settled, newer: Settled) -> Settled:
    old, new = older.segment, newer.segment
    if new.status is Status.CANCELLED:
        return Settled(replace(old, status=Status.CANCELLED, source=new.source), older.asked)
    if old.status is Status.CANCELLED:
        return newer
    asked: Asked = []
    operating = _operator(old, new, asked)
    kept = _still_open(older, operating) + _still_open(newer, operating)
    if old.departs.local and new.departs.local and old.departs.local != new.departs.local:
        times = [time_choice(each.departs.local) for each in (new, old) if each.departs.local]
        ask(asked, Severity.NOTE, "schedule_changed", new.flight, times)
    segment = replace(
        new,
        operating=operating,
        departs=new.departs if new.departs.local else old.departs,
        arrives=new.arrives if new.arrives.local else old.arrives,
        status=old.status if new.status is Status.UNKNOWN else new.status,
        stops=new.stops or old.stops,
        aircraft_owner=new.aircraft_owner or old.aircraft_owner,
        also=elsewhere(Evidence(new.part, new.source), (*new.also, *old.evidence)),
        claims=tuple(dict.fromkeys((*new.claims, *old.claims))),
    )
    return Settled(segment, tuple(dict.fromkeys((*kept, *asked))))


def _still_open(revision: Settled, operating: Operating) -> tuple[Question, ...]:
    """Return the questions of a revision, without those on an operator that the other revision names."""
    if revision.segment.operating == operating:
        return revision.asked
    return tuple(each for each in revision.asked if each.code not in {"operator_unknown", "carrier_missing"})


def _operator(old: Segment, new: Segment, asked: Asked) -> Operating:
    """Return the stated operator; two that are stated and differ are both kept, and asked about."""
    first, second = old.operating, new.operating
    if not (first.basis.is_stated and second.basis.is_stated):
        return first if first.basis.is_stated else second
    if first.carrier == second.carrier:
        return second
    both = tuple(dict.fromkeys(each for each in (second.carrier, first.carrier) if each))
    ask(
        asked, Severity.BLOCK, "operator_conflict", f"{second.name} / {first.name}", map(carrier_choice, both)
    )
    return replace(second, carrier=None, candidates=(*both, *second.candidates, *first.candidates))


def _instant(moment: Moment) -> datetime | None:
    if moment.utc:
        return moment.utc
    if moment.local:
        return moment.local.replace(tzinfo=UTC)
    zone = zone_named(moment.zone) or UTC
    return datetime.combine(moment.day, time(), zone).astimezone(UTC) if moment.day else None


def _same_day(one: Segment, other: Segment) -> bool:
    return one.departs.day == other.departs.day


def _replaces(other: Segment, cancelled: Segment) -> bool:
    same_route = (other.origin.code, other.destination.code) == (
        cancelled.origin.code,
        cancelled.destination.code,
    )
    days = (other.departs.day, cancelled.departs.day)
    return same_route and bool(days[0] and days[1] and abs(days[0] - days[1]) <= _REPLACED_WITHIN)
