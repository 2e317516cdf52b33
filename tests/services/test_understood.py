"""What a person corrects on the page of a trip: one way with answers by mail, and never silently cleared."""

from pathlib import Path

import pytest

from tests.services.conftest import Clock, publish
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Basis, Claim
from travelrisk.domain.shapes import itinerary_shape
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.trips import story, understood
from travelrisk.services.trips.cancelling import cancel, take_back
from travelrisk.services.trips.receiving import receive
from travelrisk.services.trips.replay import replay
from travelrisk.services.trips.understood import Failure
from travelrisk.store import audit, outbox, trips
from travelrisk.store.database import reading
from travelrisk.store.statements import Statement

PLAIN = "ET 707 FRA ADD 12 Dec 2026 operated by Ethiopian Airlines"
DAY = "ET 707 FRA ADD 05/12/2026 operated by Ethiopian Airlines"
UNREAD = f"{PLAIN}\nFlight ZZ 318 in between, details to follow"
TWO = f"{PLAIN}\nLH 590 FRA NBO 14 Dec 2026 operated by Lufthansa"
LETTER = "Booking reference: ABC123\nPassenger: DOE/ALICE MRS\n\n{flights}\n"


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path)
    return app


def token_of(app: Application, flights: str) -> str:
    document = Document(LETTER.format(flights=flights).encode(), "booking.txt", "text/plain")
    (received,) = receive(app, document, recipient="alice@example.org")
    assert received.trip is not None
    return received.trip.token


def confirmed(app: Application, token: str, *said: Statement) -> Failure | None:
    return understood.confirm(app, understood.understood(app, token), said, "traveller")


def verdict(app: Application, token: str) -> Verdict:
    newest = story.view(app, token).newest
    assert newest is not None
    assert replay(app, newest.id).is_equal
    return newest.advisory.verdict


def codes(app: Application, token: str) -> set[str]:
    newest = story.view(app, token).newest
    assert newest is not None
    return {each.code for each in newest.advisory.findings if each.code.startswith("stated.")}


def test_an_answer_on_the_page_is_the_same_as_one_by_mail_and_is_told(rated: Application) -> None:
    token = token_of(rated, DAY)
    seen = understood.understood(rated, token)
    (question,) = [each for each in seen.itinerary.questions if each.code == "day_month"]
    said = Statement(question.code, question.segment, question.text, "2026-12-05")
    assert confirmed(rated, token, said) is None
    itinerary = understood.understood(rated, token).itinerary
    assert str(itinerary.segments[0].departs.day) == "2026-12-05"
    assert not itinerary.questions
    assert verdict(rated, token) is Verdict.CLEARED
    assert codes(rated, token) == {"stated.answer"}


CORRECTIONS = {
    "flight": ("ET 709", "stated.flight"),
    "origin": ("NBO", "stated.origin"),
    "destination": ("Nairobi", "stated.destination"),
    "departs": ("2026-12-13", "stated.departs"),
    "arrives": ("2026-12-13 06:05", "stated.arrives"),
}


@pytest.mark.parametrize("about", CORRECTIONS)
def test_a_corrected_field_is_judged_as_a_condition_at_best(rated: Application, about: str) -> None:
    value, code = CORRECTIONS[about]
    token = token_of(rated, PLAIN)
    assert verdict(rated, token) is Verdict.CLEARED
    assert confirmed(rated, token, Statement(about, 0, "", value)) is None
    assert verdict(rated, token) >= Verdict.CONDITIONAL
    assert code in codes(rated, token)
    itinerary = understood.understood(rated, token).itinerary
    (claim,) = itinerary.segments[0].claims
    assert (claim.about, claim.value) == (about, value)
    assert claim.was or about == "arrives"
    shape = itinerary_shape(itinerary)["segments"]
    assert shape[0]["evidence"][-1]["origin"] == "user"  # type: ignore[index] # a shape is plain JSON


def test_a_corrected_operator_is_judged_as_the_traveller_told_it(rated: Application) -> None:
    token = token_of(rated, PLAIN)
    assert confirmed(rated, token, Statement("operator", 0, "", "Lufthansa")) is None
    operating = understood.understood(rated, token).itinerary.segments[0].operating
    assert (operating.name, operating.basis) == ("Lufthansa", Basis.TRAVELLER)
    assert verdict(rated, token) >= Verdict.CONDITIONAL
    with reading(rated.engine) as c:
        trip = trips.find(c, token)
        assert trip is not None
        letters = outbox.of_trip(c, trip.id)
    newest = story.view(rated, token).newest
    assert newest is not None
    (finding,) = [each for each in newest.advisory.findings if each.code == "operating.corrected"]
    assert dict(finding.slots)["was"] == "Ethiopian Airlines"
    assert len(letters) == 2


def test_an_operator_nobody_knows_makes_the_answer_worse_and_is_not_refused(rated: Application) -> None:
    token = token_of(rated, PLAIN)
    assert confirmed(rated, token, Statement("operator", 0, "", "No Such Air")) is None
    assert verdict(rated, token) is Verdict.REVIEW


def test_a_line_called_no_flight_is_kept_and_quoted(rated: Application) -> None:
    token = token_of(rated, UNREAD)
    assert verdict(rated, token) is Verdict.REVIEW
    seen = understood.understood(rated, token)
    (line,) = seen.itinerary.unread
    assert line in seen.dismissable
    assert confirmed(rated, token, Statement("no_flight", None, "", line)) is None
    assert verdict(rated, token) is Verdict.CONDITIONAL
    assert codes(rated, token) == {"stated.no_flight"}
    itinerary = understood.understood(rated, token).itinerary
    assert itinerary.unread == ()
    assert itinerary.claims == (Claim("no_flight", line),)
    assert itinerary_shape(itinerary)["statements"]


def test_what_was_not_read_at_all_is_no_line_that_can_be_called_no_flight(rated: Application) -> None:
    token = token_of(rated, UNREAD)
    for line in ("plan.docx: this kind of file is not read", "a line that stands nowhere", ""):
        assert confirmed(rated, token, Statement("no_flight", None, "", line)) is Failure.NOTHING
    assert verdict(rated, token) is Verdict.REVIEW


def test_a_segment_taken_out_and_one_added_are_conditions(rated: Application) -> None:
    token = token_of(rated, TWO)
    added = Statement("added", None, "", "LH 591 NBO FRA 20 Dec 2026 operated by Lufthansa")
    assert confirmed(rated, token, Statement("not_mine", 1, "", ""), added) is None
    itinerary = understood.understood(rated, token).itinerary
    assert [each.flight for each in itinerary.segments] == ["ET 707", "LH 591"]
    assert itinerary.segments[1].operating.basis is Basis.TRAVELLER
    assert itinerary.segments[1].evidence == ()
    assert codes(rated, token) == {"stated.not_mine", "stated.added"}
    assert verdict(rated, token) >= Verdict.CONDITIONAL


@pytest.mark.parametrize(
    "said",
    [
        Statement("departs", 0, "", "tomorrow"),
        Statement("departs", 0, "", "2026-02-30"),
        Statement("flight", 0, "", "the morning one"),
        Statement("operator", 7, "", "Lufthansa"),
        Statement("added", None, "", "see you on 12 Dec"),
        Statement("added", None, "", "ET 707 tomorrow perhaps"),
    ],
)
def test_what_cannot_be_used_changes_nothing(rated: Application, said: Statement) -> None:
    token = token_of(rated, PLAIN)
    assert confirmed(rated, token, said) is Failure.NOTHING
    assert verdict(rated, token) is Verdict.CLEARED


def test_corrections_build_on_one_another_and_on_answers(rated: Application) -> None:
    token = token_of(rated, DAY)
    question = understood.understood(rated, token).itinerary.questions[0]
    answer = Statement(question.code, question.segment, question.text, "2026-12-05")
    assert confirmed(rated, token, answer, Statement("flight", 0, "", "ET 709")) is None
    assert confirmed(rated, token, Statement("flight", 0, "", "ET 707", "Bob Brown")) is None
    (segment,) = understood.understood(rated, token).itinerary.segments
    assert (segment.flight, str(segment.departs.day)) == ("ET 707", "2026-12-05")
    assert {(each.about, each.by) for each in segment.claims} == {("answer", ""), ("flight", "Bob Brown")}
    stated = [each for each in story.view(rated, token).entries if each.kind == "stated"]
    assert sorted(len(each.said) for each in stated) == [1, 2]
    with reading(rated.engine) as c:
        assert audit.verify(c).ok


def test_the_same_page_sent_twice_changes_the_trip_once(rated: Application) -> None:
    token = token_of(rated, PLAIN)
    seen = understood.understood(rated, token)
    said = (Statement("flight", 0, "", "ET 709"),)
    assert understood.confirm(rated, seen, said, "traveller") is None
    assert understood.confirm(rated, seen, said, "traveller") is Failure.MOVED


def test_a_preview_stores_nothing(rated: Application) -> None:
    token = token_of(rated, PLAIN)
    seen = understood.understood(rated, token)
    made = understood.preview(rated, seen, (Statement("flight", 0, "", "ET 709"),))
    assert not isinstance(made, Failure)
    assert made.itinerary.segments[0].flight == "ET 709"
    assert understood.understood(rated, token) == seen


def test_a_trip_may_be_corrected_only_so_often_a_day(
    rated: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understood, "MOST_A_DAY", 1)
    token = token_of(rated, PLAIN)
    assert confirmed(rated, token, Statement("flight", 0, "", "ET 709")) is None
    assert confirmed(rated, token, Statement("flight", 0, "", "ET 711")) is Failure.OFTEN
    clock.pass_by(hours=25)
    assert confirmed(rated, token, Statement("flight", 0, "", "ET 711")) is None


def test_neither_a_stranger_nor_a_cancelled_trip_is_corrected(rated: Application) -> None:
    with pytest.raises(NotFoundError):
        understood.understood(rated, "nobody-knows-this-token")
    token = token_of(rated, PLAIN)
    seen = understood.understood(rated, token)
    cancel(rated, token)
    said = (Statement("flight", 0, "", "ET 709"),)
    assert confirmed(rated, token, *said) is Failure.OFF
    assert understood.confirm(rated, seen, said, "traveller") is Failure.OFF


TWO_ENDS = "ET 868 Nairobi to Georgetown 09 Mar 2027 operated by Ethiopian Airlines"


def test_the_answers_about_both_ends_of_a_flight_are_taken_together(rated: Application) -> None:
    token = token_of(rated, TWO_ENDS)
    asked = understood.understood(rated, token).itinerary.questions
    answers = {"Nairobi": "NBO", "Georgetown": "GEO"}
    said = [Statement(each.code, each.segment, each.text, answers[each.text]) for each in asked]
    assert len(said) == 2
    assert confirmed(rated, token, *said) is None
    itinerary = understood.understood(rated, token).itinerary
    (segment,) = itinerary.segments
    assert (segment.origin.code, segment.destination.code, itinerary.questions) == ("NBO", "GEO", ())


def test_an_answer_about_one_end_leaves_the_question_about_the_other(rated: Application) -> None:
    token = token_of(rated, TWO_ENDS)
    first, second = understood.understood(rated, token).itinerary.questions
    assert confirmed(rated, token, Statement(first.code, first.segment, first.text, "NBO")) is None
    assert understood.understood(rated, token).itinerary.questions == (second,)


@pytest.mark.parametrize(
    "said",
    [
        Statement("operator", 0, "", "Lufthansa"),
        Statement("operator", 0, "", "No Such Air"),
        Statement("not_mine", 0, "", ""),
        Statement("added", None, "", "LH 591 NBO FRA 20 Dec 2026 operated by Lufthansa"),
    ],
)
def test_what_is_foreseen_is_what_is_answered(rated: Application, said: Statement) -> None:
    token = token_of(rated, PLAIN)
    seen = understood.understood(rated, token)
    made = understood.preview(rated, seen, (said,))
    assert not isinstance(made, Failure)
    before = story.view(rated, token)
    foreseen = understood.foreseen(rated, seen, made)
    assert story.view(rated, token) == before, "looking ahead changes nothing"
    assert confirmed(rated, token, said) is None
    newest = story.view(rated, token).newest
    assert newest is not None
    assert (foreseen.verdict, foreseen.findings) == (newest.advisory.verdict, newest.advisory.findings)


def test_who_named_the_carrier_stands_with_it(rated: Application) -> None:
    token = token_of(rated, "ET 707 FRA ADD 12 Dec 2026 operated by a partner airline")
    (question,) = understood.understood(rated, token).itinerary.questions
    answer = Statement(question.code, question.segment, question.text, "Ethiopian Airlines", "Bob Brown")
    assert confirmed(rated, token, answer) is None
    assert understood.understood(rated, token).itinerary.segments[0].operator_by == "Bob Brown"
    assert confirmed(rated, token, Statement("operator", 0, "", "Lufthansa")) is None
    assert understood.understood(rated, token).itinerary.segments[0].operator_by == ""


def test_a_new_document_replaces_what_was_corrected_and_says_so(rated: Application) -> None:
    token = token_of(rated, PLAIN)
    assert confirmed(rated, token, Statement("operator", 0, "", "Lufthansa")) is None
    old = Document(LETTER.format(flights=PLAIN).encode(), "booking.txt", "text/plain")
    list(receive(rated, old, recipient="alice@example.org"))
    assert not understood.understood(rated, token).dropped, "the same document again changes nothing"
    assert understood.understood(rated, token).itinerary.told
    token_again = token_of(rated, PLAIN.replace("707", "709"))
    assert token_again == token
    seen = understood.understood(rated, token)
    assert [each.value for each in seen.dropped] == ["Lufthansa"]
    assert not seen.itinerary.told
    with reading(rated.engine) as c:
        letters = outbox.of_trip(c, seen.trip.id)
        bodies = [outbox.body(c, each.id) for each in letters]
    said = [b"taken the place of" in each for each in bodies]
    assert said == [False, False, True]
    assert confirmed(rated, token, Statement("operator", 0, "", "Lufthansa")) is None
    assert not understood.understood(rated, token).dropped


def test_what_was_told_us_still_counts_where_a_trip_is_looked_at_once_more(rated: Application) -> None:
    token = token_of(rated, PLAIN)
    assert confirmed(rated, token, Statement("flight", 0, "", "ET 709")) is None
    cancel(rated, token)
    assert take_back(rated, token)
    seen = understood.understood(rated, token)
    assert seen.itinerary.told
    assert seen.dropped == ()
