"""What is kept beside an answer tells which flight, and no address, telephone, ticket or document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.intake.document import Document
from travelrisk.intake.masking import _COMPILED, masked
from travelrisk.intake.registry import Readers

PRIVATE = [
    ("alice.green@example.org", "(address)"),
    ("tel +41 22 555 01 00", "tel (phone)"),
    ("Phone: (022) 555 01 00", "Phone (phone)"),
    ("+41225550100", "(phone)"),
    ("+1 202-555-0143", "(phone)"),
    ("0033 1 55 50 10 20", "(phone)"),
    ("01 55 50 10 20", "(phone)"),
    ("teléfono 555 010 203", "teléfono (phone)"),
    ("071-2345678901", "(ticket)"),
    ("ticket 071 2345678901", "ticket (number)"),
    ("0712345678901", "(number)"),
    ("billet électronique n° 071-2345678901/02", "billet électronique n° (ticket)"),
    ("passport no. X1234567", "passport (document)"),
    ("passport L01X00T47", "passport (document)"),
    ("passport control in terminal 2, gate B3", "passport control in terminal 2, gate B3"),
    ("Passeport : 12AB34567", "Passeport (document)"),
    ("pasaporte número XDB123456", "pasaporte (document)"),
    ("UNLP D123456", "UNLP (document)"),
    ("4111 1111 1111 1111", "(card)"),
    ("date of birth: 12 Jan 1980", "date of birth (date)"),
    ("DOB 12/01/1980", "DOB (date)"),
    ("IBAN CH93 0076 2011 6238 5295 7", "IBAN (number)"),
    ("frequent flyer ET 1234567890", "frequent flyer ET (number)"),
    ("SSR DOCS ET HK1 P/GBR/X1/GBR/01FEB80/F/01JAN30/DOE/JANE", "SSR DOCS ET HK1 (document)"),
    ("SSR DOCS ET HK1/////01FEB80/F//DOE/JANE", "SSR DOCS ET HK1 (document)"),
    ("SRDOCS ET HK1-P-GBR-X1-GBR-01FEB80-F-01JAN30-DOE-JANE", "SRDOCS ET HK1 (document)"),
    ("SI.P1/SSRDOCSETHK1/P/GB/X1/GB/01FEB80/F/01JAN30/DOE/JANE", "SI.P1/SSRDOCSETHK1 (document)"),
    ("P/GBR/XK7654321/GBR/01FEB80/F", "P/(document)/F"),
    ("SSR DOCA ET HK1 R/GB/1 LONG STREET/OLD TOWN/X/1", "SSR DOCA ET HK1 (document)"),
]
FLIGHTS = [
    "ET707 FRA ADD 12DEC 0020 2355-1",
    "ET707 FRA ADD 12DEC 0905 0605 +1 2215 0605",
    "ET707 FRA ADD 13/11/2026 0905 13/11/2026 1605",
    "ET707 FRA ADD 05 12 2026 22 15",
    "ET 707 KQ 310 LH 590 AF 814 10.10.2026 12.15",
    "ET 707 Y 12DEC 6 FRAADD HK1 2215 0605+1",
    "ET707 FRA ADD 12/12/2026 22:15 06:05 +1 day",
    "row 2: ET, 0707, FRA, ADD, 2026-12-12 22:15",
    "LH 590 2026-12-12T22:15:00+01:00 FRA NBO",
    "The return on 20/12/2026 is now flown by a charter, ABC123",
    "20261212T2215 KQ 0101 booking 1E5678",
    "ET707 FRA-ADD 12DEC, travel docs for pre-check-in",
]


@pytest.mark.parametrize(("private", "shown"), PRIVATE)
def test_what_identifies_a_person_is_masked_inside_a_line(private: str, shown: str) -> None:
    assert masked(f"ET707 FRA ADD, {private}, 12 Dec") == f"ET707 FRA ADD, {shown}, 12 Dec"


@pytest.mark.parametrize("line", FLIGHTS)
def test_a_flight_with_its_dates_and_times_stays_as_it_is(line: str) -> None:
    assert masked(line) == line


@given(st.text(alphabet="AZ09 +-/.:@()", max_size=60))
def test_masking_twice_changes_nothing_more(line: str) -> None:
    once = masked(line)
    assert masked(once) == once


@pytest.mark.parametrize("name", ["in.txt", "in.csv", "in.ics", "in.eml"])
@pytest.mark.parametrize("private", ["alice@example.org", "+41 22 555 01 00", "071-2345678901", "X1234567"])
def test_no_reader_keeps_it_in_a_line(name: str, private: str) -> None:
    said = f"charter flight, passport {private} and call {private}"
    content = {
        "in.txt": f"ET707 FRA ADD 12 Dec {said}",
        "in.csv": f"Flight,From,To,Date,Remarks\nET707,FRA,ADD,2026-12-12,{said.replace(',', ' ')}\n",
        "in.ics": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261212T211500Z\nSUMMARY:ET707 FRA-ADD\n"
        f"DESCRIPTION:operated by a {said}\nEND:VEVENT\nEND:VCALENDAR\n",
        "in.eml": f"From: x@example.org\nSubject: trip\nMIME-Version: 1.0\n\n"
        f"ET707 FRA ADD 12 Dec\noperated by a {said}\n",
    }[name]
    (reading,) = Readers(ATLAS, BOOK).read(Document(content.encode(), name))
    segments = [segment for draft in reading.drafts for segment in draft.segments]
    assert segments
    kept = [*reading.unread, reading.reason, *(each.operator for each in segments)]
    kept += [seen.part + seen.text for each in segments for seen in each.evidence]
    kept += [line for draft in reading.drafts for line in draft.unread]
    assert any("charter" in line for line in kept), "the case must show the line"
    assert private not in "\n".join(kept)


@pytest.mark.parametrize("place", [place for place, each in enumerate(_COMPILED) if each[2]])
@given(data=st.data())
def test_a_mask_is_passed_over_only_where_it_could_not_fit(place: int, data: st.DataObject) -> None:
    pattern, _, stems = _COMPILED[place]
    text = data.draw(st.from_regex(pattern))
    assert not text.isascii() or not pattern.search(text) or any(stem in text.lower() for stem in stems)
