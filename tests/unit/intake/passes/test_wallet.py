"""Passes of telephones as archives: what is too large, protected or odd is told and never unpacked."""

import io
import json
import zipfile

import pytest

from tests.unit.intake.passes.strings import bcbp, leg
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.registry import Readers

PASS = json.dumps(
    {
        "barcode": {"message": bcbp(leg()), "format": "PKBarcodeFormatAztec"},
        "boardingPass": {"transitType": "PKTransitTypeAir", "primaryFields": []},
    }
)


def archive(members: dict[str, str | bytes]) -> bytes:
    """Write a ZIP."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return written.getvalue()


def alone(content: str | bytes) -> bytes:
    """Write a ZIP with nothing but a pass.json."""
    return archive({"pass.json": content})


def read(content: bytes) -> Reading:
    """Read a file as it comes from a telephone."""
    (reading,) = Readers(ATLAS, BOOK).read(Document(content, "pass.pkpass"))
    return reading


def test_a_pass_is_read() -> None:
    reading = read(alone(PASS))
    assert reading.outcome is Outcome.COMPLETE
    assert reading.drafts[0].segments[0].operating_code == "ET"


@pytest.mark.parametrize(
    "content",
    [
        alone(" " * 30_000_000 + PASS),
        alone("{" * 100_000),
        alone("[" * 100_000),
        alone("[]"),
        alone("null"),
        alone(b"\xff\xfe\x00\xd8"),
        archive({"pass.json": PASS, **{f"a{number}": "" for number in range(600)}}),
        archive({"manifest.json": "{}", "logo-pass.json": "{}"}),
        alone(PASS)[:80],
        archive({"a.pkpass": b"PK\x03\x04", "b.pkpass": b""}),
    ],
    ids=["bomb", "deep", "deeper", "list", "null", "half", "members", "no-pass", "cut", "bundle-of-nothing"],
)
def test_what_is_no_whole_pass_is_told(content: bytes) -> None:
    reading = read(content)
    assert reading.drafts == ()
    assert reading.outcome in {Outcome.UNREADABLE, Outcome.NOTHING_FOUND}
    assert reading.reason


def test_a_protected_pass_is_told() -> None:
    content = bytearray(alone(PASS))
    for header in (b"PK\x03\x04", b"PK\x01\x02"):
        flags = content.index(header) + (6 if header.endswith(b"\x04") else 8)
        content[flags] |= 1
    assert "protected" in read(bytes(content)).reason


def test_the_passes_of_a_bundle_are_counted_against_a_limit() -> None:
    reading = read(archive({f"p{number}.pkpass": alone(PASS) for number in range(40)}))
    assert len(reading.drafts[0].segments) == 1
    assert any("40 passes" in line for line in reading.unread)


@pytest.mark.parametrize("value", [None, 7, True, [], {}, "x" * 5000, ["a"], {"b": [None]}])
@pytest.mark.parametrize(
    "place", ["barcodes", "barcode", "semantics", "boardingPass", "relevantDate", "userInfo"]
)
def test_values_of_any_kind_break_nothing(place: str, value: object) -> None:
    content = {**json.loads(PASS), place: value}
    assert "stopped its reader" not in read(alone(json.dumps(content))).reason


@pytest.mark.parametrize("value", [None, 7, True, [], {}, "x" * 5000, ["a"], {"b": [None]}])
@pytest.mark.parametrize("place", ["transitType", "primaryFields", "auxiliaryFields", "backFields"])
def test_fields_of_any_kind_break_nothing(place: str, value: object) -> None:
    content = json.loads(PASS)
    content["boardingPass"][place] = value
    content["semantics"] = {"flightNumber": value, "departureAirportCode": value, "passengerName": value}
    assert "stopped its reader" not in read(alone(json.dumps(content))).reason
