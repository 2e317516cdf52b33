"""Lines beside a flight: what a document has in the place of a code is words, never a pattern."""

import time

from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.drafts import DraftSegment
from travelrisk.intake.beside.remarks import Remarks, is_named


def test_a_code_with_marks_is_looked_for_as_it_is_written() -> None:
    flight = DraftSegment(origin="N(O", destination="[A-")
    assert is_named("from N(O to [A-", flight)
    assert not is_named("from NBO to ADD", flight)


def test_a_long_word_in_capitals_takes_no_time() -> None:
    flight = DraftSegment(marketing_code="ET", marketing_number="707", origin="FRA", destination="ADD")
    begun = time.process_time()
    list(Remarks(ATLAS, BOOK).among(f"ET 707 {'A' * 5_000}", [flight]))
    assert time.process_time() - begun < 2
