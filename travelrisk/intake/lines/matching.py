"""Two mentions of one flight: whether they are one, and what the second adds to the first."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from travelrisk.domain.codes import bare_number, folded
from travelrisk.domain.drafts import DraftSegment, DraftTime
from travelrisk.domain.itineraries import Basis, Evidence, elsewhere
from travelrisk.domain.places import Airport, Atlas
from travelrisk.domain.settling.places import named_airports

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
    is_named = named in {sold, flown} or named == ("", None) or _is_by_pass(one, other)
    return is_named and is_same_way(one, other) and is_same_day(one.departs, other.departs)


def _is_by_pass(one: DraftSegment, other: DraftSegment) -> bool:
    """Say whether one is from a boarding pass, which has the seller and only the operator's number.

    Both ends have to be there then: a number alone may be of another flight of the same seller.
    """
    is_whole = one.origin and one.destination and other.origin and other.destination
    if not is_whole or Basis.BARCODE not in {one.operating_basis, other.operating_basis}:
        return False
    flown = (other.operating_code, bare_number(other.operating_number))
    is_flown = flown[1] is not None and flown in _numbers(one)
    is_unnumbered = not (one.marketing_number and other.marketing_number)
    is_of_seller = is_unnumbered and one.marketing_code == other.marketing_code
    return is_flown or is_of_seller or _is_sold_by_another(one, other)


def _is_sold_by_another(one: DraftSegment, other: DraftSegment) -> bool:
    """Say whether a pass may tell who flies what another carrier sold: nobody flies one way twice a day."""
    are_dated = one.departs.day is not None and other.departs.day is not None
    are_apart = one.marketing_code != other.marketing_code
    stated = [each for each in (one, other) if each.operator or each.operating_code]
    return are_dated and are_apart and len(stated) == 1


def _numbers(segment: DraftSegment) -> set[tuple[str, str | None]]:
    return {
        (segment.marketing_code, bare_number(segment.marketing_number)),
        (segment.operating_code, bare_number(segment.operating_number)),
    }


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


def is_same_day(one: DraftTime, other: DraftTime) -> bool:
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


def completed(known: DraftSegment, other: DraftSegment, atlas: Atlas) -> DraftSegment:
    """Return *known* with what only *other* states; two different operators are both kept."""
    origin, origin_name = _fuller_place(
        (known.origin, known.origin_name), (other.origin, other.origin_name), atlas
    )
    destination, destination_name = _fuller_place(
        (known.destination, known.destination_name), (other.destination, other.destination_name), atlas
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
        aircraft_owner=known.aircraft_owner or other.aircraft_owner,
    )


Named = tuple[str, str]
"""Code and name of a place, as written."""


def _fuller_place(known: Named, other: Named, atlas: Atlas) -> Named:
    """Return code and name; the other's code goes with a name that it bears, or that is of its city."""
    code, name = known
    other_code, other_name = other
    bears = not name or folded(name) == folded(other_name) or _is_of_city(other_code, name, atlas)
    return (code, name) if code or not bears else (other_code, name or other_name)


def _is_of_city(code: str, name: str, atlas: Atlas) -> bool:
    """Say whether code and name are both known, and of one city."""
    return bool(set(_cities(atlas.candidates(code))) & set(_cities(atlas.named(name))))


def _cities(airports: Iterable[Airport]) -> Iterator[tuple[str, str]]:
    return ((airport.country.code, folded(airport.city)) for airport in airports)


def is_elsewhere(one: DraftSegment, other: DraftSegment, atlas: Atlas) -> bool:
    """Say whether the name of an end is known and is of another place than the code of the same end."""
    pairs = (
        (one.origin, other.origin_name),
        (other.origin, one.origin_name),
        (one.destination, other.destination_name),
        (other.destination, one.destination_name),
    )
    known = ((code, name) for code, name in pairs if atlas.candidates(code) and atlas.named(name))
    return any(not _is_of_city(code, name, atlas) for code, name in known)


def with_operator(known: DraftSegment, other: DraftSegment) -> DraftSegment:
    """Return *known* with the operator of *other*; beside its own, if that is another one.

    A name of one and a code of the other stand side by side: whether they are of one carrier is found when
    the flight is settled. The seller's own code as the operator, which boarding passes have for its
    subsidiaries, says nothing against a named one.
    """
    if not (other.operator or other.operating_code):
        return known
    if not (known.operator or known.operating_code):
        return replace(
            known,
            operator=other.operator,
            operating_code=other.operating_code,
            operating_number=known.operating_number or other.operating_number,
            operating_basis=other.operating_basis,
        )
    said = {folded(known.operator), folded(known.operating_code)}
    is_seller = not other.operator and other.operating_code == known.marketing_code
    if is_seller or {folded(other.operator), folded(other.operating_code)} & said - {""}:
        return known
    if not (other.operator or known.operating_code):
        number = known.operating_number or other.operating_number
        return replace(known, operating_code=other.operating_code, operating_number=number)
    both = (known.operator or known.operating_code, other.operator or other.operating_code)
    return replace(known, operator=" / ".join(both))


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


def without_repeats(segments: tuple[DraftSegment, ...], atlas: Atlas) -> tuple[DraftSegment, ...]:
    """Return each flight once; a text may name the same one in its title and again in its table."""
    if len(segments) > _MOST:
        return segments  # refused anyway; comparing each with each would only take long
    kept: list[DraftSegment] = []
    for segment in segments:
        number = next((n for n, known in enumerate(kept) if _is_repeated(known, segment, atlas)), None)
        if number is None:
            kept.append(segment)
        else:
            kept[number] = completed(kept[number], segment, atlas)
    return tuple(kept)


def folded_into(
    known: tuple[DraftSegment, ...], others: Iterable[DraftSegment], atlas: Atlas
) -> tuple[DraftSegment, ...]:
    """Return flights with what *others* tell of them, and the others' own; those known stay as they are."""
    kept, more = list(known), []
    for other in others:
        same = [number for number, each in enumerate(kept) if _is_repeated(each, other, atlas)]
        flying = [number for number in same if kept[number].status.flies]
        if same:
            number = (flying or same)[0]
            fuller = completed(kept[number], other, atlas)
            own = Evidence(fuller.part, fuller.source)
            kept[number] = replace(fuller, also=elsewhere(own, (*fuller.also, *other.evidence)))
        else:
            more.append(other)
    return (*kept, *more)


def beside_labelled(
    labelled: tuple[DraftSegment, ...], others: tuple[DraftSegment, ...], atlas: Atlas
) -> tuple[tuple[DraftSegment, ...], tuple[str, ...]]:
    """Return labelled flights with those that stand beside them, and the routes that nobody can place.

    A title says "Paris - Nairobi" and no number; as a flight of its own it would be one too many.
    """
    if not labelled:
        return others, ()
    flown = [segment for segment in others if segment.marketing_number]
    routes = (segment for segment in others if not segment.marketing_number)
    unplaced = [each.source for each in routes if not _is_on_the_way(each, labelled, atlas)]
    return (*labelled, *flown), tuple(unplaced)


def _is_on_the_way(route: DraftSegment, flights: tuple[DraftSegment, ...], atlas: Atlas) -> bool:
    """Say whether both ends of a route are ends of some flights, and nothing else is said of it."""
    ends = {
        airport
        for each in flights
        for code, name in ((each.origin, each.origin_name), (each.destination, each.destination_name))
        for airport in atlas.candidates(code) or named_airports(name, atlas)
    }
    wanted = ((route.origin, route.origin_name), (route.destination, route.destination_name))
    is_bare = not (route.operator or route.stops or route.departs.day)
    return is_bare and all(
        ends & set(atlas.candidates(code) or named_airports(name, atlas)) for code, name in wanted
    )


def _is_repeated(known: DraftSegment, segment: DraftSegment, atlas: Atlas) -> bool:
    is_one = bool(segment.marketing_code) and is_same(known, segment)
    return is_one and not is_elsewhere(known, segment, atlas)
