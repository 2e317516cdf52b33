"""Two mentions of one flight: whether they are one, and what the second adds to the first."""

from dataclasses import replace
from datetime import date

from travelrisk.domain.codes import bare_number, folded
from travelrisk.domain.drafts import DraftSegment, DraftTime

_LEAP_YEAR = 2024
_YEAR_DAYS = 366
_MOST = 500


def is_same(one: DraftSegment, other: DraftSegment) -> bool:
    """Say whether *other* is the flight *one*, by the number it is sold under or the one it flies under.

    What one of them does not say contradicts nothing: a number alone may stand for a whole flight, and a
    route with a day for a flight on it.
    """
    sold = (one.marketing_code, bare_number(one.marketing_number))
    flown = (one.operating_code, bare_number(one.operating_number))
    named = (other.marketing_code, bare_number(other.marketing_number))
    is_named = named in {sold, flown} or named == ("", None)
    return is_named and is_same_way(one, other) and _is_same_day(one.departs, other.departs)


def has_same_number(one: DraftSegment, other: DraftSegment) -> bool:
    """Say whether two flights are sold under one number."""
    number = bare_number(one.marketing_number)
    is_known = bool(one.marketing_code and number)
    sold = (other.marketing_code, bare_number(other.marketing_number))
    return is_known and sold == (one.marketing_code, number)


def is_same_way(one: DraftSegment, other: DraftSegment) -> bool:
    """Say whether two flights may connect the same places; a name may stand for any code."""
    ends = ((one.origin, other.origin), (one.destination, other.destination))
    return not any(here and there and here != there for here, there in ends)


def _is_same_day(one: DraftTime, other: DraftTime) -> bool:
    """Say whether two times may be one; across zones the day may differ by one, and no date fits any."""
    if one.instant and other.instant:
        return one.instant == other.instant
    here, there = _day(one), _day(other)
    if here is None or there is None:
        return True
    apart = abs((here - there).days) % _YEAR_DAYS
    slack = 1 if one.day is None or other.day is None else 0
    return min(apart, _YEAR_DAYS - apart) <= slack and len({one.year, other.year} - {None}) < len("ab")


def _day(moment: DraftTime) -> date | None:
    if moment.month and moment.day:
        try:
            return date(_LEAP_YEAR, moment.month, moment.day)
        except ValueError:
            return None
    return moment.instant.date().replace(year=_LEAP_YEAR) if moment.instant else None


def completed(known: DraftSegment, other: DraftSegment) -> DraftSegment:
    """Return *known* with what only *other* states; two different operators are both kept."""
    origin, origin_name = _fuller_place(known.origin, known.origin_name, other.origin, other.origin_name)
    destination, destination_name = _fuller_place(
        known.destination, known.destination_name, other.destination, other.destination_name
    )
    return replace(
        with_operator(known, other),
        origin=origin,
        origin_name=origin_name,
        destination=destination,
        destination_name=destination_name,
        departs=_fuller(known.departs, other.departs),
        arrives=_fuller(known.arrives, other.arrives),
        stops=known.stops or other.stops,
    )


def _fuller_place(code: str, name: str, other_code: str, other_name: str) -> tuple[str, str]:
    """Return code and name; the other's code goes with a name only where it bears that name itself."""
    if code or (name and folded(name) != folded(other_name)):
        return code, name
    return other_code, name or other_name


def with_operator(known: DraftSegment, other: DraftSegment) -> DraftSegment:
    """Return *known* with the operator of *other*; beside its own, if that is another one."""
    if not (other.operator or other.operating_code):
        return known
    if known.operator or known.operating_code:
        said = {folded(known.operator), folded(known.operating_code)}
        if {folded(other.operator), folded(other.operating_code)} & said - {""} or not other.operator:
            return known
        return replace(known, operator=f"{known.operator or known.operating_code} / {other.operator}")
    return replace(
        known,
        operator=other.operator,
        operating_code=other.operating_code,
        operating_number=known.operating_number or other.operating_number,
        operating_basis=other.operating_basis,
    )


def _fuller(known: DraftTime, other: DraftTime) -> DraftTime:
    if known.day is None and known.instant is None:
        if known.clock is not None and other.clock is None:
            return replace(other, clock=known.clock, day_shift=known.day_shift, zone=known.zone)
        is_fuller = other.day or other.instant or known == DraftTime()
        return replace(other, ahead=known.ahead or other.ahead) if is_fuller else known
    return (
        other
        if known.clock is None and known.instant is None and other.clock is not None and other.day
        else known
    )


def without_repeats(segments: tuple[DraftSegment, ...]) -> tuple[DraftSegment, ...]:
    """Return each flight once; a text may name the same one in its title and again in its table."""
    if len(segments) > _MOST:
        return segments  # refused anyway; comparing each with each would only take long
    kept: list[DraftSegment] = []
    for segment in segments:
        number = next(
            (n for n, known in enumerate(kept) if segment.marketing_code and is_same(known, segment)), None
        )
        if number is None:
            kept.append(segment)
        else:
            kept[number] = completed(kept[number], segment)
    return tuple(kept)
