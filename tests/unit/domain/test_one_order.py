"""Day or month first: of a table it is asked once a booking, and the answer holds for every row."""

from datetime import date

import pytest

from tests.unit.intake.tables import ATLAS, BOOK
from travelrisk.domain.drafts import Draft
from travelrisk.domain.itineraries import Claim, Outcome
from travelrisk.domain.settling import settle
from travelrisk.domain.settling.stating import Stated, Tables, state
from travelrisk.intake.document import Document
from travelrisk.intake.registry import Readers
from travelrisk.intake.words.moments import whole_date

TABLES = Tables(ATLAS, BOOK, date(2026, 11, 23))
HEADINGS = "PNR,Name,Flight,From,To,Departure date,Arrival date,Operated by\n"
ROWS = (
    "ABC123,Doe/Jane,ET 707,FRA,ADD,05/12/2026,,ET\n"
    "ABC123,Doe/Jane,KQ 311,ADD,NBO,06/12/2026,07/12/2026,KQ\n"
    "ABC123,Doe/Jane,KQ 310,NBO,ADD,2026-12-20,,KQ\n"
)


def _read(rows: str) -> Draft:
    (reading,) = Readers(ATLAS, BOOK).read(Document((HEADINGS + rows).encode(), "in.csv"))
    (draft,) = reading.drafts
    return draft


@pytest.mark.parametrize(
    ("answer", "days"),
    [("2026-12-05", ["2026-12-05", "2026-12-06"]), ("2026-05-12", ["2026-05-12", "2026-06-12"])],
)
def test_one_answer_decides_every_row(answer: str, days: list[str]) -> None:
    draft = _read(ROWS.replace(",07/12/2026,KQ", ",,KQ"))
    itinerary = settle(draft, *TABLES)
    (question,) = [each for each in itinerary.questions if each.code == "day_month"]
    assert itinerary.outcome is Outcome.AMBIGUOUS
    restated = state(draft, itinerary, [Stated(question, answer, whole_date(answer))], TABLES)
    settled = settle(restated.draft, *TABLES)
    found = {str(each.departs.day): each for each in settled.segments}
    assert set(found) == {*days, "2026-12-20"}
    assert not [each for each in settled.questions if each.code == "day_month"]
    claim = Claim("answer", answer, question.text)
    assert [found[day].claims for day in (*days, "2026-12-20")] == [(claim,), (claim,), ()]


def test_the_arrivals_follow_and_rows_of_two_orders_are_asked_apart() -> None:
    draft = _read(ROWS)
    assert draft.segments[0].departs.day_month_unsure is False, "an arrival shows the order of all"
    again = ROWS.splitlines(keepends=True)
    other = "Name,PNR,Flight,From,To,Departure date,Operated by\n"
    draft = _read(again[0] + other + "Doe/Jane,ABC123,KQ 311,ADD,NBO,06/12/2026,KQ\n")
    assert not draft.has_one_order
    assert [each.code for each in settle(draft, *TABLES).questions] == ["day_month", "day_month"]
