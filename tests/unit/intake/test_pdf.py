"""PDFs: read by where their characters stand, whichever way they were drawn, and never at any price."""

import pytest

from tests.cases.intake.pdfs import Extra, Picture, document
from tests.cases.intake.pdftexts import PAGES
from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.apart import sandbox
from travelrisk.intake.apart.sandbox import read_apart
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.limits import TEXT_CHARACTERS
from travelrisk.intake.pdf.layout import Glyph, text_of
from travelrisk.intake.pdf.pages import Pdf
from travelrisk.intake.registry import Readers

FLIGHT = """\
Flight: LH 590
From: Frankfurt (FRA)      To: Nairobi (NBO)
Date: 12 December 2026     Departure: 10:10
Operated by: Lufthansa
"""
GREY = Picture(64, 64, bytes(64 * 64))
READERS = Readers(ATLAS, BOOK)


def _read(content: bytes, name: str = "trip.pdf") -> Reading:
    (reading,) = READERS.read(Document(content, name))
    return reading


def _text(content: bytes) -> str:
    return "\n".join(page.text for page in Pdf(content).pages())


def _glyphs(word: str, left: float, baseline: float, size: float = 10) -> list[Glyph]:
    return [
        Glyph(character, left + number * size / 2, left + (number + 1) * size / 2, baseline, size)
        for number, character in enumerate(word)
    ]


def test_cells_stand_in_the_line_where_they_stand_on_the_page() -> None:
    drawn = [
        *_glyphs("22:15", 200, 690),
        *_glyphs("From", 0, 700),
        *_glyphs("FRA", 0, 690.5),
        *_glyphs("Dep", 200, 700),
    ]
    assert text_of(drawn).split("\n") == ["From" + " " * 36 + "Dep", "FRA" + " " * 37 + "22:15"]


def test_one_blank_parts_words_and_a_larger_gap_parts_cells() -> None:
    drawn = [*_glyphs("Addis", 0, 700), *_glyphs("Ababa", 28, 700), *_glyphs("ET707", 70, 700)]
    assert text_of(drawn) == "Addis Ababa   ET707"


def test_a_letter_drawn_twice_to_be_bold_is_one() -> None:
    drawn = [glyph for shift in (0, 0.4) for glyph in _glyphs("LH590", shift, 700)]
    assert text_of(drawn) == "LH590"


def test_paragraphs_are_parted_by_an_empty_line_and_page_numbers_are_no_text() -> None:
    drawn = [*_glyphs("One", 0, 700), *_glyphs("Two", 0, 660), *_glyphs("Page 1 of 2", 0, 20)]
    assert text_of(drawn) == "One\n\nTwo"


def test_a_page_that_lies_on_its_side_is_read_as_it_is_looked_at() -> None:
    turned = document([FLIGHT], extra=Extra(before=b"0 1 -1 0 612 0 cm\n", beside="/Rotate 90"))
    assert _text(turned) == _text(document([FLIGHT]))


def test_a_text_that_was_recognised_under_a_picture_is_told() -> None:
    reading = _read(document([FLIGHT], extra=Extra(GREY, before=b"3 Tr\n")))
    assert reading.drafts[0].segments[0].marketing_number == "590"
    assert reading.unread == ("page 1 has a text that was recognised from a picture: send it as text",)


def test_what_is_filled_into_a_form_is_read() -> None:
    shown = b"BT /F 9 Tf 0 0 Td (Operated by: Kenya Airways) Tj ET"
    look = b"<</Type/XObject/Subtype/Form/BBox[0 0 200 12]/Resources<</Font<</F 3 0 R>>>>/Length %d>>"
    form = look % len(shown) + b"stream\n%s\nendstream" % shown
    field = "/Annots[<</Type/Annot/Subtype/Widget/FT/Tx/T(op)/F 4/Rect[40 700 240 712]/AP<</N 6 0 R>>>>]"
    text = FLIGHT.replace("Operated by: Lufthansa\n", "")
    content = document([text], extra=Extra(beside=field, more=(form,)))
    assert _read(content).drafts[0].segments[0].operator == "Kenya Airways"


def test_a_pdf_inside_a_pdf_is_read_and_its_name_is_kept() -> None:
    reading = _read(document(["See the file inside."], [("ticket.pdf", document([FLIGHT]))]))
    (segment,) = reading.drafts[0].segments
    assert segment.part == "ticket.pdf"
    assert reading.outcome is Outcome.COMPLETE


@pytest.mark.threat(30)
def test_files_are_not_followed_for_ever() -> None:
    content = document([FLIGHT])
    for _ in range(8):
        content = document(["See the file inside."], [("inner.pdf", content)])
    reading = _read(content)
    assert not reading.drafts
    assert any("files deep" in line for line in reading.unread)


@pytest.mark.threat(30)
def test_a_text_without_end_is_refused() -> None:
    page = "\n".join(["x" * 110] * 400)
    reading = _read(document([page] * (TEXT_CHARACTERS // 44_000 + 1)))
    assert reading.outcome is Outcome.UNREADABLE
    assert reading.reason == "trip.pdf has more than 200,000 characters: send the itinerary alone"


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_pdf_that_was_cut_is_damaged_or_lacks_its_flights_and_never_breaks_anything(share: float) -> None:
    content = document(PAGES["receipt-of-amadeus"])
    try:
        text = _text(content[: int(len(content) * share)])
    except BadInputError:
        return
    assert "ET707" in text or not text.strip()


def test_a_pdf_is_read_apart_like_any_other_document() -> None:
    try:
        (reading,) = read_apart(Document(document([FLIGHT]), "trip.pdf"))
    finally:
        sandbox.close()
    assert (reading.form, reading.outcome) == ("pdf", Outcome.COMPLETE)
