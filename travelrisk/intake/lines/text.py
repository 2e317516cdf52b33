"""Free text in English, French and Spanish: one line, or some lines that belong to one booking."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.itineraries import Locator
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside.doubts import cancellations_in
from travelrisk.intake.beside.holds import as_held
from travelrisk.intake.beside.prose import Prose, is_prose, prose_spans
from travelrisk.intake.beside.remarks import Remarks
from travelrisk.intake.decoding import blotted, decode, plain_text
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.gds.text import bookings_in, found_in
from travelrisk.intake.labelled.fields import is_grave
from travelrisk.intake.labelled.grammar import Labelled, Taken
from travelrisk.intake.limits import LINE_CHARACTERS, TEXT_CHARACTERS, is_question
from travelrisk.intake.lines.assembling import Assembly
from travelrisk.intake.lines.boarding import Boarding, boarding_in
from travelrisk.intake.lines.bookings import bookings_of, may_be_several
from travelrisk.intake.lines.leftovers import leftovers, lone_codes, snippet
from travelrisk.intake.lines.matching import beside_labelled, folded_into, without_repeats
from travelrisk.intake.lines.strangers import strangers
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.intake.words.clocks import Clock
from travelrisk.intake.words.moments import Found
from travelrisk.intake.words.spots import Spot
from travelrisk.intake.words.tokens import (
    Booking,
    Flight,
    Lexed,
    Lexer,
    Operator,
    Person,
    Token,
    without_people,
)

Segments = tuple[DraftSegment, ...]
Spans = tuple[tuple[int, int], ...]
_RUNS_OF_BLANKS = re.compile(r"[ ]{2,}")
_COLUMN = "   "  # a tab parts columns, as several blanks do
_GLUED = re.compile(
    r"(?<!\w)(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z])([0-9]{2,4})([A-Z]{3})([A-Z]{3})(?![A-Z])([0-9]{1,2}[A-Z]{3}[0-9]{0,4})?",
    re.IGNORECASE | re.ASCII,
)
_NUMBER_AFTER = re.compile(r"[ ][0-9]{1,4}(?![\w:]|[.][0-9])")
HOW = 'write carrier, flight number, route and date, for example "ET707 FRA ADD 12 Dec"'


class FreeText:
    """Reads plain text."""

    name = "text"

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book
        self._lexer = Lexer(atlas, book)
        self._labelled = Labelled(atlas, book)
        self._prose = Prose(atlas, book)
        self._remarks = Remarks(atlas, book)

    def accepts(self, document: Document) -> bool:
        """Say whether this is text of no other form; the string of a boarding pass may stand in any text."""
        return form_of(document) in {Form.TEXT, Form.BARCODE}

    def read(self, document: Document) -> Iterator[Reading]:
        """Read the text as one booking."""
        context = document.context_date
        reading = self.read_text(decode(document.content), every_word=True, context=context)
        yield replace(reading, form=form_of(document).value)

    def read_text(self, written: str, *, every_word: bool = False, context: date | None = None) -> Reading:
        """Read text that is decoded already; *every_word* and *context* as for `draft`."""
        refusal = _too_long(written)
        if refusal:
            return refused(self.name, refusal)
        whole = _with_columns(written)
        doubt, parts = "", bookings_in(whole)
        parts = parts if len(parts) > 1 else self._labelled.bookings(whole)
        if len(parts) == 1 and may_be_several(whole):
            lexed = _RUNS_OF_BLANKS.sub(" ", whole)
            parts, doubt = bookings_of(whole, lexed, self._lexer.tokens(lexed).tokens)
        read = [self.draft(part, every_word=every_word, context=context) for part in parts]
        drafts = tuple(draft for draft, _ in read if draft.segments)
        unread = tuple(filter(None, (doubt, *(line for _, lines in read for line in lines))))
        return reading_of(self.name, drafts, unread, f"No flight was found in the text: {HOW}")

    def draft(
        self,
        written: str,
        *,
        is_dated: bool = False,
        every_word: bool = False,
        context: date | None = None,
    ) -> tuple[Draft, tuple[str, ...]]:
        """Return the booking in a text, and every flight-like line of it that was not understood.

        Args:
            written: the text.
            is_dated: the day is known from elsewhere, so a flight needs no date or place beside it to be one.
            every_word: the text is the itinerary itself, so that words nobody understood are reported too.
            context: when it was written or arrived; the bar code of a boarding pass has a day and no year.
        """
        passes = boarding_in(_with_columns(written), context)
        found = found_in(passes.text, self._book, context)
        if found is None:
            return self._lines(passes, (), is_dated=is_dated, every_word=every_word)
        left = passes._replace(text=found.rest)
        is_short = is_question(passes.text)
        draft, unread = self._lines(
            left, found.segments, is_dated=is_dated, every_word=every_word, is_short=is_short
        )
        everything = tuple(dict.fromkeys((*found.unread, *unread)))
        whole = Draft(
            draft.segments,
            tuple(dict.fromkeys((*found.travellers, *draft.travellers))),
            tuple(dict.fromkeys((*found.locators, *draft.locators))),
            found.issued or draft.issued,
            everything,
        )
        return whole, everything

    def _lines(
        self, passes: Boarding, known: Segments, *, is_dated: bool, every_word: bool, is_short: bool = True
    ) -> tuple[Draft, tuple[str, ...]]:
        labelled = self._labelled.read(passes.text)
        text = self._unglued(_RUNS_OF_BLANKS.sub(" ", labelled.rest))  # columns mean nothing from here on
        lexed = self._lexer.tokens(text, is_dated=is_dated)
        is_letter = not is_dated and not is_question(text)
        has_labels = bool(labelled.segments)
        prose = prose_spans(text, lexed.tokens, is_beside_flights=has_labels) if is_letter else ()
        lexed = _outside(prose, lexed, text)
        beside = blotted(lexed.rest, prose)
        assembly = Assembly(text, lexed, is_dated=is_dated)
        beside_labels, unplaced = beside_labelled(labelled.segments, assembly.segments(), self._atlas)
        own = without_repeats(beside_labels, self._atlas)
        segments, against = passes.beside(folded_into(known, own, self._atlas), self._atlas)
        segments = as_held(passes.text, segments)
        unread = self._unread(text, lexed, assembly, beside if segments else "")
        if every_word and segments:
            # What a long record leaves over, its agency and its rules, is short and yet no question.
            is_asked = is_short or bool(own)
            missed = strangers(text, beside, lexed.tokens, self._atlas, self._book) if is_asked else ()
            said = self._told(text, segments) if is_letter or known else ()
            unread = tuple(dict.fromkeys([*unread, *(snippet(text, *span) for span in missed), *said]))
        among = self._beside(labelled) if has_labels else ()
        unread = tuple(
            dict.fromkeys([*passes.unread, *against, *labelled.unread, *unplaced, *unread, *among])
        )
        locators = dict.fromkeys(labelled.locators)
        locators |= dict.fromkeys(Locator(token.code) for token in lexed.tokens if isinstance(token, Booking))
        people = dict.fromkeys(labelled.travellers)
        people |= dict.fromkeys(token.traveller for token in lexed.tokens if isinstance(token, Person))
        for boarding in passes.drafts:
            locators |= dict.fromkeys(boarding.locators)
            people |= dict.fromkeys(boarding.travellers)
        return Draft(segments, tuple(people), tuple(locators), labelled.issued, unread), unread

    def _beside(self, labelled: Taken) -> Iterator[str]:
        """Yield what stands among labelled lines and may change their flights: all of it is about them."""
        yield from self._remarks.among(labelled.beside, labelled.segments, is_about_them=True)
        lines = (" ".join(line.split()) for line in labelled.beside.split("\n"))
        yield from (line for line in lines if is_grave(line) and not is_prose(line))

    def beside(self, written: str) -> str:
        """Return a text without flights of reservation systems or with labels, and without names of tickets.

        All that those lines say is in their segments.
        """
        text = _with_columns(written)
        found = found_in(text, self._book)
        return without_people(self._labelled.read(text if found is None else found.rest).rest)

    def has_strange_words(self, title: str) -> bool:
        """Say whether a title has words that nobody understands; a name, with a capital, is whose it is."""
        text = _RUNS_OF_BLANKS.sub(" ", plain_text(title)).strip()
        lexed = self._lexer.tokens(text, is_dated=True)
        if not is_question(text) or not any(isinstance(token, Flight) for token in lexed.tokens):
            return False
        missed = strangers(text, lexed.rest, lexed.tokens, self._atlas, self._book)
        return "?" in text or any(text[start:end].islower() for start, end in missed)

    def _told(self, text: str, segments: Segments) -> Iterator[str]:
        """Yield what a long text says beside its flights that may change them."""
        yield from self._prose.doubts(text, segments)
        yield from self._remarks.among(text, segments)
        yield from cancellations_in(text, segments)

    def _unglued(self, text: str) -> str:
        """Return the text with blanks in what was written without any: ``lh590franbo12dec``."""

        def apart(match: re.Match[str]) -> str:
            is_known = self._book.knows(match["carrier"]) and all(
                map(self._atlas.candidates, match.group(3, 4))
            )
            pieces = (match[1] + match[2], match[3].upper(), match[4].upper(), match[5])
            return " ".join(filter(None, pieces)) if is_known else match[0]

        return _GLUED.sub(apart, text)

    def _unread(self, text: str, lexed: Lexed, assembly: Assembly, beside: str) -> tuple[str, ...]:
        spans = [(token.start, token.end) for token in assembly.unused]
        spans += self._doubts(lexed.tokens, text)
        spans += leftovers(lexed.rest, self._atlas, self._book, near_flights=False)
        spans += lone_codes(beside, self._atlas)
        return tuple(dict.fromkeys(snippet(text, *span) for span in sorted(spans)))

    def _doubts(self, tokens: tuple[Token, ...], text: str) -> Iterator[tuple[int, int]]:
        """Find what was taken for an airport with a number behind it and may be a flight: ``ETH 308``."""
        for before, here, after in zip((None, *tokens), tokens, (*tokens[1:], None), strict=False):
            if not isinstance(here, Spot) or not self._book.knows(here.code):
                continue
            number = _NUMBER_AFTER.match(text, here.end)
            if number is None or (isinstance(after, Found) and after.start < number.end()):
                continue
            expected = isinstance(before, Flight | Clock) or (
                isinstance(before, Spot) and not before.is_linked
            )
            is_time = isinstance(after, Clock) and len(number[0]) == len(" 2215")
            if not (expected and is_time):
                yield here.start, number.end()


def _outside(prose: Spans, lexed: Lexed, text: str) -> Lexed:
    """Return the tokens that do not stand in prose; who operates is said there as well as beside a flight."""
    seen = blotted(text, prose)
    said = Operator | Booking | Person
    kept = (token for token in lexed.tokens if seen[token.start] != "\0" or isinstance(token, said))
    return lexed._replace(tokens=tuple(kept))


def _with_columns(written: str) -> str:
    return plain_text(written.replace("\t", _COLUMN))


def _too_long(text: str) -> str:
    if len(text) > TEXT_CHARACTERS:
        return (
            f"The text has {len(text):,} characters; {TEXT_CHARACTERS:,} are read: send the itinerary alone"
        )
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_CHARACTERS:
            return (
                f"Line {number} has {len(line):,} characters; a line of an itinerary has at most "
                f"{LINE_CHARACTERS:,}: send the itinerary alone"
            )
    return ""
