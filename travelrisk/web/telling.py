"""An advisory as a page tells it; sentences and records in the same words as in the letters."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary, Question, Severity, Traveller
from travelrisk.domain.policy import Policy
from travelrisk.domain.settling.stating import answer_of, is_answerable, is_open_ended
from travelrisk.domain.texts import Language, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import explain
from travelrisk.screening.questions import QUESTIONS
from travelrisk.telling import words as letter_words
from travelrisk.telling.foreign import visible
from travelrisk.telling.names import told
from travelrisk.telling.questions import good_until
from travelrisk.telling.reasons import Reason, Teller, noted, proofs, reasons_told
from travelrisk.telling.refusals import refusal
from travelrisk.telling.segments import RowTeller, SegmentRow, sentence_case, title

_MOST_REASONS = 300
_MOST_CHOICES = 12
_LONGEST_LINE = 300
_LONGEST_NAME = 60
_ANSWER = re.compile(r"[A-Z0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choice:
    """A possible answer.

    Attributes:
        question: what was typed with that answer in it; empty where that is unclear.
        answer: what is sent beside what was typed then; empty where that answers nothing.
    """

    label: str
    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question.

    Attributes:
        segment: the number of its segment, 0 = the whole trip.
        asked: what an answer in other words is sent for; empty where there can be none.
    """

    text: str
    segment: int
    choices: tuple[Choice, ...]
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """A segment: what the letter shows of it, and every check that found nothing against it."""

    row: SegmentRow
    checks: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """What a page shows of one itinerary and its advisory.

    Attributes:
        verdict: the verdict's word; *label* in the reader's language.
        whole: reasons about the whole trip. notes: what changes no verdict.
        has_times: whether any local time is shown.
        until: when the answer should be asked for again; None where that helps nobody.
    """

    verdict: str
    label: str
    title: str
    what_to_do: str
    travellers: tuple[str, ...]
    locators: tuple[str, ...]
    legs: tuple[Leg, ...]
    whole: tuple[Reason, ...]
    notes: tuple[str, ...]
    questions: tuple[Asked, ...]
    unread: tuple[str, ...]
    has_times: bool
    edition: int
    at: datetime
    until: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether a person must decide before anything is booked."""
        return self.verdict in {Verdict.REVIEW.word, Verdict.NOT_CLEARED.word}


def tell(  # noqa: PLR0913 - what is told, to whom, and two things known only to some pages
    itinerary: Itinerary,
    advisory: Advisory,
    policy: Policy,
    language: Language,
    *,
    reference: str = "",
    typed: str = "",
) -> Telling:
    """Tell one advisory.

    Args:
        itinerary: what was judged.
        advisory: the judgement.
        policy: says how long the answer holds.
        language: of the reader.
        reference: of the trip, where there is one.
        typed: the line that was asked about, so that a choice can be put into it.
    """
    say = letter_words.speaker(language)
    teller = Teller(say, language)
    reasons = reasons_told(advisory, len(itinerary.segments), teller, _MOST_REASONS)
    rows = RowTeller(advisory, reasons, teller, say, language)
    checks = Teller(say, language)
    return Telling(
        verdict=advisory.verdict.word,
        label=sentence_case(explain.verdict_words(advisory.verdict).in_language(language)),
        title=title(itinerary, visible(reference), say, language),
        what_to_do=letter_words.typeset(explain.what_to_do(advisory.verdict).in_language(language), language),
        travellers=tuple(filter(None, map(_name, itinerary.travellers))),
        locators=tuple(dict.fromkeys(visible(each.code)[:_LONGEST_NAME] for each in itinerary.locators)),
        legs=tuple(
            Leg(rows.row(index, segment), tuple(map(checks.reason, proofs(advisory, index))))
            for index, segment in enumerate(itinerary.segments)
        ),
        whole=reasons.by_segment.get(None, ()),
        notes=tuple(teller.sentence(finding) for finding in noted(advisory)),
        questions=tuple(_questions(itinerary, language, typed)),
        unread=tuple(refusal(line, language).text[:_LONGEST_LINE] for line in itinerary.unread),
        has_times=any(segment.departs.local for segment in itinerary.segments),
        edition=advisory.edition,
        at=advisory.at,
        until=good_until(itinerary, advisory, policy),
    )


def _name(traveller: Traveller) -> str:
    name = f"{traveller.given} {traveller.surname}".strip() or traveller.raw_name
    return visible(name)[:_LONGEST_NAME]


def _questions(itinerary: Itinerary, language: Language, typed: str) -> Iterator[Asked]:
    for question in itinerary.questions:
        if question.severity is Severity.NOTE:  # told among the notes
            continue
        number = 0 if question.segment is None else question.segment + 1
        shown = replace(
            question,
            text=visible(question.text)[:_LONGEST_LINE],
            choices=tuple(visible(each)[:_LONGEST_NAME] for each in question.choices[:_MOST_CHOICES]),
        )
        asks_last = QUESTIONS[question.code].en.endswith("{choices}")
        named = () if asks_last else tuple(told(each, language) for each in shown.choices)
        text = explain.question_text(replace(shown, choices=named), language)
        choices = tuple(_choice(shown, each, language, typed) for each in shown.choices) if asks_last else ()
        is_open = bool(typed) and is_answerable(question) and is_open_ended(question)
        yield Asked(
            letter_words.typeset(text, language), number, choices, asked_for(question) if is_open else ""
        )


def asked_for(question: Question) -> str:
    """Return what a form sends before an answer, to say which question it answers."""
    return f"{question.code}|{question.segment}|{question.text}|"


def _choice(question: Question, choice: str, language: Language, typed: str) -> Choice:
    """Put a choice into the line that was typed, if it is plain which words it stands for."""
    answer = choice.split(" ", 1)[0]
    label = told(choice, language)
    with suppress(ValueError):  # most answers are no dates
        label = day_in_words(date.fromisoformat(answer), language, weekday=True)
    wanted = re.compile(rf"(?<!\w){re.escape(question.text)}(?!\w)") if question.text else None
    if wanted is None or not _ANSWER.fullmatch(answer) or len(wanted.findall(typed)) != 1:
        can = bool(typed) and is_answerable(question)
        return Choice(label, "", asked_for(question) + answer_of(choice) if can else "")
    return Choice(label, wanted.sub(answer, typed))
