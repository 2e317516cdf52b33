"""Prose beside the flights: a sentence that names a place, a carrier, a day or a change nobody has booked.

"The return will be with Ethiopian from Goma instead" must not be answered as if it were not there, while fare
rules, signatures and imprints of agencies must not turn every mail into a question. So a sentence is passed
over only where all that it names belongs to a flight that was read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside import phrases
from travelrisk.intake.beside.accounted import Accounted, accounted
from travelrisk.intake.beside.mentions import Mentions
from travelrisk.intake.words.moments import dates_in
from travelrisk.intake.words.tokens import PERSON, Flight, Token

_LONGEST = 160
_PROSE_WORDS = 6
_NAME_WORDS = 6
_SENTENCE_WORDS = 2
_SIGNATURE_LINES = 10
_SMALL = re.compile(r"(?<![^\W_])[^\W\d_A-ZÀ-Þ][^\W\d_]+")
_ENDS = re.compile(r"[.!?:…]['\")\]]*[ ]*\Z")
_PAUSES = re.compile(r"[,;.!?:][ ]*\Z")
_SENTENCE = re.compile(r"(?<=[.!?;])['\")\]]*[ ]+(?=[^\W\d_a-zà-ÿ\"'(])|[ ]+[•|][ ]+")
_SIGN_OFF = re.compile(
    r"(?:\w+ ){0,4}(?:regards|sincerely|cordialement|salutations|atentamente|saludos?"
    r"|cordial(?:mente)?|cheers|yours"
    r"|truly|grussen?|saluti|cumprimentos|atenciosamente)(?: \w+){0,3}|(?:thanks|thank you|merci"
    r"|gracias|danke)"
)
_PERSON = re.compile(
    r"^\W*(?:passenger|traveller|traveler|name|voyageur|passager|nom|pasajero|viajero|nombre|reisende[r]?"
    r"|passageiro|passeggero|dear|hello|hi|bonjour|ch[eè]re?s?|estimad[oa]s?|hola|sehr geehrte[r]?|ol[áa]"
    r"|prezad[oa]|gentile|cc|attn)\b[^.!?]{0,60}[,:]",
    re.IGNORECASE,
)


class Line(NamedTuple):
    """A line of prose, put together again where a mail program broke it."""

    text: str
    is_signature: bool


def prose_spans(
    text: str, tokens: Iterable[Token], *, is_beside_flights: bool = False
) -> tuple[tuple[int, int], ...]:
    """Return the lines of a long text that are prose without a flight: no part of one stands in them.

    Args:
        text: that holds flights; without any, its prose may be about one.
        tokens: of it.
        is_beside_flights: others were taken out of it already.
    """
    flown = {text.count("\n", 0, token.start) for token in tokens if isinstance(token, Flight)}
    if not (flown or is_beside_flights):
        return ()
    spans: list[tuple[int, int]] = []
    block: list[tuple[int, int, str]] = []
    start = 0
    for number, line in enumerate([*text.split("\n"), ""]):
        if line.strip():
            block.append((number, start, line))
        else:
            spans += _prose_of_block(block, flown)
            block = []
        start += len(line) + 1
    return tuple(spans)


def _prose_of_block(block: list[tuple[int, int, str]], flown: set[int]) -> Iterator[tuple[int, int]]:
    is_about_flights = any(number in flown for number, _, _ in block)
    before = ""
    for number, start, line in block:
        is_long = len(_SMALL.findall(line)) >= _PROSE_WORDS
        begins = _PAUSES.search(before) or not line.lstrip(" \"'(-*•")[:1].islower()
        is_whole = bool(_ENDS.search(line)) and bool(begins)
        if number not in flown and is_long and (is_whole or not is_about_flights):
            yield start, start + len(line)
        before = line


def is_prose(line: str) -> bool:
    """Say whether a line has as many small words as sentences have; `Prose` judges what they say."""
    return len(_SMALL.findall(line)) >= _PROSE_WORDS


class Prose:
    """Finds the sentences of a text that say more than some flights."""

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book
        self._mentions = Mentions(atlas, book)

    def doubts(self, text: str, flights: Sequence[DraftSegment]) -> Iterator[str]:
        """Yield each sentence that names what the flights do not account for."""
        if not flights:
            return
        known = accounted(flights, self._atlas, self._book)
        for line in _lines(PERSON.sub(" ", phrases.TREATIES.sub(" ", text))):
            is_imprint = line.is_signature or bool(phrases.CONTACT.search(line.text))
            for sentence in _SENTENCE.split(line.text):
                is_name = not is_imprint and self._mentions.is_other_carrier(sentence, known)
                if is_name or self._is_doubtful(sentence, known, is_imprint=is_imprint):
                    yield " ".join(sentence.split())[:_LONGEST]

    def _is_doubtful(self, sentence: str, known: Accounted, *, is_imprint: bool) -> bool:
        travels = bool(phrases.TRAVEL.search(sentence))
        if any(pattern.search(sentence) for pattern in phrases.GRAVE):
            return not known.has_operator(sentence)
        sure = phrases.said(sentence)
        changes = travels and any(pattern.search(sure) for pattern in phrases.ABOUT_THE_JOURNEY)
        if changes or phrases.NEWS.search(sure) or phrases.UNSETTLED.search(sure):
            return True
        if self._mentions.other_carrier(sentence, known, travels=travels and not is_imprint):
            return True
        if not is_imprint and self._says_otherwise(sentence, known):
            return True
        return self._goes_elsewhere(sentence, known, travels=travels, is_imprint=is_imprint)

    def _goes_elsewhere(self, sentence: str, known: Accounted, *, travels: bool, is_imprint: bool) -> bool:
        """Say whether a sentence names a place or a day that is not of the journey."""
        if is_imprint and not self._mentions.is_led(sentence):
            return False
        if _PERSON.search(sentence) and len(sentence.split()) <= _NAME_WORDS:
            return False
        return self._mentions.other_place(sentence, known) or (travels and _has_other_day(sentence, known))

    def _says_otherwise(self, sentence: str, known: Accounted) -> bool:
        """Say whether a sentence has a flight or a code of another carrier, or a state that is not held."""
        state = phrases.STATUS.match(sentence)
        if state and not phrases.HELD.match(state["state"].strip()):
            return True
        return self._mentions.other_flight(sentence, known) or self._mentions.other_code(sentence, known)


def _has_other_day(sentence: str, known: Accounted) -> bool:
    days = [(found.moment.month, found.moment.day) for found in dates_in(sentence)]
    return bool(days) and not any(day in known.days for day in days)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, also of one that a mail program broke."""
    return (sentence for line in _lines(text) for sentence in _SENTENCE.split(line.text))


def _lines(text: str) -> Iterator[Line]:
    """Yield the lines, those together that one sentence runs through, and which of them are a signature."""
    signed = 0
    waiting: Line | None = None
    for written in text.split("\n"):
        line = written.strip(" >*_")
        goes_on = waiting and waiting.text and line[:1].islower() and not _ENDS.search(waiting.text)
        if waiting and goes_on:
            waiting = Line(f"{waiting.text} {line}", waiting.is_signature)
            continue
        if waiting:
            yield waiting
        is_closing = bool(_SIGN_OFF.fullmatch(folded(line)))
        signed = _SIGNATURE_LINES if is_closing else signed - bool(line)
        small = len(_SMALL.findall(line))
        is_short = small < _PROSE_WORDS and not (small >= _SENTENCE_WORDS and _ENDS.search(line))
        waiting = Line(line, is_closing or (signed > 0 and is_short))
    if waiting:
        yield waiting
