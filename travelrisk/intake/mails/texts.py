"""What the texts of a mail say: each message in them by itself, and an older one below a newer one.

Texts are read where nothing better was found; else only what the rest does not say is taken from them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside.doubts import cancellations_in, doubts_of_mail, tells_a_change
from travelrisk.intake.beside.holds import as_held
from travelrisk.intake.beside.prose import Prose
from travelrisk.intake.beside.remarks import Remarks, is_named
from travelrisk.intake.limits import is_question
from travelrisk.intake.lines.matching import is_same
from travelrisk.intake.lines.text import FreeText
from travelrisk.intake.mails.envelope import Envelope, Part
from travelrisk.intake.mails.forwards import messages_in, without_prefix
from travelrisk.intake.merging.contradictions import Parts
from travelrisk.intake.merging.folding import Belongs, fold_text
from travelrisk.intake.merging.superseding import fold_older, tells_what_is_new
from travelrisk.intake.words.relatives import uncounted

_FLIGHT_LIKE = re.compile(
    r"(?<!\w)(?:[A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})[ -]?[0-9]{2,4}(?!\w)|\b[Oo]perated\b"
)
"""What of an accompanying note is told although the flights stand in another message."""

_FEW = 4  # lines of a mail that asks about a flight, with its greeting and its signature


class Said(NamedTuple):
    """What texts add: all drafts, the lines nobody can place, and flights that a newer message replaced."""

    drafts: list[Draft]
    unread: list[str]
    superseded: tuple[DraftSegment, ...] = ()


def taken_apart(letter: Envelope) -> None:
    """Replace the texts of a letter by the messages in them, whose subjects join its own."""
    texts: list[Part] = []
    for part in letter.texts:
        for each in messages_in(part.text, part.issued):
            is_dated = part.is_dated and each.is_dated
            texts.append(replace(part, text=each.text, issued=each.issued, age=each.age, is_dated=is_dated))
            if each.subject:
                letter.subjects.append(Part(each.subject, issued=each.issued))
    letter.texts = texts
    plain = (replace(part, text=without_prefix(part.text)) for part in letter.subjects)
    letter.subjects = list({part.text: part for part in plain}.values())


class Texts:
    """Reads the texts of letters."""

    def __init__(self, atlas: Atlas, book: CarrierBook, parts: Parts) -> None:
        self._book = book
        self._parts = parts
        self._text = FreeText(atlas, book)
        self._prose = Prose(atlas, book)
        self._remarks = Remarks(atlas, book)

    def beside(self, letter: Envelope, drafts: list[Draft], belongs: Belongs | None) -> Said:
        """Return the drafts of the other parts with what the texts add."""
        pages = [part for part in letter.texts if part.is_page]
        plain = [part for part in letter.texts if not part.is_page]
        unread: list[str] = []
        replaced: tuple[DraftSegment, ...] = ()
        beside = [*pages, *plain]
        if not drafts:
            (drafts, unread, replaced), beside = self._first(plain, pages, letter.subjects)
            belongs = None
        folded: tuple[Draft, ...] = (*drafts, *_as_draft(replaced))
        for part in beside:
            is_of_one_day = all(draft.issued in {None, part.issued} for draft in folded)
            folded, lines = fold_text(folded, part.text, self._text, belongs if is_of_one_day else None)
            unread += lines
        kept = folded[: len(folded) - bool(replaced)]
        return Said(list(kept), unread, replaced)

    def held(self, letter: Envelope, drafts: Iterable[Draft]) -> list[Draft]:
        """Return the drafts, with the flights as requested that the texts call kept or provisional."""
        text = "\n\n".join(part.text for part in (*letter.texts, *letter.notes, *letter.subjects))
        return [replace(each, segments=as_held(text, each.segments)) for each in drafts]

    def doubts(self, letter: Envelope, flights: Sequence[DraftSegment]) -> Iterator[str]:
        """Yield the lines of texts and subjects that say more than the flights, once there are any."""
        if not flights:
            return
        for part in (*letter.texts, *letter.notes, *letter.subjects):
            text = self._text.beside(part.text)
            yield from doubts_of_mail(text, flights, self._book)
            yield from self._prose.doubts(text, flights)
            yield from cancellations_in(text, flights)
            yield from self._remarks.among(text, flights, is_about_them=part in letter.subjects)
        for part in letter.subjects:
            draft, _ = self._text.draft(part.text, is_dated=True)
            named = [segment for segment in draft.segments if segment.marketing_number]
            if not all(any(is_same(flight, each) for flight in flights) for each in named) or tells_a_change(
                part.text
            ):
                yield part.text

    def _first(self, *kinds: list[Part]) -> tuple[Said, list[Part]]:
        """Read the first kind of part that holds a flight: the text, the page as people see it, the subject.

        Returns:
            What is said, and the parts of the kinds behind it, which may say more.
        """
        missed: dict[str, None] = {}
        for number, parts in enumerate(kinds, 1):
            said = self._read(parts)
            if said.drafts:
                return said, [part for kind in kinds[number:-1] for part in kind]
            missed |= dict.fromkeys(said.unread)
        return Said([], list(missed)), []

    def _read(self, parts: list[Part]) -> Said:
        found: list[Draft] = []
        loose: list[str] = []
        noted: list[str] = []
        replaced: tuple[DraftSegment, ...] = ()
        is_changed = False
        for part in parts:
            reading = self._text.read_text(part.text, context=part.issued)
            drafts = [replace(draft, issued=draft.issued or part.issued) for draft in reading.drafts]
            drafts = drafts if part.is_dated else [uncounted(draft) for draft in drafts]
            is_new = tells_what_is_new(part.text)
            if part.age and found:
                found, more = fold_older(self._parts, found, drafts, is_changed=is_changed, is_new=is_new)
                replaced += more
            else:
                found = self._parts.fold(found, drafts)
            is_changed |= is_new
            unread = reading.unread or ([reading.reason] if reading.outcome is Outcome.UNREADABLE else [])
            unread = [*unread, *self._beside_flights(part, drafts)]
            (loose if drafts or reading.outcome is Outcome.UNREADABLE else noted).extend(unread)
        is_thread = any(part.age for part in parts)
        return Said(found, [*(_grave(noted) if found and is_thread else noted), *loose], replaced)

    def _beside_flights(self, part: Part, drafts: Sequence[Draft]) -> Iterator[str]:
        """Yield the flights' own lines with words nobody understood, of a mail as short as a question."""
        flights = [segment for draft in drafts for segment in draft.segments]
        lines = [line for line in part.text.split("\n") if line.strip()]
        if not flights or len(lines) > _FEW or not is_question("\n".join(lines)):
            return
        strict = self._text.read_text("\n".join(lines), every_word=True, context=part.issued)
        for line in strict.unread:
            if any(is_named(line.upper(), flight) for flight in flights):
                yield line


def _grave(lines: list[str]) -> Iterator[str]:
    """Yield what of the words around a forwarded message is more than a place or a day of its flights.

    Those are compared with the flights as all prose is; a flight or an operator is told in any case.
    """
    return (line for line in lines if _FLIGHT_LIKE.search(line))


def _as_draft(segments: tuple[DraftSegment, ...]) -> tuple[Draft, ...]:
    """Return a booking of flights that were replaced, so that a second text that names them is understood."""
    return (Draft(segments),) if segments else ()
