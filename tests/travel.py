"""A world on the move: seeded journeys of every shape, and changes of the ratings of every kind."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import NamedTuple

from tests.unit.screening.world import AT, airspace, box, caution, rating, service
from travelrisk.domain.airspaces import Movement, Scope
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.changes import Change
from travelrisk.domain.itineraries import (
    AircraftOwner,
    Basis,
    Itinerary,
    Marketing,
    Mode,
    Moment,
    Operating,
    Outcome,
    Place,
    Segment,
    Status,
    Traveller,
)
from travelrisk.domain.places import Airport, Atlas
from travelrisk.domain.ratings import Record
from travelrisk.domain.texts import Texts

CARRIERS = ("ETH", "KQA", "DLH", "CLH", "AFR", "HOP", "BAW", "THY", "KLM")
AIRPORTS = ("FRA", "MUC", "ADD", "NBO", "WIL", "CDG", "ORY", "LHR", "LGW", "IST", "AMS")
PEOPLE = ("alice", "bob", "charlie", "dana", "erin", "frank", "grace")


class World(NamedTuple):
    """Where journeys go, and who flies them."""

    airports: tuple[Airport, ...]
    carriers: tuple[Carrier, ...]

    def itinerary(self, random: Random) -> Itinerary:
        """Make a journey of one to four segments, connected as a rule."""
        day = AT.date() + timedelta(days=random.randint(-25, 150))
        segments, here = [], self._place(random)
        for _ in range(random.randint(1, 4)):
            there = self._place(random)
            segments.append(self._segment(random, here, there, day))
            here = there if random.random() < 0.95 else self._place(random)
            day += timedelta(days=random.randint(0, 20))
        travellers = random.sample(PEOPLE, random.choice((0, 1, 1, 1, 2)))
        return Itinerary(
            tuple(segments),
            tuple(Traveller(given=name.title(), email=f"{name}@example.org") for name in travellers),
            outcome=Outcome.COMPLETE if random.random() < 0.95 else Outcome.PARTIAL,
            context_date=AT.date(),
        )

    def _segment(self, random: Random, here: Place, there: Place, day: date) -> Segment:
        seller, flown_by = random.choice(self.carriers), random.choice(self.carriers)
        arrives = random.choice((Moment(), Moment(day), Moment(day + timedelta(days=1))))
        stops = tuple(self._place(random) for _ in range(random.choice((0, 0, 0, 1, 2))))
        return Segment(
            self._marketing(random, seller),
            self._operating(random, seller, flown_by),
            here,
            there,
            Moment() if random.random() < 0.04 else Moment(day),
            arrives,
            random.choice((Mode.AIR,) * 20 + (Mode.RAIL, Mode.UNKNOWN)),
            random.choice((Status.HELD,) * 20 + (Status.CANCELLED, Status.FLOWN, Status.WAITLIST)),
            stops,
            aircraft_owner=self._owner(Random(f"{seller.icao} {flown_by.icao} {day}")),  # noqa: S311 - as all of it
        )

    def _owner(self, random: Random) -> AircraftOwner | None:
        """Of one segment in seven it is said whose aircraft it is; nobody knows them all."""
        of = random.choice((None,) * 6 + (random.choice((0, 1, 1, 2)),))
        return None if of is None else AircraftOwner("of them", tuple(random.sample(self.carriers, of)))

    def _place(self, random: Random) -> Place:
        if random.random() < 0.02:
            return Place("somewhere")
        if random.random() < 0.06:
            return Place("several", None, tuple(random.sample(self.airports, 2)))
        return Place("", random.choice(self.airports))

    def _marketing(self, random: Random, seller: Carrier) -> Marketing:
        number = random.choice(("707", "3707", ""))
        if random.random() < 0.05:
            return Marketing("XX", number, candidates=(seller,))
        return Marketing(seller.code, number, carrier=seller)

    def _operating(self, random: Random, seller: Carrier, flown_by: Carrier) -> Operating:
        lot = random.random()
        if lot < 0.06:
            return Operating(name="United", candidates=tuple(random.sample(self.carriers, 2)))
        if lot < 0.10:
            return Operating(name="Grey Heron", carrier=flown_by)  # found, and yet not sure
        if lot < 0.5:
            return Operating(seller.code, basis=Basis.ASSUMED, carrier=seller)
        return Operating(flown_by.code, basis=Basis.STATED, carrier=flown_by)


def world(atlas: Atlas, book: CarrierBook) -> World:
    """Make the world from the airports and carriers of these tables."""
    found = (atlas.airport(code) for code in AIRPORTS)
    return World(
        tuple(airport for airport in found if airport is not None),
        tuple(carrier for code in CARRIERS for carrier in book.ever(code)[:1]),
    )


BASE: tuple[Record, ...] = (
    *(rating(f"carrier:{code}") for code in CARRIERS if code != "HOP"),
    *(rating(f"airport:{code}") for code in AIRPORTS if code not in {"WIL", "LGW"}),
    rating("country:KE"),
    rating("route:ADD-NBO", "conditional"),
    caution("state:TR", "conditional", until=date(2027, 1, 15)),
    caution("country:NL", "conditional"),
    service("KQA", "LHR", "NBO"),
    airspace("RIFT", box(37, 2, 39, 5), state="KE"),
    caution("airspace:RIFT", "conditional", scope=Scope(ceiling=259)),
    airspace("ALPS", box(6, 45, 12, 48)),
)


BLANKET = Authorisation(
    id="exception-hop",
    carrier="HOP",
    kind=AuthorisationKind.BLANKET,
    valid_from=AT.date(),
    valid_until=date(2027, 6, 30),
    set_by="bob",
    set_on=AT.date(),
    approved_by="charlie",
    need="Nobody else flies there.",
    alternatives_tried="Train.",
    mitigation="Two travel together.",
    conditions=Texts("Daylight only."),
    office="Nairobi",
)


_EAST = box(30, 12, 40, 20)


def changes() -> Iterator[tuple[str, Change]]:
    """Give changes of every kind of subject and record, from BASE: opened, closed, succeeded."""
    old = {record.id: record for record in BASE}
    opened: tuple[Record, ...] = (
        rating("carrier:HOP", "not_recommended"),
        caution("carrier:DLH", "review", since=date(2027, 1, 1)),
        caution("state:FR", "review", exceptions=("AFR",)),
        caution("state:DE", "not_cleared", exceptions=("DLH",)),
        rating("airport:LGW", "conditional"),
        caution("airport:FRA", "not_cleared"),
        rating("country:GB"),
        caution("country:ET", "review", until=date(2027, 1, 1)),
        caution("route:FRA-LHR", "not_cleared"),
        caution("airspace:ALPS", "review", until=date(2027, 1, 1)),
        rating("airspace:RIFT", "not_recommended", scope=Scope(movement=Movement.OVERFLIGHT)),
        rating("route:AFR:CDG-FRA", "not_recommended"),
        BLANKET,
    )
    for record in opened:
        yield f"opens {record.id}", Change((record,), (), 0)
    for record in BASE:
        yield f"closes {record.id}", Change((), (record,), 0)
    yield "redraws an airspace", Change((airspace("RIFT", _EAST, id="rift:2"),), (old["airspace-rift"],), 0)
    north = (airspace("NORTH", box(-2, 51, 6, 53)), caution("airspace:NORTH", "not_cleared"))
    yield "draws an airspace and warns of it", Change(north, (), 0)
    worse = rating("carrier:ETH", "not_recommended", id="carrier:eth-recommended:2")
    yield "succeeds a rating", Change((worse,), (old["carrier:eth-recommended"],), 0)
    pairs = combinations(AIRPORTS, 2)
    yield "opens services everywhere", Change(tuple(service("ETH", *pair) for pair in pairs), (), 0)
    several = (caution("state:GB", "review"), rating("country:FR", "not_recommended"))
    yield (
        "several at once",
        Change(several, (old["airport:ist-recommended"], old["country:ke-recommended"]), 0),
    )


def journeys(where: World, seed: int, number: int) -> list[Itinerary]:
    """Make a number of journeys."""
    random = Random(seed)  # noqa: S311 - a world that can be made again
    return [where.itinerary(random) for _ in range(number)]


def is_ahead(itinerary: Itinerary, day: date) -> bool:
    """Say, in the plainest way, whether a journey is not over on *day*, or may not be."""
    judged: Sequence[Segment] = [each for each in itinerary.segments if each.is_judged]
    return any(
        each.departs.day is None or (each.arrives.day or each.departs.day + timedelta(days=1)) >= day
        for each in judged
    )
