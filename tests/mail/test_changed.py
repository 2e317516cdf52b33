"""The letter of a change says what the answer is and was, why, and what to do with a ticket bought before."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.mail.reading import flat, told
from tests.mail.stories import BRAVO_REFUSED, STORIES, changed
from tests.mail.world import ADD, ALPHA, BRAVO, FRA, PLACES, carrier, facts, journey, segment
from travelrisk.domain.advisories import Finding
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.letters import compose
from travelrisk.mail.render import Letter
from travelrisk.screening import explain

CHANGED = sorted(each for each in STORIES if each.startswith("changed"))
USE = {
    Verdict.CLEARED: ("You may buy and use", "Vous pouvez acheter et utiliser", "Puede comprar y usar"),
    Verdict.CONDITIONAL: (
        "Buy or use this ticket only if",
        "N'achetez et n'utilisez ce billet que si",
        "Compre o use este billete solo si",
    ),
    Verdict.REVIEW: (
        "Do not buy or use this ticket yet",
        "N'achetez et n'utilisez pas encore",
        "No compre ni use todavía",
    ),
    Verdict.NOT_CLEARED: (
        "Do not buy or use this ticket for",
        "N'achetez pas et n'utilisez pas ce billet",
        "No compre ni use este billete",
    ),
}


def first_lines(letter: Letter) -> str:
    return flat(letter.text.split("\n\n")[0])


@pytest.mark.parametrize("story", CHANGED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_is_and_was_stands_first(story: str, language: Language) -> None:
    one = replace(STORIES[story](), demo=False)
    change = one.change
    assert change is not None
    letter = compose(one, language)
    now, was = (explain.verdict_words(each).in_language(language) for each in (change.now, change.was))
    label = letter.subject.partition("]")[0].removeprefix("[")
    assert label.casefold().startswith(now)
    if change.now is not change.was:
        assert label.endswith(was)
        assert first_lines(letter).partition(".")[0].endswith(was)
    assert USE[change.now][LANGUAGES.index(language)] in first_lines(letter)


@pytest.mark.parametrize("story", CHANGED)
def test_why_stands_in_the_first_lines(story: str) -> None:
    """The gravest new reason; where it became better, what is gone."""
    one = replace(STORIES[story](), demo=False)
    change, letter = one.change, compose(one, "en")
    assert change is not None
    reasons = change.gone if change.now < change.was else change.new
    if story == "changed-exception_begun":
        reasons = tuple(each for each in change.new if each.code == "authorised.ad_hoc")
    said = first_lines(letter)
    assert flat(explain.finding_text(reasons[0], "en")) in said if reasons else "in full" in said


@pytest.mark.parametrize("story", CHANGED)
def test_segments_that_moved_say_what_they_were_and_no_other_does(story: str) -> None:
    one, text = STORIES[story](), flat(told(story).text)
    assert one.change is not None
    assert len(re.findall(r", WAS [A-Z]", text)) == len(one.change.moved)
    for each in one.change.moved:
        now, was = (explain.verdict_words(verdict).en.upper() for verdict in (each.now, each.was))
        assert f"{now}, WAS {was}" in text


@pytest.mark.parametrize("story", CHANGED)
def test_what_is_new_and_what_holds_no_longer_is_marked(story: str) -> None:
    """A reason that an exception softens, or that has its weight again, is neither."""
    one, text = STORIES[story](), flat(told(story).text)
    assert one.change is not None
    before, middle, after = text.partition("NO LONGER HOLDS")
    changed_codes = {each.code for each in one.change.new} & {each.code for each in one.change.gone}
    weighed = changed_codes if "exception" in story else set()
    for each in one.change.new:
        assert (f"New: {flat(explain.finding_text(each, 'en'))}" in before) is (each.code not in weighed)
    assert bool(middle) is any(each.code not in weighed for each in one.change.gone)
    for each in one.change.gone:
        assert (f"[{each.code}]" in after.partition("WHAT TO DO")[0]) is (each.code not in weighed)


def test_an_exception_that_ends_is_what_the_first_lines_name() -> None:
    said = first_lines(told("changed-exception_ended"))
    assert said.index("not recommended") < said.index(
        "No longer holds: Bravo Airways (X2): exception EX-2026-7"
    )


def test_what_has_been_flown_is_told_no_more() -> None:
    text = told("changed-segment_flown").text
    assert "X1 707" not in text + told("changed-segment_flown").subject
    assert "2  X2 411" in text, "it keeps its number"


def test_a_question_about_a_flight_that_was_flown_is_asked_no_more() -> None:
    one = STORIES["changed-segment_flown"]()
    asked = replace(one.itinerary.questions[0], segment=0)
    for_the_way_back = compose(one, "en").text
    for_the_way_there = compose(replace(one, itinerary=replace(one.itinerary, questions=(asked,))), "en").text
    assert "PARTNER AIRLINE" in for_the_way_back
    assert "PARTNER AIRLINE" not in for_the_way_there


@pytest.mark.parametrize("story", CHANGED)
def test_a_ticket_already_bought_is_thought_of_without_a_promise(story: str) -> None:
    text = flat(told(story).text)
    assert "Ticket already bought?" in text
    assert ("re-routing or a refund" in text) is (STORIES[story]().advisory.verdict is not Verdict.CLEARED)
    assert not re.search(r"entitle|liab|right to|claim|law", text, re.IGNORECASE)


def test_where_the_reader_would_be_told_the_same_it_is_the_letter_of_the_verdict() -> None:
    one = facts(journey(segment()))
    assert compose(replace(one, was=one.advisory), "en") == compose(one, "en")


def test_of_too_many_segments_those_that_moved_are_shown() -> None:
    days = [date(2026, 12, 1) + timedelta(days=index) for index in range(40)]
    ends = [(FRA, ADD), (ADD, FRA)] * 20
    flights = [segment(BRAVO, str(400 + day.day), *pair, day) for day, pair in zip(days, ends, strict=True)]
    flights[33] = segment(ALPHA, "2707", *ends[33], days[33])
    refused = tuple(each for each in BRAVO_REFUSED if each.id != f"R-{ALPHA.icao}")
    before = (*refused, carrier(ALPHA, valid_until=date(2026, 11, 30)))
    text = compose(changed(journey(*flights), before, BRAVO_REFUSED), "en").text
    assert re.search(r"34  X1 2707.*\n? *.*CLEARED,\s+WAS REVIEW NEEDED", text)
    assert "More on the trip page: 28." in text


def test_a_reason_that_stays_is_told_and_not_called_new() -> None:
    one = STORIES["changed-other_conditions"]()
    stays: list[Finding] = [each for each in one.advisory.reasons() if each.code == "operating.assumed"]
    text = flat(compose(one, "en").text)
    assert f"- {flat(explain.finding_text(stays[0], 'en'))}" in text


def test_a_rating_that_changes_only_its_dates_is_no_change_of_level() -> None:
    before, after = (
        (*PLACES, carrier(ALPHA), carrier(BRAVO, valid_until=date(2026, 11, day))) for day in (25, 30)
    )
    letter = compose(changed(journey(segment(BRAVO)), before, after), "en")
    assert letter.subject.startswith("[Review needed, changed]")
    assert "ended on 30 Nov 2026" in first_lines(letter)
    assert "No longer holds: Operating carrier Bravo Airways (X2): the rating ended on 25 Nov 2026" in flat(
        letter.text
    )
