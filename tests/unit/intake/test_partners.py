"""Documents of partners' programs: cut ones are never whole, large ones are bounded, secrets stay out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.intake.cases import CASES
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.itineraries import Basis, Outcome, Status
from travelrisk.intake.apart.wire import reading_line
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.limits import CHUNK_DRAFTS
from travelrisk.intake.partners.edifact import parts_of
from travelrisk.intake.partners.source import Source
from travelrisk.intake.partners.sources import SOURCES
from travelrisk.intake.partners.statuses import status_of, strongest
from travelrisk.intake.partners.trees import at, texts, tree_of_json, tree_of_xml
from travelrisk.intake.registry import Readers

READERS = Readers(ATLAS, BOOK)
FORMS = ("concur", "tripit", "amadeus-order", "travelport", "sabre", "ndc", "duffel", "pnrgov", "air-file")
WHOLE = [
    CASES / name
    for name in (
        "concur/code-share/in.xml",
        "tripit/json-code-share/in.json",
        "amadeus-order/code-share/in.json",
        "travelport/code-share/in.xml",
        "sabre/code-share/in.xml",
        "ndc/code-share/in.xml",
        "duffel/code-share/in.json",
        "pnrgov/several-bookings/in.edi",
        "air-file/plain/in.air",
    )
]
PRIVATE = (
    "X1234567",
    "411111",
    "4111111111111111",
    "0712345678901",
    "706-2345678901",
    "1980-01-12",
    "12JAN80",
)


def _read(content: bytes, name: str = "") -> list[Reading]:
    return list(READERS.read(Document(content, name)))


def _flights(readings: list[Reading]) -> list[tuple[str, ...]]:
    return [
        (each.marketing_code, each.marketing_number, each.operating_code, each.origin, each.destination)
        for reading in readings
        for draft in reading.drafts
        for each in draft.segments
    ]


def _documents() -> Iterator[Path]:
    return (path for form in FORMS for path in sorted((CASES / form).glob("*/in.*")))


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.parent.parent.name)
def test_a_document_that_is_cut_never_passes_for_a_whole_one(path: Path) -> None:
    content = path.read_bytes().rstrip()
    whole = _flights(_read(content, path.name))
    assert whole
    for end in range(1, len(content), 7):
        readings = _read(content[:end], path.name)
        is_complete = all(reading.outcome is Outcome.COMPLETE for reading in readings)
        assert not is_complete or _flights(readings) == whole, content[:end][-80:]


def test_no_passport_card_ticket_or_birthday_comes_out_of_any_document() -> None:
    seen = set()
    for path in _documents():
        content = path.read_text("utf-8")
        said = b"".join(map(reading_line, _read(path.read_bytes(), path.name))).decode()
        seen |= {each for each in PRIVATE if each in content}
        assert not [each for each in PRIVATE if each in said], path
    assert seen == set(PRIVATE)


@pytest.mark.parametrize("form", FORMS)
def test_silence_about_the_operator_is_never_a_statement(form: str) -> None:
    (path,) = (CASES / form / "operator-not-stated").glob("in.*")
    (reading,) = _read(path.read_bytes(), path.name)
    (segment,) = reading.drafts[0].segments
    assert (segment.operator, segment.operating_code, segment.operating_number) == ("", "", "")
    assert segment.operating_basis is None


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_table_tells_where_the_operator_stands_and_never_reads_the_seller_there(source: Source) -> None:
    assert source.operating.code
    for sold, flown in (
        (source.marketing.code, source.operating.code),
        (source.marketing.number, source.operating.number),
        (source.marketing.name, source.operating.name),
    ):
        assert not set(sold) & set(flown)


def test_a_message_with_many_bookings_comes_in_chunks() -> None:
    content = (CASES / "pnrgov/plain/in.edi").read_text("utf-8")
    start, end = content.index("SRC'"), content.index("UNT+")
    one = content[start:end]
    many = "".join(one.replace("ABC123", f"L{number:05}") for number in range(CHUNK_DRAFTS * 2 + 1))
    readings = _read((content[:start] + many + content[end:]).encode())
    assert [len(reading.drafts) for reading in readings] == [CHUNK_DRAFTS, CHUNK_DRAFTS, 1]
    assert all(reading.outcome is Outcome.COMPLETE for reading in readings)


def test_a_booking_with_a_thousand_flights_is_refused_as_a_whole() -> None:
    content = (CASES / "air-file/plain/in.air").read_text("utf-8")
    line = next(each for each in content.split("\n") if each.startswith("U-001"))
    lines = "\n".join(line.replace("0101", f"{number:04}") for number in range(1, 1001))
    (reading,) = _read(content.replace(line, lines).encode())
    assert (reading.outcome, reading.drafts) == (Outcome.UNREADABLE, ())
    assert "1001 flights" in reading.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "<!ENTITY"),
        ('<?xml version="1.0"?>' + "<a>" * 5000, "broken"),
        ('<?xml version="1.0"?>' + "<a>" * 100 + "</a>" * 100, "nested"),
        ('{"flightOffers":"carrierCode","a":' + "[" * 90 + "]" * 90 + "}", "nested"),
        ('{"flightOffers":"carrierCode","a":' + "[" * 100_000, "nested"),
        ('{"flightOffers":"carrierCode",\n"a":', "line 2"),
    ],
)
def test_what_would_harm_or_is_broken_is_refused_by_name(content: str, reason: str) -> None:
    (reading,) = _read(content.encode())
    assert reading.outcome is Outcome.UNREADABLE
    assert reason in reading.reason


def test_json_and_xml_give_one_tree() -> None:
    xml = tree_of_xml(
        '<n:Air xmlns:n="urn:x" StartCityCode="FRA"><n:Stops><n:Stop>ADD</n:Stop></n:Stops></n:Air>'
    )
    json = tree_of_json('{"air": {"start_city_code": "FRA", "stops": [{"stop": "ADD"}], "none": null}}')
    for tree, above in ((xml, "Air"), (json, "root/air")):
        assert list(texts(at(tree, f"{above}/StartCityCode"))) == ["FRA"]
        assert list(texts(at(tree, f"{above}/Stops/Stop"))) == ["ADD"]
        assert list(texts(at(tree, f"{above}/None"))) == []


def test_a_released_mark_is_a_letter_like_others() -> None:
    parts = parts_of("UNA:+.? 'UNB+IATA:1'TIF+O?'NEILL?+?:??+A:1'")
    assert [part.tag for part in parts] == ["UNB", "TIF"]
    assert parts[1].elements == (("O'NEILL+:?",), ("A", "1"))
    assert (parts[1].at(1, 1), parts[1].at(7), parts[1].at(0, 7)) == ("1", "", "")


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("HK1", Status.HELD),
        ("hk", Status.HELD),
        ("GK", Status.PASSIVE),
        ("HL2", Status.WAITLIST),
        ("ON_REQUEST", Status.REQUESTED),
        ("UN", Status.CANCELLED),
        ("Denied", Status.CANCELLED),
        ("QQ", None),
        ("", None),
    ],
)
def test_a_state_is_known_by_its_code_or_its_word(written: str, status: Status | None) -> None:
    assert status_of(written) is status


def test_a_segment_flies_as_long_as_anybody_is_booked_on_it() -> None:
    assert strongest({Status.CANCELLED, Status.HELD}) is Status.HELD
    assert strongest({Status.CANCELLED, Status.UNKNOWN}) is Status.UNKNOWN
    assert strongest({Status.CANCELLED}) is Status.CANCELLED
    assert strongest(set()) is Status.UNKNOWN


def test_a_code_share_that_names_nobody_is_unknown() -> None:
    for name in ("travelport/codeshare-that-says-nothing/in.xml", "sabre/code-share-without-operator/in.xml"):
        (reading,) = _read((CASES / name).read_bytes(), name)
        assert reading.drafts[0].segments[0].operating_basis is Basis.UNKNOWN
