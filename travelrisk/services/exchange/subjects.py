"""What a row is about: codes as people write them, resolved only where there is nothing to choose."""

from collections.abc import Collection

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import carrier_code, plain
from travelrisk.domain.places import Atlas
from travelrisk.domain.ratings import Subject, SubjectKind, route_subject
from travelrisk.services.exchange.cells import UnfitCellError
from travelrisk.services.exchange.columns import AUTHORISATION, CAUTION, RATING, SERVICE

_KINDS = {
    RATING: frozenset(SubjectKind) - {SubjectKind.STATE},
    CAUTION: frozenset(SubjectKind),
    SERVICE: frozenset({SubjectKind.ROUTE}),
    AUTHORISATION: frozenset({SubjectKind.CARRIER}),
}


class Finder:
    """Finds subjects in the reference data."""

    def __init__(self, atlas: Atlas, book: CarrierBook, airspaces: Collection[str] = ()) -> None:
        """Take the tables, and the keys of the airspaces that are drawn."""
        self._atlas = atlas
        self._book = book
        self._airspaces = airspaces

    def check_kind(self, record: str, kind: SubjectKind) -> None:
        """Refuse a kind of subject that a kind of record is never about.

        Raises:
            UnfitCellError: it is.
        """
        if kind not in _KINDS[record]:
            words = ", ".join(sorted(_KINDS[record]))
            raise UnfitCellError(f"no {record} is about a {kind.value}", f"write {words}")

    def subject(self, record: str, kind: SubjectKind, text: str) -> Subject:
        """Return the subject that *text* names.

        Raises:
            UnfitCellError: there is none, or several.
        """
        if kind is SubjectKind.CARRIER:
            return Subject(kind, self.carrier(text))
        if kind is SubjectKind.AIRPORT:
            return Subject(kind, self.airport(text))
        if kind is SubjectKind.ROUTE:
            return self._route(record, text)
        if kind is SubjectKind.AIRSPACE:
            return self._airspace(text)
        country = self._atlas.country(text)
        if country is None:
            raise UnfitCellError(
                f"there is no {kind.value} '{text[:40]}'", "write its two letters, such as ET"
            )
        return Subject(kind, country.code)

    def _airspace(self, text: str) -> Subject:
        key = text.strip().upper()
        if key not in self._airspaces:
            raise UnfitCellError(
                f"there is no outline of the airspace '{text[:40]}'",
                "write a key that travelrisk airspaces list shows, such as OIIX",
            )
        return Subject(SubjectKind.AIRSPACE, key)

    def carrier(self, text: str) -> str:
        """Return the ICAO designator of a carrier; an IATA code will do where only one carrier ever had it.

        Raises:
            UnfitCellError: nobody has the code, or several have.
        """
        code = carrier_code(text)
        found = {each.icao: each for each in self._book.ever(code)} if code else {}
        if not found:
            raise UnfitCellError(
                f"there is no carrier '{text[:40]}' in the reference data",
                "write its ICAO designator, such as ETH",
            )
        if len(found) > 1:
            names = ", ".join(f"{icao} ({each.name})" for icao, each in sorted(found.items()))
            raise UnfitCellError(
                f"{code} is the code of several carriers",
                f"write the ICAO designator of the one meant: {names}",
            )
        return next(iter(found))

    def airport(self, text: str) -> str:
        """Return the code of an airport.

        Raises:
            UnfitCellError: there is none, or the code is a former one or that of a city.
        """
        code, airport = plain(text), self._atlas.airport(text)
        if airport is not None and code in {airport.iata, airport.icao}:
            return airport.code
        if airport is not None:
            raise UnfitCellError(
                f"{code} is a former code of {airport.name}", f"write {airport.code} if it is meant"
            )
        several = ", ".join(each.code for each in self._atlas.candidates(text))
        if several:
            raise UnfitCellError(f"{code} is a city with several airports", f"write one of {several}")
        raise UnfitCellError(
            f"there is no airport '{text[:40]}' in the reference data", "write its IATA code, such as ADD"
        )

    def pair(self, text: str) -> str:
        """Return a pair of airports in alphabetical order.

        Raises:
            UnfitCellError: it is no pair, or an airport is not found.
        """
        ends = text.split("-")
        if len(ends) != 2:  # noqa: PLR2004 - a pair
            raise UnfitCellError(f"'{text[:40]}' is no pair of airports", "write it as ADD-FRA")
        one, other = (self.airport(end) for end in ends)
        if one == other:
            raise UnfitCellError(f"'{text[:40]}' begins where it ends", "write two different airports")
        return route_subject(one, other).key

    def _route(self, record: str, text: str) -> Subject:
        carrier, colon, pair = text.rpartition(":")
        if record == SERVICE and not colon:
            raise UnfitCellError("a service is of one carrier", "write it as ETH:ADD-FRA")
        key = self.pair(pair)
        return Subject(SubjectKind.ROUTE, f"{self.carrier(carrier)}:{key}" if colon else key)
