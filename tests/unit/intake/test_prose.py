"""Long mails: ordinary small print leaves a reading complete, one sentence that changes the journey does not.

The mails and the sentences stand in tests/cases/prose; every sentence is put into every mail.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import cycle, product
from pathlib import Path

import pytest

from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Outcome, Status
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.limits import is_question
from travelrisk.intake.registry import Readers
from travelrisk.reference import load_atlas, load_book

PROSE = Path(__file__).resolve().parents[2] / "cases" / "prose"
MAILS = sorted((PROSE / "good").glob("*.txt"))
SENTENCES = (PROSE / "dangerous.txt").read_text("utf-8").splitlines()
HELD = (PROSE / "held.txt").read_text("utf-8").splitlines()
HARMLESS = (PROSE / "harmless.txt").read_text("utf-8").splitlines()
READERS = Readers(load_atlas(), load_book())
HEADER = (
    "From: Carol <carol@example.org>\nTo: alice@example.org\nSubject: Travel\n"
    "Date: Mon, 23 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"
    "Content-Type: text/{kind}; charset=utf-8\n\n"
)


def _page(text: str) -> str:
    paragraphs = "".join(f"<p>{'<br>'.join(each.splitlines())}</p>" for each in text.split("\n\n"))
    return f"<html><body>{paragraphs}</body></html>"


FORMS: dict[str, Callable[[str], str]] = {
    "pasted": lambda text: text,
    "mail": lambda text: HEADER.format(kind="plain") + text,
    "page": lambda text: HEADER.format(kind="html") + _page(text),
}


in_every_mail = pytest.mark.parametrize(
    ("path", "form"), [*product(MAILS, FORMS)], ids=lambda each: getattr(each, "name", each)
)


def _read(form: str, text: str) -> Reading:
    (reading,) = READERS.read(Document(FORMS[form](text).encode(), "", "", date(2026, 11, 23)))
    return reading


def _flights(reading: Reading) -> list[DraftSegment]:
    return [replace(flight, source="") for draft in reading.drafts for flight in draft.segments]


def _with(text: str, sentence: str) -> str:
    """Put a sentence between two paragraphs, a different pair for each sentence."""
    blocks = text.split("\n\n")
    place = 1 + len(sentence) % (len(blocks) - 1)
    return "\n\n".join([*blocks[:place], sentence, *blocks[place:]])


@in_every_mail
def test_an_ordinary_mail_is_complete(path: Path, form: str) -> None:
    text = path.read_text("utf-8")
    assert not is_question(text)
    reading = _read(form, text)
    assert (reading.outcome, reading.unread) == (Outcome.COMPLETE, ())
    assert [len(draft.segments) for draft in reading.drafts] == [2]


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
def test_a_sentence_that_changes_the_journey_is_never_passed_over(path: Path) -> None:
    text = path.read_text("utf-8")
    before = {form: _flights(_read(form, text)) for form in FORMS}
    passed = [
        sentence
        for sentence, form in zip(SENTENCES, cycle(FORMS), strict=False)
        if (reading := _read(form, _with(text, sentence))).outcome is Outcome.COMPLETE
        and _flights(reading) == before[form]
    ]
    assert passed == []


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
def test_small_print_asks_for_no_review(path: Path) -> None:
    text = path.read_text("utf-8")
    before = {form: _flights(_read(form, text)) for form in FORMS}
    asked = {
        sentence: reading
        for sentence, form in zip(HARMLESS, cycle(FORMS), strict=False)
        if (reading := _read(form, _with(text, sentence))).outcome is not Outcome.COMPLETE
        or _flights(reading) != before[form]
    }
    assert asked == {}


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
def test_a_seat_that_is_only_kept_is_told_and_asks_nothing(path: Path) -> None:
    text = path.read_text("utf-8")
    passed = {
        sentence: reading
        for sentence, form in zip(HELD, cycle(FORMS), strict=False)
        if (reading := _read(form, _with(text, sentence))).outcome is not Outcome.COMPLETE
        or {flight.status for flight in _flights(reading)} != {Status.REQUESTED}
    }
    assert passed == {}


def test_ordinary_mails_tell_no_seat_that_is_only_kept() -> None:
    kept = {
        path.name
        for path in MAILS
        for flight in _flights(_read("pasted", path.read_text("utf-8")))
        if flight.status is Status.REQUESTED
    }
    assert kept == {"mission.en.txt", "mision.es.txt", "mission.fr.txt"}, "those say that seats are on hold"


def test_the_sentence_itself_is_shown() -> None:
    sentence = "The return on the 20th will be with Ethiopian from Goma instead."
    text = _with(MAILS[0].read_text("utf-8"), sentence)
    assert sentence in _read("pasted", text).unread
    assert sentence in _read("mail", text).unread
