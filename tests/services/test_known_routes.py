"""Tables of who flies where come in whole or not at all; they say where to look, and clear nothing."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.services.conftest import RATINGS
from travelrisk.domain.authorisations import NOBODY
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.network import Learned
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.screening.alternatives import Ways
from travelrisk.services.application import Application
from travelrisk.services.exceptions.alternatives import ways_of_trip
from travelrisk.services.ratings.records import import_records
from travelrisk.services.trips.alternatives import other_ways
from travelrisk.services.trips.checking import check
from travelrisk.services.trips.known_routes import Brought, import_routes, listed
from travelrisk.services.trips.receiving import receive
from travelrisk.store import known_routes
from travelrisk.store.database import reading
from travelrisk.store.known_routes import Loaded

OWN = "carrier,from,to,source,as_of\nET,FRA,ADD,timetable of the test,2026-10-25\nDLH,EDDF,HAAB,,\n"
OPTD = "airline_code^apt_org^apt_dst^flt_freq\nET^ADD^FRA^7\nET^FRA^ADD^7\n"
OPENFLIGHTS = (
    "ET,1824,FRA,340,ADD,1107,,0,788\nLH,3320,FRA,340,ADD,1107,Y,0,788\nLH,3320,FRA,340,NBO,\\N,,0,343\n"
)
REVIEW = "ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"


def bring(
    app: Application, folder: Path, content: str, *, replace: bool = False, dry_run: bool = False
) -> Brought:
    path = folder / "routes.csv"
    path.write_text(content, "utf-8")
    return import_routes(app, path, replace=replace, dry_run=dry_run)


def rows(app: Application) -> list[Loaded]:
    with reading(app.engine) as c:
        return known_routes.loaded(c)


def rate(app: Application, folder: Path, level: str = "not_recommended", *more: str) -> None:
    path = folder / "ratings.toml"
    others = "".join(
        f'[[ratings]]\nid = "{each.replace(":", "-").lower()}"\nsubject = "{each}"\nlevel = "recommended"\n'
        'valid_from = 2026-01-01\nset_by = "bob"\nset_on = 2026-11-03\n'
        for each in more
    )
    path.write_text(RATINGS.format(level=level) + others, "utf-8")
    import_records(app, path, by="bob", signed_by="charlie")


def ways(app: Application, question: str) -> tuple[Ways, ...]:
    (answer,) = check(app, question)
    assert answer.itinerary is not None
    assert answer.advisory is not None
    return other_ways(app, answer.itinerary, answer.advisory, NOBODY)


def told(found: tuple[Ways, ...]) -> list[list[str]]:
    """Return the carriers and places of each way, part by part."""
    return [
        [
            "-".join([way.hops[0].origin.code, *(h.destination.code for h in way.hops)])
            + f" {way.hops[0].carrier.icao}"
            for way in part.others
        ]
        for part in found
    ]


def test_our_own_layout_takes_codes_of_either_kind(app: Application, tmp_path: Path) -> None:
    done = bring(app, tmp_path, OWN)
    assert (done.new, done.total, done.unknown) == (2, 2, {})
    assert rows(app) == [
        Loaded("ADD", "FRA", "DLH", "routes.csv"),
        Loaded("ADD", "FRA", "ETH", "timetable of the test", date(2026, 10, 25)),
    ]
    with reading(app.engine) as c:
        bodies = c.scalars(text("SELECT body FROM audit")).all()
    assert sum("routes.loaded" in body for body in bodies) == 1


@pytest.mark.parametrize(
    ("content", "expected", "code_shares"),
    [
        (OPTD, [("ADD", "FRA", "ETH", "OPTD")], 0),
        (OPENFLIGHTS, [("ADD", "FRA", "ETH", "OpenFlights"), ("FRA", "NBO", "DLH", "OpenFlights")], 1),
        ("\ufeffcarrier;from;to\nET;FRA;ADD\n\n", [("ADD", "FRA", "ETH", "routes.csv")], 0),
    ],
)
def test_layouts_of_open_data_are_read_too(
    app: Application, tmp_path: Path, content: str, expected: list[tuple[str, ...]], code_shares: int
) -> None:
    done = bring(app, tmp_path, content)
    assert [tuple(each[:4]) for each in rows(app)] == expected
    assert done.code_shares == code_shares


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "row 1: begin with the heading carrier,from,to"),
        ("who,where\nET,FRA\n", "row 1: begin with the heading carrier,from,to"),
        (f"{OWN}ET,FRA\n", r"routes.csv: row 4: has 2 columns where the heading has 5"),
        (f"{OWN}ET,,ADD,,\n,FRA,,,\n", "row 4: has no from; row 5: has no carrier and no to"),
        (f"{OWN}ET,FRA,NBO,,soon\n", "row 4: as_of is no day like 2026-11-23: 'soon'"),
        (f"{OWN}ET,FRA,NBO,{'x' * 201},\n", "row 4: source is longer than 200 characters"),
        (f"{OPENFLIGHTS}LH,FRA\n", "row 4: has 2 columns where routes.dat has 9"),
        (OWN + "ET,,ADD,,\n" * 15, "and 5 more"),
    ],
)
def test_a_row_that_cannot_be_read_stops_the_whole_table(
    app: Application, tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        bring(app, tmp_path, content)
    assert rows(app) == []


def test_a_file_that_is_no_text_or_not_there_is_told(app: Application, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be read"):
        import_routes(app, tmp_path / "absent.csv")
    path = tmp_path / "latin.csv"
    path.write_bytes("carrier,from,to,source\nET,FRA,ADD,été\n".encode("latin-1"))
    with pytest.raises(BadInputError, match="save it as UTF-8"):
        import_routes(app, path)


def test_codes_that_mean_nothing_are_counted_and_left_out(app: Application, tmp_path: Path) -> None:
    table = "carrier,from,to\nQQQ,FRA,ADD\nQQQ,FRA,ZZZ\nET,FRA,ZZZ\nET,FRA,EDDF\nET,FRA,ADD\n"
    done = bring(app, tmp_path, table)
    assert done.unknown == {"carrier QQQ": 2, "airport ZZZ": 2}
    assert (done.nowhere, done.new, len(rows(app))) == (1, 1, 1)


def test_a_second_table_adds_changes_or_replaces(app: Application, tmp_path: Path) -> None:
    bring(app, tmp_path, OWN)
    looked = bring(app, tmp_path, "carrier,from,to\nKQ,NBO,FRA\n", dry_run=True)
    assert (looked.new, looked.total, len(rows(app))) == (1, 3, 2)
    added = bring(app, tmp_path, "carrier,from,to\nKQ,NBO,FRA\nET,ADD,FRA\n")
    assert (added.new, added.changed, added.unchanged, added.removed, added.total) == (1, 1, 0, 0, 3)
    again = bring(app, tmp_path, "carrier,from,to\nKQ,NBO,FRA\n")
    assert (again.new, again.changed, again.unchanged, again.total) == (0, 0, 1, 3)
    instead = bring(app, tmp_path, "carrier,from,to\nKQ,NBO,FRA\n", replace=True)
    assert (instead.removed, instead.total) == (2, 1)
    assert [each.carrier for each in rows(app)] == ["KQA"]


def test_a_loaded_route_clears_nothing(app: Application, tmp_path: Path) -> None:
    rate(app, tmp_path, "recommended")
    question = "ET707 FRA ADD 12 Dec"
    (before,) = check(app, question)
    bring(app, tmp_path, OWN)
    (after,) = check(app, question)
    assert before.advisory is not None
    assert before.advisory.verdict is Verdict.CONDITIONAL
    assert after.advisory == before.advisory


def test_ways_come_from_tables_from_itineraries_and_from_services(app: Application, tmp_path: Path) -> None:
    rate(app, tmp_path, "not_recommended", "carrier:DLH", "carrier:KQA", "carrier:AFR")
    assert told(ways(app, REVIEW)) == [[]]
    bring(app, tmp_path, OWN)
    assert told(ways(app, REVIEW)) == [["FRA-ADD DLH"]]
    list(receive(app, Document(b"KQ113 FRA ADD 3 Dec operated by Kenya Airways", "t.txt", "text/plain")))
    found = ways(app, REVIEW)
    assert told(found) == [["FRA-ADD DLH", "FRA-ADD KQA"]]
    learned = [way.hops[0].route.learned for way in found[0].others]
    assert learned == [Learned.LOADED, Learned.SEEN]
    path = tmp_path / "service.toml"
    path.write_text(
        '[[services]]\nid = "svc"\ncarrier = "AFR"\npair = ["ADD", "FRA"]\nvalid_from = 2026-01-01\n'
        'source = "timetable"\nset_by = "bob"\nset_on = 2026-11-03\n',
        "utf-8",
    )
    import_records(app, path, by="bob", signed_by="charlie")
    found = ways(app, REVIEW)
    assert told(found) == [["FRA-ADD AFR", "FRA-ADD DLH", "FRA-ADD KQA"]]
    assert found[0].others[0].hops[0].route.learned is Learned.SERVICE


def test_what_is_not_known_any_more_is_no_way(app: Application, tmp_path: Path) -> None:
    rate(app, tmp_path, "not_recommended", "carrier:DLH")
    with app.engine.begin() as c:
        known_routes.replace_all(c, [Loaded("ADD", "FRA", "ZZ9"), Loaded("ADD", "ZZZ", "DLH")])
    assert told(ways(app, REVIEW)) == [[]]
    assert [each.name for each in listed(app)] == ["ZZ9", "Lufthansa (LH)"], "they are listed all the same"


def test_a_trip_names_its_ways_by_its_reference(app: Application, tmp_path: Path) -> None:
    rate(app, tmp_path, "not_recommended", "carrier:DLH")
    bring(app, tmp_path, OWN)
    (received,) = receive(app, Document(REVIEW.encode(), "trip.txt", "text/plain"))
    assert received.trip is not None
    assert told(ways_of_trip(app, received.trip.reference)) == [["FRA-ADD DLH"]]
    with pytest.raises(NotFoundError):
        ways_of_trip(app, "absent")


def test_known_routes_are_listed_by_airport_and_carrier(app: Application, tmp_path: Path) -> None:
    bring(app, tmp_path, OWN)
    list(receive(app, Document(REVIEW.encode(), "trip.txt", "text/plain")))
    everything = listed(app)
    assert [(each.one, each.other, each.carrier) for each in everything] == [
        ("ADD", "FRA", "DLH"),
        ("ADD", "FRA", "ETH"),
    ]
    assert everything[0].seen is None
    assert everything[1].seen is not None
    assert (everything[1].seen.itineraries, everything[1].seen.last_day) == (1, date(2026, 12, 12))
    assert [each.carrier for each in listed(app, carrier="LH")] == ["DLH"]
    assert len(listed(app, airport="HAAB")) == 2
    assert listed(app, airport="NBO") == listed(app, airport="QQQQQ") == ()
