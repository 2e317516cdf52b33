"""Calendars: exports of trip planners, airlines and agencies, and what people enter themselves.

Hardly any source has fields for a flight. What is sure is when an event begins and ends; carrier, route and
operator are read from its texts, the label-like ones first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Status
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside.doubts import cancellations_in, doubts_of_event, is_about_travel
from travelrisk.intake.beside.prose import Prose
from travelrisk.intake.beside.remarks import Remarks
from travelrisk.intake.calendars.intents import may_be_a_flight, sends_a_carrier
from travelrisk.intake.calendars.origins import is_on_the_ground, labelled_lines, locator_of, travellers_of
from travelrisk.intake.calendars.subjects import is_of_a_flight
from travelrisk.intake.calendars.times import clock_alone, day_of, other_days, timed
from travelrisk.intake.calendars.trips import trips_of
from travelrisk.intake.calendars.vcalendar import Event, event_from, events_in
from travelrisk.intake.decoding import decode, plain_text
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.limits import MIB
from travelrisk.intake.lines.matching import is_same
from travelrisk.intake.lines.text import FreeText
from travelrisk.intake.merging.folding import fold, fold_said, in_language
from travelrisk.intake.pages.structured import reservations
from travelrisk.intake.pages.webpages import nodes_of
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.telling.calendars import PRODUCT, trip_of

_LARGEST = MIB
_SHOWN = 160
_OURS = "This is from a calendar of ours, which says what we have answered: send the booking itself"
_CANCELLED = re.compile(
    r"^\s*(?:cancel+ed|annul[ée]e?|cancelad[oa]|abgesagt|storniert)\s*:\s*", re.IGNORECASE
)
_DESIGNATOR = r"(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})[ ]?0*(?P<number>[1-9][0-9]{0,3}[A-Z]?)"
_LABELLED = re.compile(
    rf"^(?:(?:flight|vol|vuelo|flug)[ :]*)?{_DESIGNATOR}[ ,:]+"
    r"(?P<origin>[A-Z]{3})[ ]?(?:to|-+>?|/|→|>|à|a|[ ])[ ]?(?P<destination>[A-Z]{3})(?!\w)",
    re.IGNORECASE,
)
_GOOGLE = re.compile(
    rf"^(?:flight to|vol à destination de|vol vers|vuelo a|flug nach)[ ](?P<to>.+?)[ ]\({_DESIGNATOR}\)\s*$",
    re.IGNORECASE,
)
_FLIGHT_LIKE = re.compile(r"\b(?:[A-Z][A-Z0-9]|[0-9][A-Z])[ ]?[0-9]{2,4}\b")
_LOCATION_CODE = re.compile(r"(?P<name>.*?)[ (]*\b(?P<code>[A-Z]{3})\)?\s*$", re.DOTALL)
_NO_FLIGHT = re.compile(r"\[(?:Lodging|Car Rental|Directions|Rail|Restaurant|Activity|Meeting)\]")


class Calendar:
    """Reads iCalendar files and the calendar parts of mails."""

    name = "ics"

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book
        self._text = FreeText(atlas, book)
        self._prose = Prose(atlas, book)
        self._remarks = Remarks(atlas, book)

    def accepts(self, document: Document) -> bool:
        """Say whether this is a calendar."""
        return form_of(document) is Form.ICS

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a calendar; events that share a record locator become one booking."""
        if len(document.content) > _LARGEST:
            yield refused(self.name, "The calendar has more than 1 MB: export the trip alone")
            return
        gathered = _Gathered()
        try:
            for cut in events_in(decode(document.content)):
                gathered.count += 1
                try:
                    gathered.keep(event_from(cut), is_whole=cut.is_whole)
                except BadInputError as error:
                    gathered.unread.append(f"{error}: {' '.join(cut.lines)[:_SHOWN]}")
        except BadInputError as error:
            yield refused(self.name, str(error))
            return
        events = list(gathered.standing())
        others = [event for event in events if not _is_ours(event)]
        if events and not others:
            yield refused(self.name, _OURS)
            return
        unread = [*gathered.unread, *(f"{event.summary}: {_OURS}" for event in events if _is_ours(event))]
        flown: list[Draft] = []
        named: list[Draft] = []
        for event in others:
            is_labelled = self._labelled(event) is not None
            is_own = is_of_a_flight(event, self._text, self._book, is_labelled=is_labelled)
            (flown if is_own else named).append(self._draft(event, unread, is_own=is_own))
        trips = trips_of(fold([each for each in flown if each.segments], named), self._atlas)
        drafts = in_language(trips, [event.language for event in others])
        yield reading_of(self.name, drafts, tuple(dict.fromkeys(unread)), _nothing(gathered.count))

    def _draft(self, event: Event, unread: list[str], *, is_own: bool) -> Draft:
        """Return the flights of an event; what looks like a flight and is none joins *unread*."""
        whole = labelled_lines(plain_text(f"{event.summary}\n{event.location}\n{event.description}"))
        if _NO_FLIGHT.search(whole) and "[Flight]" not in whole:
            return Draft()
        if event.is_all_day or event.repeats:
            if self._is_hidden_flight(event, whole):
                what = "All day" if event.is_all_day else "Repeated"
                unread.append(f"{what}: {' '.join(whole.split())[:_SHOWN]}")
            return Draft()
        if is_on_the_ground(event):  # ICE 690 is no Icelandair
            return Draft()
        known = len(unread)
        draft = (self._flights if is_own else self._mentioned)(event, whole, unread)
        if draft.segments:
            self._add_doubts(event, whole, draft, unread, is_own=is_own)
            return self._completed(event, draft) if is_own else draft
        is_off = _status(event) is Status.CANCELLED
        if len(unread) == known and not is_off and self._is_about_travel(event, whole):
            unread.append(f"Event without a flight that is understood: {' '.join(whole.split())[:_SHOWN]}")
        return Draft()

    def _completed(self, event: Event, draft: Draft) -> Draft:
        status = _status(event)
        segments = (replace(each, status=status) if status else each for each in draft.segments)
        return replace(
            draft,
            segments=tuple(segments),
            travellers=draft.travellers or travellers_of(event),
            locators=draft.locators or locator_of(event),
        )

    def _add_doubts(self, event: Event, whole: str, draft: Draft, unread: list[str], *, is_own: bool) -> None:
        """Add what an event says beside its flights and may change them."""
        if not is_own or _status(event) is not Status.CANCELLED:
            unread += cancellations_in(f"{whole}\n{event.beside}", draft.segments)
        unread += (f"{name}: attached to the event {event.summary}, and not read" for name in event.files)
        unread += doubts_of_event(whole, draft.segments, self._book)
        if not is_own:
            return
        if self._text.has_strange_words(_CANCELLED.sub("", event.summary)):
            unread.append(" ".join(event.summary.split())[:_SHOWN])
        remarks = self._remarks.among(
            f"{whole}\n{plain_text(event.beside)}", draft.segments, is_about_them=True
        )
        for doubt in chain(self._prose.doubts(_told(event, whole), draft.segments), remarks):
            if not any(line in doubt or doubt in line for line in unread):
                unread.append(doubt)

    def _mentioned(self, event: Event, whole: str, unread: list[str]) -> Draft:
        """Return the flights that an event around a flight names; when they are, it does not say."""
        draft, lines = self._text.draft(labelled_lines(plain_text(event.description)))
        if not draft.segments:
            draft, lines = self._text.draft(whole)
        unread += lines
        return replace(draft, unread=())

    def _is_hidden_flight(self, event: Event, whole: str) -> bool:
        """Say whether what mostly is an intent, a whole day or a repeated event, may be a flight."""
        if self._text.draft(whole)[0].segments or _FLIGHT_LIKE.search(event.summary):
            return True
        title = plain_text(f"{event.summary}\n{event.location}")
        return may_be_a_flight(title, whole, day_of(event), self._atlas, self._book)

    def _is_about_travel(self, event: Event, whole: str) -> bool:
        is_coded = sends_a_carrier(plain_text(event.summary), self._atlas, self._book)
        return is_coded or is_about_travel(whole, day_of(event), self._atlas, self._book)

    def _flights(self, event: Event, whole: str, unread: list[str]) -> Draft:
        if event.reservation:
            found = reservations(nodes_of(event.reservation), self._atlas, self._book, announced=1)
            unread += found.unread
            if found.drafts:
                unread += [each.source for draft in found.drafts[1:] for each in draft.segments]
                return found.drafts[0]
        segment = self._labelled(event)
        draft, lines = self._text.draft(whole, is_dated=True)
        unread += other_days(whole, event, draft.segments)
        if segment is None:
            unread += lines
            return timed(draft, event)
        said = [each for each in draft.segments if each.departs.clock and is_same(segment, each)]
        if len(said) == 1:  # what the text says of times is compared with when the event is
            segment = replace(
                segment, departs=clock_alone(said[0].departs), arrives=clock_alone(said[0].arrives)
            )
        (kept,), strangers = fold_said([replace(draft, segments=(segment,), unread=())], draft, lines)
        unread += strangers
        return timed(kept, event)

    def _labelled(self, event: Event) -> DraftSegment | None:
        """Read the short titles that programs write; their carrier counts even if no table knows it."""
        summary = " ".join(plain_text(_CANCELLED.sub("", event.summary)).split())
        match = _LABELLED.match(summary)
        if match and self._is_pair(match):
            return DraftSegment(
                marketing_code=match["carrier"].upper(),
                marketing_number=match["number"].upper(),
                origin=match["origin"].upper(),
                destination=match["destination"].upper(),
                source=summary,
            )
        match = _GOOGLE.match(summary)
        if not match:
            return None
        origin = _LOCATION_CODE.fullmatch(" ".join(plain_text(event.location).split()))
        return DraftSegment(
            marketing_code=match["carrier"].upper(),
            marketing_number=match["number"].upper(),
            origin=origin["code"] if origin else "",
            origin_name=origin["name"].strip() if origin else event.location[:100],
            destination_name=match["to"],
            source=summary,
        )

    def _is_pair(self, match: re.Match[str]) -> bool:
        """Say whether the two words after the number are places: capitals, or codes that are known."""
        pair = (match["origin"], match["destination"])
        known = [bool(self._atlas.candidates(code)) for code in pair]
        return all(known) or (any(known) and all(code.isupper() for code in pair))


@dataclass(slots=True)
class _Gathered:
    """The newest state of each event, and what could not be kept."""

    events: dict[tuple[str, str], Event] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    count: int = 0

    def keep(self, event: Event, *, is_whole: bool) -> None:
        """Keep an event unless a later sequence of it is known; without a UID every event is its own."""
        if not is_whole:
            self.unread.append(f"The calendar is cut off: {event.summary}".rstrip(": "))
        key = (event.uid or f"event {self.count}", event.recurrence)
        known = self.events.get(key)
        if known is None or event.sequence >= known.sequence:
            self.events[key] = event

    def standing(self) -> Iterator[Event]:
        """Yield the events without those that a RECURRENCE-ID of the same UID replaces."""
        replaced = {uid for uid, recurrence in self.events if recurrence}
        for (uid, recurrence), event in self.events.items():
            if recurrence or uid not in replaced or event.repeats:
                yield event


def _is_ours(event: Event) -> bool:
    """Say whether we wrote an entry: it holds our own words on a trip, and would be its own evidence."""
    return bool(trip_of(event.uid)) or event.product == PRODUCT


def _nothing(count: int) -> str:
    if count == 0:
        return "The calendar is empty: open the trip itself and export it again"
    events = "1 event, which is" if count == 1 else f"{count} events, none of which is"
    return f"The calendar has {events} {'no' if count == 1 else 'a'} flight: export the trip itself"


def _told(event: Event, whole: str) -> str:
    """Return what an event says, without a description that a program wrote, and what stands beside it."""
    known = folded(whole)
    beside = [line for line in plain_text(event.beside).split("\n") if folded(line) not in known]
    described = plain_text(f"{event.location}\n{event.summary}") if "[Flight]" in whole else whole
    return "\n".join((described, *beside))


def _status(event: Event) -> Status | None:
    is_off = event.method == "CANCEL" or event.status == "CANCELLED" or bool(_CANCELLED.match(event.summary))
    if is_off:
        return Status.CANCELLED
    return {"CONFIRMED": Status.HELD, "TENTATIVE": Status.REQUESTED}.get(event.status)
