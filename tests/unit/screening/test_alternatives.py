"""Other ways between two places: never worse, never the booked one, never far round, never two changes."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import ATLAS, BOOK, BY_CODE, BY_ICAO
from tests.travel import BASE, world
from tests.unit.screening.world import (
    AT,
    GOOD,
    airspace,
    box,
    caution,
    itinerary,
    policy,
    rating,
    segment,
    snapshot,
)
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.geodesy import distance_km
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.network import KnownRoute, Learned, Network, Rerouting
from travelrisk.domain.ratings import Record
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.alternatives import Bench, Way, Ways, alternatives, parts_of

WORLD = world(ATLAS, BOOK)


def known(*routes: str) -> Network:
    """Make a network of ``DLH FRA NBO``."""
    written = (route.split() for route in routes)
    return Network(
        KnownRoute(BY_ICAO[icao], (BY_CODE[one], BY_CODE[other]), Learned.LOADED, "a table of the test")
        for icao, one, other in written
    )


def found(
    *segments: DraftSegment,
    network: Network,
    records: tuple[Record, ...] = GOOD,
    rules: Rerouting | None = None,
) -> tuple[Ways, ...]:
    bench = Bench(snapshot(*records), replace(policy(), rerouting=rules or Rerouting()), AT)
    return _found(itinerary(*segments), network, bench)


def _found(booked: Itinerary, network: Network, bench: Bench) -> tuple[Ways, ...]:
    parts = parts_of(booked, bench.judge(booked), bench.policy.rerouting)
    return alternatives(parts, network, bench)


def told(way: Way) -> str:
    return " ".join(f"{hop.carrier.icao}:{hop.origin.code}-{hop.destination.code}" for hop in way.hops)


UNRATED = segment("AY 707 FRA NBO 2026-12-12", operator="Finnair")


def test_other_carriers_on_the_pair_and_ways_over_one_connection_the_shortest_first() -> None:
    network = known("DLH FRA NBO", "ETH FRA ADD", "ETH ADD NBO", "THY FRA IST", "THY IST NBO", "FIN FRA NBO")
    (ways,) = found(UNRATED, network=network)
    assert (ways.part.verdict, ways.part.positions) == (Verdict.REVIEW, (0,))
    assert [told(each) for each in ways.others] == [
        "DLH:FRA-NBO",
        "ETH:FRA-ADD ETH:ADD-NBO",
        "THY:FRA-IST THY:IST-NBO",
    ]
    direct, over, _ = ways.others
    assert (direct.extra_km, direct.extra_hours, direct.extra_connections) == (0, 0, 0)
    assert not direct.needs_exemption
    assert over.extra_km > 0
    assert over.extra_connections == 1
    assert over.needs_exemption, "a connection more is against the routing rule"
    assert ways.judged == 3, "who is not rated is not even judged"


def test_what_is_cleared_or_waits_for_an_answer_alone_is_offered_nothing() -> None:
    network = known("DLH FRA ADD", "ETH FRA ADD", "KLM FRA ADD")
    assert found(segment("ET 707 FRA ADD 2026-12-12", operator="Ethiopian Airlines"), network=network) == ()
    (ways,) = found(segment("ET 707 FRA ADD 2026-12-12"), network=network)
    assert ways.part.verdict is Verdict.CONDITIONAL, "provided ET itself flies it"
    assert (ways.others, ways.judged) == ((), 0)


def test_an_unknown_operator_is_bettered_by_one_that_is_known() -> None:
    partner = segment("AY 707 FRA ADD 2026-12-12", operator="a partner airline")
    (ways,) = found(partner, network=known("DLH FRA ADD", "FIN FRA ADD"))
    assert [told(each) for each in ways.others] == ["DLH:FRA-ADD"]


def test_no_other_way_helps_where_the_destination_is_what_is_in_question() -> None:
    records: tuple[Record, ...] = (*GOOD, caution("airport:NBO", "review"))
    (ways,) = found(UNRATED, network=known("DLH FRA NBO", "THY FRA IST", "THY IST NBO"), records=records)
    assert ways.others == ()
    assert ways.judged == 2


def test_an_airspace_on_the_way_is_led_round() -> None:
    over_libya = airspace("LY", box(10, 20, 24, 33))
    records: tuple[Record, ...] = (*GOOD, over_libya, caution("airspace:LY", "review"))
    booked = segment("LH 590 FRA NBO 2026-12-12", operator="Lufthansa")
    network = known("KLM FRA NBO", "THY FRA IST", "THY IST NBO")
    (ways,) = found(booked, network=network, records=records)
    assert [told(each) for each in ways.others] == ["THY:FRA-IST THY:IST-NBO"]
    assert ways.others[0].advisory.verdict is Verdict.CLEARED


def test_unhas_stands_apart() -> None:
    booked = segment("AY 1 NBO JUB 2026-12-12", operator="Finnair")
    records = (*GOOD, rating("airport:JUB"))
    (ways,) = found(booked, network=known("UNO NBO JUB", "KQA NBO JUB"), records=records)
    assert [told(each) for each in ways.others] == ["KQA:NBO-JUB"]
    assert [told(each) for each in ways.unhas] == ["UNO:NBO-JUB"]
    assert ways.unhas[0].advisory.verdict is Verdict.CONDITIONAL


def test_a_journey_of_several_flights_is_also_looked_at_as_a_whole() -> None:
    out = segment("AY 1 LHR FRA 2026-12-12T08:00 2026-12-12T10:00", operator="Finnair")
    on = segment("AY 2 FRA NBO 2026-12-12T12:00 2026-12-12T22:00", operator="Finnair")
    back = segment("AY 3 NBO LHR 2026-12-20T08:00 2026-12-20T16:00", operator="Finnair")
    network = known("BAW LHR NBO", "THY LHR IST", "THY IST NBO", "FIN LHR NBO")
    journey, *flights = found(out, on, back, network=network)
    assert journey.part.positions == (0, 1)
    assert [told(each) for each in journey.others] == ["BAW:LHR-NBO", "THY:LHR-IST THY:IST-NBO"]
    assert journey.others[0].extra_connections == -1
    assert journey.others[0].extra_hours < 0
    assert not journey.others[1].needs_exemption
    assert [each.part.positions for each in flights] == [(0,), (1,), (2,)]
    assert [told(each) for each in flights[2].others] == ["BAW:NBO-LHR", "THY:NBO-IST THY:IST-LHR"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (Rerouting(), 1),
        (Rerouting(most_detour=1.01), 0),
        (Rerouting(most_judged=0), 0),
        (Rerouting(most_shown=0), 0),
    ],
)
def test_the_policy_bounds_the_search(rules: Rerouting, expected: int) -> None:
    (ways,) = found(UNRATED, network=known("THY FRA IST", "THY IST NBO"), rules=rules)
    assert len(ways.others) == expected


def test_a_connection_far_behind_is_no_way() -> None:
    network = known("BAW FRA LHR", "BAW LHR NBO")
    rules = Rerouting(most_behind_km=100)
    assert found(UNRATED, network=network, rules=rules)[0].others == ()
    assert len(found(UNRATED, network=network, rules=Rerouting(most_behind_km=1000))[0].others) == 1


def test_a_carrier_that_is_no_more_flies_nothing() -> None:
    records = (*GOOD, rating("carrier:AZA"), rating("carrier:ITY"))
    (ways,) = found(UNRATED, network=known("AZA FRA NBO", "ITY FRA NBO"), records=records)
    assert [told(each) for each in ways.others] == ["ITY:FRA-NBO"]


def test_hours_are_estimated_by_distance_and_connections() -> None:
    rules = Rerouting(speed_kmh=800, flight_hours=0.5, connection_hours=2)
    assert rules.hours([800]) == 1.5
    assert rules.hours([800, 1600]) == 1.5 + 2.5 + 2
    with pytest.raises(ConfigurationError, match="alternatives"):
        Rerouting(most_detour=0.9)


def _some(random: Random) -> Network:
    """Make up who flies where."""
    ends = (random.sample(WORLD.airports, 2) for _ in range(60))
    return Network(
        KnownRoute(random.choice(WORLD.carriers), (one, other), Learned.SEEN) for one, other in ends
    )


seeds = st.integers(0, 2**32 - 1)


@given(seeds)
def test_laws(seed: int) -> None:
    """Whatever is booked and known: better, another way, not far round, and one connection at most."""
    random = Random(seed)  # noqa: S311 - a made-up world
    booked = WORLD.itinerary(random)
    rules = Rerouting(most_judged=20)
    own = replace(policy(), rerouting=rules)
    bench = Bench(snapshot(*BASE), own, AT)
    advisory = bench.judge(booked)
    for ways in _found(booked, _some(random), bench):
        assert ways.part.verdict > Verdict.CLEARED
        assert ways.judged <= rules.most_judged
        assert len(ways.others) <= rules.most_shown
        assert list(ways.others) == sorted(ways.others, key=lambda way: (way.advisory.verdict, way.extra_km))
        for way in (*ways.others, *ways.unhas):
            _keeps_to_the_laws(way, ways, rules)
    assert bench.judge(booked) == advisory, "looking for other ways changes nothing"


def _keeps_to_the_laws(way: Way, ways: Ways, rules: Rerouting) -> None:
    part = ways.part
    assert way.advisory.verdict < part.verdict
    assert len(way.hops) in (1, 2)
    assert (way.hops[0].origin, way.hops[-1].destination) == (part.origin, part.destination)
    assert way.extra_connections <= 1
    if len(way.hops) == len(part.legs):
        flown = [leg.segment.flyers for leg in part.legs]
        stops = [leg.segment.destination.airport for leg in part.legs]
        same_places = [hop.destination for hop in way.hops] == stops
        assert not (same_places and all(h.carrier in f for h, f in zip(way.hops, flown, strict=True)))
    direct = distance_km(part.origin, part.destination)
    length = sum(distance_km(hop.origin, hop.destination) for hop in way.hops)
    assert length <= max(rules.most_detour, 1) * direct + 0.001
    if len(way.hops) > 1:
        left = distance_km(way.hops[1].origin, part.destination)
        assert left <= direct + rules.most_behind_km


def test_the_law_of_the_better_verdict_is_tried_on_some() -> None:
    """The generated world holds better ways at all: a law about none would prove nothing."""
    count = 0
    for seed in range(40):
        random = Random(seed)  # noqa: S311 - as above
        booked = WORLD.itinerary(random)
        bench = Bench(snapshot(*BASE), policy(), AT)
        count += sum(len(ways.others) for ways in _found(booked, _some(random), bench))
    assert count > 10


def test_of_one_carrier_on_a_pair_the_first_source_counts() -> None:
    carrier, ends = BY_ICAO["ETH"], (BY_CODE["FRA"], BY_CODE["ADD"])
    loaded = KnownRoute(carrier, ends, Learned.LOADED, "table", date(2026, 1, 1))
    network = Network([KnownRoute(carrier, ends[::-1], Learned.SERVICE, "on record"), loaded])
    assert [each.learned for each in network.between(*ends)] == [Learned.SERVICE]
    assert network.between(*ends) == network.between(*ends[::-1])
    assert network.hubs(BY_CODE["FRA"], BY_CODE["NBO"]) == ()
